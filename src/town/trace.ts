import type { CommitId, Instant, RequestId } from './ids.ts';
import type { Link } from './link.ts';

/**
 * Looks for what a culprit does not go together with: of those that landed before it in its batch, the first with which it
 * fails. Lengths count those: 0 is the culprit alone on what the batch began with. Idle slots do it, nothing waits for it.
 */
export interface Trace {
  readonly request: RequestId;
  readonly base: CommitId;
  readonly among: readonly Link[];
  /** So many of them, it passes with; -1: not known of any. */
  readonly green: number;
  /** So many of them, it fails with. */
  readonly red: number;
  /** Under test; null: nothing. */
  readonly running: number | null;
}

export type TraceEvent = { readonly at: Instant; readonly request: RequestId } & (
  | { readonly type: 'trace.began'; readonly base: CommitId; readonly among: readonly Link[] }
  | { readonly type: 'trace.running'; readonly length: number | null }
  | { readonly type: 'trace.ran'; readonly length: number; readonly passed: boolean }
  /** `with`: what it fails together with, while each passes without the other; null: it fails by itself, or nobody knows. */
  | { readonly type: 'trace.ended'; readonly with: RequestId | null }
);

/** More would be of interest to nobody by the time they are through. */
const most = 5;

export function foldTraces(traces: readonly Trace[], event: TraceEvent): readonly Trace[] {
  const { request } = event;
  if (event.type === 'trace.began') {
    const { base, among } = event;
    const trace = { request, base, among, green: -1, red: among.length, running: null };
    return [...traces.filter((one) => one.request !== request), trace].slice(-most);
  }
  if (event.type === 'trace.ended') return traces.filter((one) => one.request !== request);
  return traces.map((one) => (one.request === request ? { ...one, ...changes(one, event) } : one));
}

function changes(
  trace: Trace,
  event: Extract<TraceEvent, { readonly type: 'trace.running' | 'trace.ran' }>,
): Partial<Trace> {
  if (event.type === 'trace.running') return { running: event.length };
  const { length, passed } = event;
  return passed
    ? { running: null, green: Math.max(trace.green, length) }
    : { running: null, red: Math.min(trace.red, length) };
}

/** What to test next: alone first, for most culprits fail by themselves; then halves. Null: it is decided. */
export function nextLength({ green, red }: Trace): number | null {
  if (red - green <= 1) return null;
  return green < 0 ? 0 : Math.floor((green + red) / 2);
}

/** The one it does not go together with, once that is decided. */
export function partnerOf({ green, red, among }: Trace): RequestId | null {
  return red - green === 1 && red > 0 ? (among[red - 1]?.request ?? null) : null;
}

/** What the culprit is merged onto for a test. */
export function ontoOf({ base, among }: Trace, length: number): CommitId | null {
  return length === 0 ? base : (among[length - 1]?.commit ?? null);
}
