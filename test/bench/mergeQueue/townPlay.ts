import { actionKey } from '../../../src/town/action.ts';
import type { CheckResult } from '../../../src/town/check.ts';
import type { Command } from '../../../src/town/command.ts';
import { type Reruns, noReruns } from '../../../src/town/flaky.ts';
import { type BeadId, type CommitId, type RequestId, parseCommitId } from '../../../src/town/ids.ts';
import type { Link } from '../../../src/town/link.ts';
import { commitOf } from '../../../src/town/queue.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { type RigState, emptyRig } from '../../../src/town/state.ts';
import { step } from '../../../src/town/step.ts';
import { plainDraft, rigId } from '../../fakes/events.ts';
import type { Played, Queue } from './play.ts';

type Word = Command extends infer C ? (C extends unknown ? Omit<C, 'at'> : never) : never;
type TownQueue = Pick<Queue, 'fails' | 'slots' | 'outcomes'> & {
  /** What came of suspects before; absent: there were none. */
  readonly reruns?: Reruns;
};

interface Run {
  readonly batch: number;
  readonly length: number;
  readonly key: string;
  readonly ends: number;
}

export interface TownPlayed extends Omit<Played, 'outcomes'> {
  readonly landed: readonly number[];
  /** Of the runs, those of the target alone, and those of a suspect once more. */
  readonly ofTarget: number;
  readonly again: number;
}

const commitAt = (n: number): CommitId => {
  const found = parseCommitId(n.toString(16).padStart(40, '0'));
  if (found === null) throw new Error('no commit');
  return found;
};
const beadAt = (n: number): BeadId => `gt-${String(n).padStart(5, '0')}` as BeadId;
const requestAt = (n: number): RequestId => `mr-${String(n).padStart(5, '0')}` as RequestId;
const passed: CheckResult = {
  ...{ name: 'test', outcome: 'passed', exitCode: 0, durationMs: 1_000, outputFile: null },
};
const failed: CheckResult = { ...passed, outcome: 'failed', exitCode: 1 };
const target = commitAt(1);
/** A run takes so long; the town's clock moves by whole ones. */
const runMs = 60_000;

/** As `Play`, but decided by the whole town: what enters, is proven, lands and goes back is told by `step` alone. */
export class TownPlay {
  readonly #queue: TownQueue;
  readonly #commits = new Map<string, CommitId>();
  /** Requests in each commit that was made. */
  readonly #held = new Map<CommitId, readonly number[]>([[target, []]]);
  readonly #begun = new Set<string>();
  readonly #counts = { runs: 0, ofTarget: 0, again: 0 };
  #state: RigState;
  #target = target;
  #now = 0;
  #running: readonly Run[] = [];

  constructor(queue: TownQueue) {
    this.#queue = queue;
    this.#state = entered(queue.fails.length);
    const learned = { ...this.#state.queue, outcomes: queue.outcomes, reruns: queue.reruns ?? noReruns };
    this.#state = { ...this.#state, queue: learned };
  }

  all(): TownPlayed {
    this.#say({ type: 'resumeQueue' });
    while (!this.#isOver()) this.#go();
    const numbers = (stage: string): readonly number[] =>
      this.#queue.fails.flatMap((_, n) => (this.#state.requests[requestAt(n)]?.stage === stage ? [n] : []));
    return {
      ...this.#counts,
      elapsed: this.#now,
      culprits: numbers('failed'),
      landed: numbers('landed'),
    };
  }

  #isOver(): boolean {
    return Object.values(this.#state.requests).every(({ stage }) => stage === 'landed' || stage === 'failed');
  }

  #go(): void {
    const { slots } = this.#queue;
    const queue = { ...defaultQueueSettings, slots };
    this.#say({ type: 'tick', seats: [], maxPolecats: 0, queue });
    const { batch } = this.#state.queue;
    if (batch === null && !this.#isOver()) throw new Error('the queue stands still');
    if (batch === null) return;
    if (batch.chain === null) this.#assemble();
    else if (batch.landing !== null) this.#land(batch.landing);
    else {
      this.#start();
      this.#end();
    }
  }

  #assemble(): void {
    const { batch } = this.#state.queue;
    const links: Link[] = [];
    for (const request of batch?.line ?? []) {
      const commit = this.#merged(links.at(-1)?.commit ?? this.#target, request);
      links.push({ request, commit, tree: `tree of ${commit}` });
    }
    const chain = { onto: this.#target, base: this.#target, links, basis: 'b' };
    this.#say({
      type: 'assembled',
      batch: batch?.id ?? 0,
      chain: { ...chain, baseTree: `tree of ${this.#target}` },
      ...{ conflicts: [], postponed: [], contained: [], maxRounds: 3 },
    });
  }

