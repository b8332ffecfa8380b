import { type CheckResult, failureFacts, firstFailure } from '../check.ts';
import { failureRate } from '../failureRate.ts';
import { isAlike, isSuspect, noReruns } from '../flaky.ts';
import type { RequestId } from '../ids.ts';
import { isByMachine } from '../settled.ts';
import type { MergeRequest } from '../mergeRequest.ts';
import { type Batch, commitOf } from '../queue.ts';
import { inOrder } from '../queueOrder.ts';
import { type QueueSettings, defaultQueueSettings } from '../queueSettings.ts';
import { type Reason, reason } from '../reason.ts';
import { everyProbe, lineLength, probes } from '../search.ts';
import { advanceAftermath } from './aftermath.ts';
import { dissolve, end, stopFor } from './batch.ts';
import type { Draft } from './draft.ts';
import { giveBack, moveRequest } from './landing.ts';
import { advanceTraces, beginTrace } from './trace.ts';

/** Takes the queue on by what is known and free. */
export function advanceQueue(draft: Draft, settings: QueueSettings = defaultQueueSettings): void {
  leaveOld(draft);
  const { batch, paused } = draft.state.queue;
  if (paused !== null) {
    const { afterLanding = 'off' } = settings;
    advanceAftermath(draft, afterLanding, batch === null && paused.reason?.code === 'target_red');
    if (batch !== null && batch.landing === null) dissolve(draft, batch);
    return;
  }
  if (batch !== null) advance(draft, batch, settings);
  const now = draft.state.queue;
  if (now.batch === null && now.paused === null) form(draft, settings);
  const isIdle = draft.state.queue.batch === null;
  advanceAftermath(draft, settings.afterLanding ?? 'off', isIdle && now.paused === null);
  advanceTraces(draft, isIdle);
}

/** Requests that a queue without batches left in the middle of something. */
function leaveOld(draft: Draft): void {
  const line = draft.state.queue.batch?.line ?? [];
  for (const { id, stage } of draft.depot.requests.values())
    if ((stage === 'proving' || stage === 'landing') && !line.includes(id)) moveRequest(draft, id, 'queued');
}

function form(draft: Draft, settings: QueueSettings): void {
  const open = [...draft.depot.requests.values()];
  const inLine = open.filter(({ stage }) => stage !== 'ready' && stage !== 'offered');
  const said = inLine.filter(({ approval }) => approval !== null);
  const rate = failureRate(draft.state.queue.outcomes);
  const ordered = inOrder(draft.state, said.length > 0 ? said : unproven(open), draft.at);
  const isAlone = said.length === 0 || settings.style === 'pullRequest';
  const length = isAlone ? 1 : lineLength(ordered.length, { slots: settings.slots, rate });
  const line = ordered.slice(0, length).map(({ id }) => id);
  const { rig } = draft.state;
  // Without checks of its own it would land whatever comes; the question which they are stands in *Needs You*.
  if (line.length === 0 || rig?.checks == null) return;
  const { nextBatch: batch } = draft.state.queue;
  const { target, checks } = rig;
  const lands = said.length > 0;
  const formed = { batch, target, checks: checks.hash, line, lands, at: draft.at };
  draft.emit({ type: 'batch.formed', ...formed });
  for (const request of line) moveRequest(draft, request, 'proving', draft.state.requests[request]?.reason);
}

/** While nobody says yes to anything, one at a time is proven ahead. */
function unproven(open: readonly MergeRequest[]): readonly MergeRequest[] {
  return open.filter(({ stage }) => stage === 'queued');
}

function advance(draft: Draft, batch: Batch, settings: QueueSettings): void {
  if (isTorn(draft, batch) || isChain(batch, settings)) {
    dissolve(draft, batch);
    return;
  }
  if (batch.chain === null) return;
  if (batch.line.length === 0) {
    end(draft, batch);
    return;
  }
  if (!batch.lands && draft.state.requests[batch.line[0] ?? ('' as RequestId)]?.approval !== null)
    draft.emit({ type: 'batch.lands', batch: batch.id, at: draft.at });
  const now = draft.state.queue.batch ?? batch;
  const known = knownOf(now, settings);
  if (!now.lands && known.green === now.line.length) {
    provenAhead(draft, now);
    return;
  }
  if (now.lands && now.landing === null && known.green > now.landed) {
    if (settings.style === 'pullRequest') {
      offer(draft, now);
      return;
    }
    land(draft, now, known.green);
  }
  const then = draft.state.queue.batch ?? now;
  if (then.landed === then.line.length) {
    end(draft, then);
    return;
  }
  if (known.red !== null && known.red === known.green + 1) {
    settle(draft, then, known.red, settings);
    return;
  }
  run(draft, then, wanted(draft, then, known, settings));
}

