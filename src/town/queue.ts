import { type CheckResult, firstFailure } from './check.ts';
import {
  type Flaky,
  type Reruns,
  fade,
  flipOf,
  forgotten,
  isAllKnown,
  learnFlip,
  learnRerun,
  noReruns,
} from './flaky.ts';
import type { CommitId, Instant, RequestId } from './ids.ts';
import type { Link } from './link.ts';
import type { Reason } from './reason.ts';
import { type Trace, type TraceEvent, foldTraces } from './trace.ts';
import { type Outcomes, learn, noOutcomes } from './failureRate.ts';
import { type Aftermath, type AftermathEvent, foldAftermath, noAftermath } from './aftermath.ts';
import { type PushEvent, type Unpushed, foldPush } from './unpushed.ts';

/** A line of requests merged in order onto a target, without a checkout. */
export interface Chain {
  /** Where the target stood; it lands by compare-and-swap from there. */
  readonly onto: CommitId;
  /** What the first of the line was merged onto: the target, or its remote's tip where that is ahead. */
  readonly base: CommitId;
  readonly baseTree: string;
  readonly links: readonly Link[];
  /** By what a proof is told from others of the same tree: the checks and the tools that ran. */
  readonly basis: string;
}

/** What one run of the checks on a tip gave. */
export interface Run {
  readonly outcome: 'green' | 'red';
  readonly checks: readonly CheckResult[];
  /** Nothing ran: the same tree was proven before. */
  readonly known: boolean;
  readonly at: Instant;
}

/**
 * Requests that are proven together. Lengths count from the front of the line, and 0 is the target alone: a run of
 * length n tests the target with the first n on it. Green so far is the longest that passed, red the shortest that did
 * not; where one follows the other, the last of the red is the culprit, tested on exactly what would have landed.
 */
export interface Batch {
  /** Grows; what comes late of an older one changes nothing. */
  readonly id: number;
  readonly target: string;
  /** Hash of the checks that were confirmed when it was formed; null: none. */
  readonly checks: string | null;
  readonly line: readonly RequestId[];
  /** False: one request is proven ahead, while nobody has said yes to it. */
  readonly lands: boolean;
  /** Null until it was merged. */
  readonly chain: Chain | null;
  readonly green: number;
  readonly red: number | null;
  readonly landed: number;
  /** So many are landing just now. */
  readonly landing: number | null;
  /** Lengths under test, ascending. */
  readonly running: readonly number[];
  /** What a run under test does just now, for people: the name of its check. */
  readonly steps: Readonly<Record<number, string>>;
  /** Since when each is under test; absent: not known. */
  readonly started?: Readonly<Record<number, Instant>>;
  readonly runs: Readonly<Record<number, Run>>;
  /** Lengths whose red run was doubted and made once more on the same tree. */
  readonly doubts: Readonly<Record<number, Doubt>>;
  readonly at: Instant;
}

/** A red result that was worth another run. */
export interface Doubt {
  readonly failed: CheckResult;
  readonly times: number;
}

/** A tree whose checks were green. */
export interface Proof {
  readonly tree: string;
  readonly basis: string;
  readonly checks: readonly CheckResult[];
  readonly at: Instant;
}

/** By whom and why nothing new is proven and nothing lands. */
export interface Pause {
  /** Null: a person said so. Else what the queue found, which a person has to mend. */
  readonly reason: Reason | null;
  readonly at: Instant;
}

/** A batch that is over, for the history. */
export interface PastBatch {
  readonly id: number;
  readonly landed: readonly RequestId[];
  readonly culprit: RequestId | null;
  /** What it gave to the forge; absent: nothing. */
  readonly offered?: readonly RequestId[];
  /** Runs of the checks it took. */
  readonly runs: number;
  readonly began: Instant;
  readonly ended: Instant;
}

export interface Queue {
  readonly nextBatch: number;
  readonly batch: Batch | null;
  readonly paused: Pause | null;
  /** Absent or null: nothing that landed waits to be pushed. */
  readonly unpushed?: Unpushed | null;
  /** What is known of the target itself; absent: nothing. */
  readonly aftermath?: Aftermath;
  /** When a person last had it looked at what became of what it gave away; absent: never. */
  readonly asked?: Instant;
  /** Newest last. */
  readonly proofs: readonly Proof[];
  readonly outcomes: Outcomes;
  /** What failed and passed on one tree; absent in states of before. */
  readonly flaky?: Flaky;
  readonly reruns?: Reruns;
  /** Newest last. */
  readonly past: readonly PastBatch[];
  /** Runs of batches that decided nothing, which the next one counts as its own; absent: none. */
  readonly untold?: number;
  /** Culprits that are looked into while nothing else is to be proven; absent: none. */
  readonly traces?: readonly Trace[];
  /** Each green alone and red together, the later one first; newest last. Absent: none found. */
  readonly pairs?: readonly Pair[];
  /** Names of settlements of conflicts that did not hold; newest last. Absent: none. */
  readonly disowned?: readonly string[];
}

