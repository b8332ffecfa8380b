/** Short ways to say what happens in a town, for its tests. */
import type { AskAnswer } from '../../../src/town/ask.ts';
import type { BeadDraft, Evidence, Optimized } from '../../../src/town/bead.ts';
import type { CheckDefinition, CheckResult, ConfirmedChecks } from '../../../src/town/check.ts';
import type { Command } from '../../../src/town/command.ts';
import type { AskId, BeadId, CommitId, ConvoyId, RequestId, ThreadId } from '../../../src/town/ids.ts';
import type { Batch } from '../../../src/town/queue.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { reason } from '../../../src/town/reason.ts';
import type { ReviewPlace } from '../../../src/town/review.ts';
import type { RigState } from '../../../src/town/state.ts';
import { emptyDraft, rigId } from '../../fakes/events.ts';

type WithoutInstant<C> = C extends unknown ? Omit<C, 'at'> : never;
export type Word = WithoutInstant<Command>;

export const beadId = (n: number): BeadId => `gt-${String(n).padStart(5, '0')}` as BeadId;
export const convoyId = (n: number): ConvoyId => `cv-${String(n).padStart(5, '0')}` as ConvoyId;
export const requestId = (n: number): RequestId => `mr-${String(n).padStart(5, '0')}` as RequestId;
export const askId = (n: number): AskId => `ak-${String(n).padStart(5, '0')}` as AskId;
export const threadId = (n: number): ThreadId => `rt-${String(n).padStart(5, '0')}` as ThreadId;
export const commitId = (n: number): CommitId => n.toString(16).padStart(40, '0') as CommitId;

export const seat: Seat = { runner: 'worker', provider: 'claude', tank: 'claude', model: 'sonnet' };
export const otherSeat: Seat = { runner: 'worker', provider: 'rehearsal', tank: 'rehearsal', model: 'r1' };

export const test: CheckDefinition = { name: 'test', command: 'npm', args: ['test'], timeoutMs: 600_000 };
export const checks: ConfirmedChecks = { definitions: [test], hash: 'h1', confirmedAt: 1 };

export function draft(title: string, more: Partial<BeadDraft> = {}): BeadDraft {
  return { ...emptyDraft, title, ...more };
}

export function evidence(commit: CommitId | null, at = 0): Evidence {
  return {
    commit,
    tree: commit,
    base: commitId(0),
    files: commit === null ? [] : ['src/a.js'],
    insertions: 1,
    deletions: 0,
    checks: [],
    committedForAgent: false,
    summary: 'what was found',
    at,
  };
}

/** Lines 3 and 4 of a file that the work changed. */
export function place(more: Partial<ReviewPlace> = {}): ReviewPlace {
  const where = { commit: commitId(11), side: 'changed', path: 'src/a.js', from: 3, to: 4 } as const;
  return { ...where, lines: 'if (hours)\n  return 60;', ...more };
}

export function optimized(prompt: string): Optimized {
  return { prompt, changes: [], dropped: [], provider: 'p', model: 'm', accepted: null };
}

export const passed: CheckResult = {
  name: 'test',
  outcome: 'passed',
  exitCode: 0,
  durationMs: 900,
  outputFile: null,
};
export const failed: CheckResult = { ...passed, outcome: 'failed', exitCode: 1, outputFile: '/o/1-test.log' };

/** What merging a batch in memory gives; a tip's tree is named like the tip. */
export function assembled(
  state: RigState,
  { id, line }: Batch,
  conflicts: readonly RequestId[] = [],
  commits: readonly CommitId[] = [],
): Word {
  const merged = line.filter((one) => !conflicts.includes(one));
  const links = merged.map((request, index) => {
    const head = state.requests[request]?.head ?? commitId(0);
    const commit = commits[index] ?? (head.replace(/^0/, '1') as CommitId);
    return { request, commit, tree: `tree of ${commit}` };
  });
  const why = reason('landing_conflict', { target: 'main', files: ['src/a.js'] });
  return {
    type: 'assembled',
    batch: id,
    chain: { onto: commitId(0), base: commitId(0), baseTree: 'tree of target', links, basis: 'b1' },
    conflicts: conflicts.map((request) => ({ request, reason: why })),
    postponed: [],
    contained: [],
    maxRounds: 3,
  };
}

export const tick = (maxPolecats = 2, seats: readonly Seat[] = [seat]): Word => ({
  type: 'tick',
  seats,
  maxPolecats,
});
export const adopt: Word = {
  type: 'adoptRig',
  id: rigId,
  name: 'sample',
  commonDir: '/sample/.git',
  target: 'main',
};
export const confirm: Word = { type: 'confirmChecks', checks };
export const answer = (ask: AskId, said: AskAnswer): Word => ({ type: 'answerAsk', ask, answer: said });