/** Somebody left it, or it was made for another target or by other checks. What lands just now is let land. */
function isTorn({ state }: Draft, batch: Batch): boolean {
  if (batch.landing !== null) return false;
  const left = batch.line.slice(batch.landed).some((id) => state.requests[id]?.stage !== 'proving');
  const { target, checks } = state.rig ?? { target: null, checks: null };
  return left || batch.target !== target || batch.checks !== (checks?.hash ?? null);
}

/** The forge merges each by itself, in whatever order: what was proven on top of others would prove nothing there. */
function isChain({ line, landing }: Batch, { style }: QueueSettings): boolean {
  return style === 'pullRequest' && line.length > 1 && landing === null;
}

/** What of a line is proven, and what is known to fail; where each commit is tested, only as far as each was. */
function knownOf({ green, red, line, runs, landed }: Batch, { everyCommitGreen }: QueueSettings): Known {
  if (!everyCommitGreen) return { green, red };
  let length = landed;
  while (runs[length + 1]?.outcome === 'green') length += 1;
  const failed = line.findIndex((_, index) => index >= length && runs[index + 1]?.outcome === 'red');
  return { green: length, red: failed < 0 ? null : failed + 1 };
}
type Known = Pick<Batch, 'green' | 'red'>;

function land(draft: Draft, batch: Batch, length: number): void {
  for (let place = batch.landed + 1; place <= length; place += 1) propose(draft, batch, place, length);
  draft.emit({ type: 'batch.landing', batch: batch.id, length, at: draft.at });
  for (const request of batch.line.slice(batch.landed, length)) moveRequest(draft, request, 'landing');
}

/** Nothing is merged here: what is proven is the forge's to merge. */
function offer(draft: Draft, batch: Batch): void {
  const [request] = batch.line;
  if (request === undefined) return;
  propose(draft, batch, 1, 1);
  draft.emit({ type: 'request.offered', request, target: batch.target, at: draft.at });
  end(draft, batch, null, null, 1);
}

/** What would land of one of the line, and the run that proved it. */
function propose(draft: Draft, batch: Batch, place: number, length: number): void {
  const request = batch.line[place - 1];
  const commit = commitOf(batch, place);
  const onto = commitOf(batch, place - 1);
  const tip = commitOf(batch, length);
  if (request === undefined || commit === null || onto == null || tip === null) return;
  const own = batch.runs[place];
  const run = own?.outcome === 'green' ? own : batch.runs[length];
  const candidate = {
    ...{ commit, onto, checks: run?.checks ?? [], provenAt: run?.at ?? draft.at },
    ...(run === own ? {} : { tip }),
  };
  draft.emit({ type: 'request.proven', request, candidate, at: draft.at });
}

function provenAhead(draft: Draft, batch: Batch): void {
  const [request] = batch.line;
  if (request === undefined) return;
  propose(draft, batch, 1, 1);
  moveRequest(draft, request, 'ready');
  end(draft, batch);
}

function wanted(
  draft: Draft,
  batch: Batch,
  { green, red }: Known,
  { slots, everyCommitGreen }: QueueSettings,
): readonly number[] {
  const line = { length: batch.line.length, green, red };
  const probing = { slots, rate: failureRate(draft.state.queue.outcomes) };
  const going = batch.running.filter((one) => one > green && (red === null || one < red));
  const passed = Object.entries(batch.runs).flatMap(([length, { outcome }]) =>
    outcome === 'green' ? [Number(length)] : [],
  );
  const next = everyCommitGreen ? everyProbe(line, probing, going, passed) : probes(line, probing, going);
  return [...going, ...next];
}