export interface Pair {
  readonly request: RequestId;
  readonly with: RequestId;
}

export const emptyQueue: Queue = {
  nextBatch: 1,
  batch: null,
  paused: null,
  proofs: [],
  outcomes: noOutcomes,
  past: [],
};

const mostProofs = 60;
const mostPast = 200;
const mostPairs = 50;
const mostDisowned = 100;

export type QueueEvent = { readonly at: Instant } & (
  | {
      readonly type: 'batch.formed';
      readonly batch: number;
      readonly target: string;
      readonly checks: string | null;
      readonly line: readonly RequestId[];
      readonly lands: boolean;
    }
  /** Merged in memory; the line is what could be merged. */
  | { readonly type: 'batch.assembled'; readonly batch: number; readonly chain: Chain }
  | { readonly type: 'batch.running'; readonly batch: number; readonly running: readonly number[] }
  | {
      readonly type: 'batch.step';
      readonly batch: number;
      readonly length: number;
      readonly step: string;
    }
  | { readonly type: 'batch.ran'; readonly batch: number; readonly length: number; readonly run: Run }
  /** Its last run is doubted and made once more. */
  | { readonly type: 'batch.doubted'; readonly batch: number; readonly length: number }
  /** A person said yes to what was being proven ahead. */
  | { readonly type: 'batch.lands'; readonly batch: number }
  | { readonly type: 'batch.landing'; readonly batch: number; readonly length: number }
  /** `push`: what landed is to be pushed, and nothing that landed before it by itself. */
  | { readonly type: 'batch.landed'; readonly batch: number; readonly length: number; readonly push?: true }
  /** `offered`: so many from the front of the line are the forge's now; absent: none. */
  | {
      readonly type: 'batch.ended';
      readonly batch: number;
      readonly culprit: RequestId | null;
      readonly offered?: number;
    }
  /** A person wants to know at once what became of what was given away. */
  | { readonly type: 'queue.asked' }
  /** What was settled as before failed its checks: it is not settled so again. */
  | {
      readonly type: 'queue.disowned';
      readonly request: RequestId;
      readonly lessons: readonly string[];
    }
  | { readonly type: 'queue.paused'; readonly reason: Reason | null }
  | { readonly type: 'queue.resumed' }
  | { readonly type: 'flaky.forgotten'; readonly check: string; readonly test: string | null }
  | PushEvent
  | TraceEvent
  | AftermathEvent
);

export function foldQueue(queue: Queue, event: QueueEvent): Queue {
  switch (event.type) {
    case 'queue.paused':
      return { ...queue, paused: { reason: event.reason, at: event.at } };
    case 'queue.asked':
      return { ...queue, asked: event.at };
    case 'queue.disowned':
      return { ...queue, disowned: [...(queue.disowned ?? []), ...event.lessons].slice(-mostDisowned) };
    case 'queue.resumed':
      return { ...queue, paused: null, ...triedAgain(queue) };
    case 'flaky.forgotten':
      return { ...queue, flaky: forgotten(queue.flaky ?? {}, event) };
    case 'queue.pushed':
    case 'queue.notPushed':
      return { ...queue, unpushed: foldPush(queue.unpushed ?? null, event) };
    case 'trace.began':
    case 'trace.running':
    case 'trace.ran':
    case 'trace.ended':
      return { ...queue, traces: foldTraces(queue.traces ?? [], event), pairs: pairsAfter(queue, event) };
    case 'target.proven': {
      const { tree, basis, checks, at } = event;
      return { ...queue, proofs: [...queue.proofs, { tree, basis, checks, at }].slice(-mostProofs) };
    }
    case 'target.unsure':
    case 'target.looking':
    case 'target.green':
    case 'target.red':
    case 'target.reverting':
    case 'target.reverted':
      return { ...queue, aftermath: foldAftermath(queue.aftermath ?? noAftermath, event) };
    case 'batch.formed':
      return { ...queue, nextBatch: event.batch + 1, batch: newBatch(event) };
    default: {
      const { batch } = queue;
      return batch?.id === event.batch ? foldBatch(queue, batch, event) : queue;
    }
  }
}

