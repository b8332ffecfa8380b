import { depotOf } from './depot.ts';
import { failureRate, learn } from './failureRate.ts';
import type { CommitId, Instant, RequestId } from './ids.ts';
import { type Batch, commitOf } from './queue.ts';
import { inOrder } from './queueOrder.ts';
import type { QueueSettings } from './queueSettings.ts';
import { lineLength, probes } from './search.ts';
import type { RigState } from './state.ts';

/** What comes once a run ends, as far as it can be told: a tip of the same batch, or the line of the next one. */
export type Ahead =
  | { readonly kind: 'tips'; readonly tips: readonly CommitId[] }
  | { readonly kind: 'line'; readonly onto: CommitId; readonly line: readonly RequestId[] };

/**
 * What would be proven next if the run of `length` ended green, and if it ended red; the likelier first. It is believed by
 * nobody: what is done ahead by it is only quicker when it comes so. Nothing where each commit is tested, or where one
 * request is proven alone, as all are that the forge merges.
 */
export function foreseen(
  state: RigState,
  batch: Batch,
  length: number,
  settings: QueueSettings,
  at: Instant,
): readonly Ahead[] {
  const isAlone = settings.everyCommitGreen || settings.style === 'pullRequest';
  if (isAlone || !batch.lands || length <= batch.green) return [];
  const rate = failureRate(state.queue.outcomes);
  const others = { ...batch, running: batch.running.filter((one) => one !== length) };
  const green = after(state, { ...others, green: length }, settings, at);
  const red = after(state, { ...others, red: Math.min(length, batch.red ?? length) }, settings, at);
  const isGreen = (1 - rate) ** (length - batch.green) >= 0.5;
  return (isGreen ? [green, red] : [red, green]).flatMap((one) => one ?? []);
}

function after(state: RigState, batch: Batch, settings: QueueSettings, at: Instant): Ahead | null {
  const { line, green, red } = batch;
  const { outcomes } = state.queue;
  const isDecided = red === null ? green === line.length : red === green + 1;
  if (!isDecided) {
    const probing = { slots: settings.slots, rate: failureRate(outcomes) };
    const next = probes({ length: line.length, green, red }, probing, batch.running);
    return { kind: 'tips', tips: next.flatMap((one) => commitOf(batch, one) ?? []) };
  }
  const onto = commitOf(batch, green);
  if (onto === null) return null;
  const learnt = learn(outcomes, green - batch.landed, red === null ? 0 : 1);
  const probing = { slots: settings.slots, rate: failureRate(learnt) };
  const left = red === null ? [] : line.slice(red);
  const waiting = [...depotOf(state).requests.values()].filter(
    ({ id, approval, stage }) =>
      left.includes(id) || (!line.includes(id) && approval !== null && stage !== 'ready'),
  );
  const ordered = inOrder(state, waiting, at).slice(0, lineLength(waiting.length, probing));
  return { kind: 'line', onto, line: ordered.map(({ id }) => id) };
}

/** The tips of a line just merged that are proven first. */
export function firstTips(
  commits: readonly CommitId[],
  state: RigState,
  { slots }: QueueSettings,
): readonly CommitId[] {
  const probing = { slots, rate: failureRate(state.queue.outcomes) };
  const lengths = probes({ length: commits.length, green: 0, red: null }, probing, []);
  return lengths.flatMap((length) => commits[length - 1] ?? []);
}