function run(draft: Draft, { id, running }: Batch, lengths: readonly number[]): void {
  const now = [...new Set(lengths)].sort((a, b) => a - b);
  if (now.length === running.length && now.every((one, index) => one === running[index])) return;
  draft.emit({ type: 'batch.running', batch: id, running: now, at: draft.at });
}

/** The last of what is red is the culprit, unless its failure does not hold or the target was red before it. */
function settle(draft: Draft, batch: Batch, red: number, settings: QueueSettings): void {
  const green = red - 1;
  const failed = firstFailure(batch.runs[red]?.checks ?? []);
  const culprit = batch.line[green];
  if (failed === null || culprit === undefined) dissolve(draft, batch);
  else if (batch.lands && batch.landed < green) run(draft, batch, []);
  else if (isDoubted(draft, batch, red, settings)) doubt(draft, batch, red);
  else if (green === 0 && isTargetDoubted(draft, batch, failed)) suspectTarget(draft, batch, settings);
  else {
    disown(draft, culprit);
    giveBack(draft, culprit, 'failed', notProven(draft, batch, culprit, failed), settings.maxRounds);
    beginTrace(draft, batch, culprit);
    end(draft, batch, culprit);
  }
}

/** So many culprits in a row, with nothing green between them, and what surrounds the checks may be broken. */
const badLuck = 5;

/** That it was green once says little where a check cannot even be run, or where all fail by now. */
function isTargetDoubted(draft: Draft, { runs }: Batch, { outcome }: CheckResult): boolean {
  const below = runs[0];
  if (below?.outcome !== 'green') return true;
  const { past } = draft.state.queue;
  const streak =
    past.length - 1 - past.findLastIndex(({ culprit, landed }) => culprit === null || landed.length > 0);
  return below.known && (outcome === 'not_runnable' || streak % badLuck === badLuck - 1);
}

function suspectTarget(draft: Draft, batch: Batch, settings: QueueSettings): void {
  const below = batch.runs[0];
  if (below === undefined || below.known) run(draft, batch, [0]);
  else if (isDoubted(draft, batch, 0, settings)) doubt(draft, batch, 0);
  else stopFor(draft, batch, targetFails(batch, below.checks));
}

function isDoubted({ state }: Draft, batch: Batch, length: number, { landFlaky }: QueueSettings): boolean {
  const failed = firstFailure(batch.runs[length]?.checks ?? []);
  if (failed === null || !landFlaky) return false;
  const { flaky = {}, reruns = noReruns, outcomes } = state.queue;
  const longer = Object.entries(batch.runs).filter(([other]) => Number(other) > length);
  const alike = longer.filter(([, { checks }]) => {
    const other = firstFailure(checks);
    return other !== null && isAlike(failed, other);
  });
  const again = batch.doubts[length]?.times ?? 0;
  return isSuspect(flaky, reruns, failed, { again, alike: alike.length, rate: failureRate(outcomes) });
}

function doubt(draft: Draft, batch: Batch, length: number): void {
  draft.emit({ type: 'batch.doubted', batch: batch.id, length, at: draft.at });
  run(draft, batch, [length]);
}

function targetFails({ target, chain }: Batch, checks: readonly CheckResult[]): Reason {
  const failed = firstFailure(checks);
  if (failed?.outcome === 'not_runnable') return reason('check_not_runnable', failureFacts(failed));
  // What it was merged onto is then nowhere here.
  const remote = chain !== null && chain.base !== chain.onto ? { remote: chain.base } : {};
  const output = failed?.outputFile ?? null;
  return reason('target_red', { target, name: failed?.name ?? '', output, ...remote });
}

/** Its agent hears of a conflict that was settled without it: that is what failed, or what it has to settle itself. */
function notProven({ state }: Draft, { target }: Batch, culprit: RequestId, failed: CheckResult): Reason {
  const { settled } = state.requests[culprit] ?? {};
  const files = settled !== undefined && isByMachine(settled) ? { settled: settled.files } : {};
  return reason('landing_check_failed', { ...failureFacts(failed), target, ...files });
}

/** How its conflict was settled before did not hold on exactly what would have landed. */
function disown(draft: Draft, request: RequestId): void {
  const lessons = draft.state.requests[request]?.settled?.lessons ?? [];
  if (lessons.length > 0) draft.emit({ type: 'queue.disowned', request, lessons, at: draft.at });
}