type Of<T extends QueueEvent['type']> = Extract<QueueEvent, { readonly type: T }>;
type InBatch = Exclude<
  QueueEvent,
  {
    readonly type:
      | 'batch.formed'
      | 'queue.paused'
      | 'queue.resumed'
      | 'flaky.forgotten'
      | 'queue.asked'
      | 'queue.disowned'
      | TraceEvent['type']
      | AftermathEvent['type']
      | PushEvent['type'];
  }
>;

/** A person mended what kept it from the remote. */
function triedAgain({ unpushed }: Queue): Pick<Queue, 'unpushed'> {
  return unpushed == null ? {} : { unpushed: { ...unpushed, tries: 0, why: null } };
}

/** What landed was proven, and the target is that now. */
function mended({ aftermath }: Queue): Pick<Queue, 'aftermath'> {
  return aftermath?.red == null ? {} : { aftermath: { ...aftermath, red: null } };
}

function toPush(batch: Batch, { length, push, at }: Of<'batch.landed'>): Pick<Queue, 'unpushed'> {
  const commit = commitOf(batch, length);
  if (push === undefined || commit === null) return {};
  return { unpushed: { target: batch.target, commit, since: at, tries: 0, why: null } };
}

function pairsAfter({ pairs = [] }: Queue, event: TraceEvent): readonly Pair[] {
  if (event.type !== 'trace.ended' || event.with === null) return pairs;
  return [...pairs, { request: event.request, with: event.with }].slice(-mostPairs);
}

function newBatch({ batch: id, target, checks, line, lands, at }: Of<'batch.formed'>): Batch {
  const nothing = {
    green: 0,
    red: null,
    landed: 0,
    landing: null,
    running: [],
    steps: {},
    runs: {},
    doubts: {},
  };
  return { id, target, checks, line, lands, chain: null, ...nothing, at };
}

function foldBatch(queue: Queue, batch: Batch, event: InBatch): Queue {
  const changed = (changes: Partial<Batch>): Queue => ({ ...queue, batch: { ...batch, ...changes } });
  switch (event.type) {
    case 'batch.assembled':
      return changed({ chain: event.chain, line: event.chain.links.map(({ request }) => request) });
    case 'batch.running':
      return changed({
        running: event.running,
        steps: only(batch.steps, event.running),
        started: startedBy(batch, event),
      });
    case 'batch.step':
      return changed({ steps: { ...batch.steps, [event.length]: event.step } });
    case 'batch.doubted':
      return changed(doubted(batch, event));
    case 'batch.lands':
      return changed({ lands: true });
    case 'batch.landing':
      return changed({ landing: event.length });
    case 'batch.landed': {
      const { length } = event;
      const landed = length - batch.landed;
      return {
        ...changed({ landed: length, landing: null }),
        outcomes: learn(queue.outcomes, landed, 0),
        ...toPush(batch, event),
        ...mended(queue),
      };
    }
    case 'batch.ran':
      return ran(queue, batch, event);
    case 'batch.ended':
      return ended(queue, batch, event);
  }
}

function only(steps: Batch['steps'], lengths: readonly number[]): Batch['steps'] {
  return Object.fromEntries(Object.entries(steps).filter(([length]) => lengths.includes(Number(length))));
}

function doubted(batch: Batch, { length }: Of<'batch.doubted'>): Partial<Batch> {
  const failed = firstFailure(batch.runs[length]?.checks ?? []);
  if (failed === null) return {};
  const runs = Object.fromEntries(Object.entries(batch.runs).filter(([one]) => Number(one) !== length));
  const doubt = { failed, times: (batch.doubts[length]?.times ?? 0) + 1 };
  return { runs, red: redOf(runs, batch.green), doubts: { ...batch.doubts, [length]: doubt } };
}

function startedBy(batch: Batch, { running, at }: Of<'batch.running'>): NonNullable<Batch['started']> {
  const since = (length: number): Instant =>
    batch.running.includes(length) ? (batch.started?.[length] ?? at) : at;
  return Object.fromEntries(running.map((length) => [length, since(length)]));
}

