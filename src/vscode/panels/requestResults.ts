import type { CheckResult } from '../../town/check.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';

/** What proving a request gave: results of its checks, or the one thing that stopped it. */
export type RequestResult = Omit<CheckResult, 'durationMs'> & { readonly durationMs: number | null };

/** At most as many as a message carries. */
const limit = 100;

/**
 * A candidate has all its results. A request that came back has none, but its reason names what failed and where
 * the output lies (foreman/hands/queue.ts writes `name`, `exitCode` and `output`).
 */
export function requestResults(request: MergeRequest): readonly RequestResult[] {
  const fromReason = request.stage === 'failed' || request.stage === 'conflict' ? stopped(request) : null;
  return fromReason === null ? (request.candidate?.checks ?? []).slice(0, limit) : [fromReason];
}

function stopped(request: MergeRequest): RequestResult | null {
  const { name, output, exitCode } = request.reason?.facts ?? {};
  const outputFile = typeof output === 'string' && output !== '' ? output : null;
  if (request.stage === 'conflict' && outputFile === null) return null;
  if (request.stage !== 'conflict' && typeof name !== 'string') return null;
  return {
    name: typeof name === 'string' ? name : 'rebase',
    outcome: 'failed',
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    durationMs: null,
    outputFile,
  };
}