  #merged(onto: CommitId, request: RequestId): CommitId {
    const key = `${onto} ${request}`;
    const commit = this.#commits.get(key) ?? commitAt(1_000 + this.#commits.size);
    this.#commits.set(key, commit);
    this.#held.set(commit, [...(this.#held.get(onto) ?? []), Number(request.slice(3))]);
    return commit;
  }

  #land(length: number): void {
    const { batch } = this.#state.queue;
    const commit = batch === null ? null : commitOf(batch, length);
    if (batch === null || commit === null) throw new Error('nothing is to land');
    this.#target = commit;
    this.#say({ type: 'landed', batch: batch.id, length });
  }

  #start(): void {
    const { batch } = this.#state.queue;
    if (batch === null) return;
    const due = batch.running.map((length) => {
      const rerun = batch.doubts[length]?.times ?? 0;
      const key = actionKey({ type: 'proveTip', batch: batch.id, length, rerun });
      return { batch: batch.id, length, key, rerun };
    });
    for (const { key, length, rerun } of due)
      if (!this.#begun.has(key)) {
        this.#begun.add(key);
        this.#counts.runs += 1;
        if (length === 0) this.#counts.ofTarget += 1;
        if (rerun > 0) this.#counts.again += 1;
      }
    const before = new Map(this.#running.map((run) => [run.key, run]));
    this.#running = due.map((run) => before.get(run.key) ?? { ...run, ends: this.#now + 1 });
  }

  /** What ends first is heard alone, the shorter line of two. */
  #end(): void {
    const [first, ...others] = this.#running.toSorted((a, b) => a.ends - b.ends || a.length - b.length);
    const { batch } = this.#state.queue;
    const commit = first === undefined || batch === null ? null : commitOf(batch, first.length);
    if (first === undefined || commit === null) throw new Error('nothing runs');
    this.#now = first.ends;
    this.#running = others;
    const isRed = this.#held.get(commit)?.some((n) => this.#queue.fails[n]) === true;
    this.#say({ type: 'ran', batch: first.batch, length: first.length, checks: [isRed ? failed : passed] });
  }

  #say(word: Word): void {
    this.#state = said(this.#state, word, 1_000_000 + this.#now * runMs);
  }
}

function said(state: RigState, word: Word, at: number): RigState {
  const result = step(state, { ...word, at });
  if (!result.ok) throw new Error(`${word.type} was refused: ${JSON.stringify(result.refusal)}`);
  return result.state;
}

const rigs = new Map<number, RigState>();

/** A town with so many approved branches in a queue that stands still; made once for each number. */
function entered(count: number): RigState {
  const state = rigs.get(count) ?? words(count).reduce((town, word) => said(town, word, 1_000_000), emptyRig);
  rigs.set(count, state);
  return state;
}

function words(count: number): readonly Word[] {
  const definitions = [{ name: 'test', command: 'npm', args: ['test'], timeoutMs: runMs }];
  const numbers = Array.from({ length: count }, (_, n) => n);
  return [
    { type: 'adoptRig', id: rigId, name: 'sample', commonDir: '/sample/.git', target: 'main' },
    { type: 'confirmChecks', checks: { definitions, hash: 'h', confirmedAt: 0 } },
    { type: 'pauseQueue' },
    ...numbers.flatMap((n): Word[] => [
      {
        ...{ type: 'enterBranch', request: requestAt(n), bead: beadAt(n), branch: `work${String(n)}` },
        draft: { ...plainDraft, title: `Branch ${String(n)}` },
        evidence: {
          ...{ commit: commitAt(100 + n), tree: `own tree ${String(n)}`, base: target },
          ...{ files: [`${String(n)}.txt`], insertions: 1, deletions: 0, checks: [] },
          ...{ committedForAgent: false, summary: '', at: 0 },
        },
      },
      { type: 'approve', request: requestAt(n) },
    ]),
  ];
}