/** A longer tip that passes outweighs a shorter one that did not: it is what lands. */
function redOf(runs: Batch['runs'], green: number): number | null {
  const red = Object.entries(runs).flatMap(([length, { outcome }]) =>
    outcome === 'red' && Number(length) > green ? [Number(length)] : [],
  );
  return red.length === 0 ? null : Math.min(...red);
}

function ran(queue: Queue, batch: Batch, { length, run }: Of<'batch.ran'>): Queue {
  const running = batch.running.filter((one) => one !== length);
  const isGreen = run.outcome === 'green';
  const green = isGreen ? Math.max(batch.green, length) : batch.green;
  const runs = { ...batch.runs, [length]: run };
  const red = redOf(runs, green);
  const tree = treeOf(batch, length);
  const { basis = '' } = batch.chain ?? {};
  const proof =
    isGreen && !run.known && tree !== null ? { tree, basis, checks: run.checks, at: run.at } : null;
  return {
    ...queue,
    ...learned(queue, batch, length, run),
    batch: { ...batch, green, red, running, runs, steps: only(batch.steps, running) },
    proofs: proof === null ? queue.proofs : [...queue.proofs, proof].slice(-mostProofs),
  };
}

/** What a doubted result and the run after it tell of the tests that fell. */
function learned(queue: Queue, batch: Batch, length: number, run: Run): Pick<Queue, 'flaky' | 'reruns'> {
  const doubt = batch.doubts[length];
  const tree = treeOf(batch, length);
  if (doubt === undefined || tree === null) return {};
  const { flaky = {}, reruns = noReruns } = queue;
  const { failed } = doubt;
  const second = firstFailure(run.checks) ?? run.checks.find(({ name }) => name === failed.name);
  const flip = second === undefined ? null : flipOf(failed, second, { tree, at: run.at });
  const tells = run.outcome === 'green' && !isAllKnown(flaky, failed);
  return {
    flaky: flip === null ? flaky : learnFlip(flaky, flip),
    reruns: tells ? learnRerun(reruns, 'flaky') : reruns,
  };
}

/** The culprit's failure held, however often it ran; one that nobody doubted tells nothing. */
function heldOf({ flaky = {}, reruns = noReruns }: Queue, batch: Batch, culprit: RequestId | null): Reruns {
  if (culprit === null) return reruns;
  const doubt = batch.doubts[batch.line.indexOf(culprit) + 1];
  if (doubt === undefined) return fade(reruns);
  return isAllKnown(flaky, doubt.failed) ? reruns : learnRerun(reruns, 'steady');
}

function ended(queue: Queue, batch: Batch, { culprit, offered = 0, at }: Of<'batch.ended'>): Queue {
  const isKnown = culprit !== null || batch.landed > 0 || offered > 0;
  const runs = runsOf(batch) + (queue.untold ?? 0);
  const past: PastBatch = {
    id: batch.id,
    landed: batch.line.slice(0, batch.landed),
    culprit,
    ...(offered > 0 ? { offered: batch.line.slice(0, offered) } : {}),
    runs,
    began: batch.at,
    ended: at,
  };
  return {
    ...queue,
    batch: null,
    reruns: heldOf(queue, batch, culprit),
    outcomes: learn(queue.outcomes, offered, culprit === null ? 0 : 1),
    past: isKnown ? [...queue.past, past].slice(-mostPast) : queue.past,
    untold: isKnown ? 0 : runs,
  };
}

/** How many runs of the checks it took so far. */
export function runsOf({ runs, doubts }: Pick<Batch, 'runs' | 'doubts'>): number {
  const made = Object.values(runs).filter(({ known }) => !known).length;
  return Object.values(doubts).reduce((all, { times }) => all + times, made);
}

/** Of a tip of a batch; null: it was not merged yet, or has no such length. */
export function treeOf({ chain }: Pick<Batch, 'chain'>, length: number): string | null {
  return length === 0 ? (chain?.baseTree ?? null) : (chain?.links[length - 1]?.tree ?? null);
}

export function commitOf({ chain }: Pick<Batch, 'chain'>, length: number): CommitId | null {
  return length === 0 ? (chain?.base ?? null) : (chain?.links[length - 1]?.commit ?? null);
}

/** What is run for a request just now, of the shortest run that holds it; null: nothing. */
export function stepOf({ queue: { batch } }: { readonly queue: Queue }, request: RequestId): string | null {
  const place = batch?.line.indexOf(request) ?? -1;
  const length = place < 0 ? undefined : batch?.running.find((one) => one > place);
  return length === undefined ? null : (batch?.steps[length] ?? null);
}
