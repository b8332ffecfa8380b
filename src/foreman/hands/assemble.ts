import { GitError, type MergeResult, type ToMerge } from '../../ports/git.ts';
import type { CommitId, RequestId } from '../../town/ids.ts';
import type { Settled } from '../../town/settled.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import type { Link } from '../../town/link.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { checkedBy } from './checking.ts';
import { type Conflict, conflictReason } from './conflict.ts';
import type { HandContext } from './context.ts';
import { learnBack, settle } from './ladder.ts';
import { batchOf } from './queue.ts';
import { toMerge } from './toMerge.ts';

interface InLine {
  readonly request: RequestId;
  readonly reason: Reason | null;
}

/** Merges a line onto the target in memory, one after the other, and says what cannot be merged with what. */
export async function assemble(
  context: HandContext,
  action: { readonly batch: number },
  signal: AbortSignal,
): Promise<void> {
  const { git, repository } = context;
  const batch = batchOf(context, action);
  if (batch === null) return;
  const { target } = batch;
  const [tip, base, basis] = await Promise.all([
    git.tip(repository, target),
    baseOf(context, target, signal),
    checkedBy(context),
  ]);
  if (tip === null || base === null) {
    const why = reason('target_missing', { target });
    await context.wish({ type: 'notAssembled', batch: batch.id, reason: why });
    return;
  }
  const baseTree = base === tip.commit ? tip.tree : await git.treeOf(repository, base);
  const links: Link[] = [];
  const conflicts: { readonly request: RequestId; readonly reason: Reason }[] = [];
  const postponed: InLine[] = [];
  const contained: { readonly request: RequestId; readonly commit: CommitId }[] = [];
  const settled: { readonly request: RequestId; readonly settled: Settled }[] = [];
  for (const id of batch.line) {
    signal.throwIfAborted();
    const request = context.state().requests[id];
    if (request === undefined) return;
    const wanted = toMerge(context, request);
    const onto: CommitId = links.at(-1)?.commit ?? base;
    const merged = await mergeOrMiss(context, target, onto, wanted);
    if ('code' in merged) {
      conflicts.push({ request: id, reason: merged });
      continue;
    }
    if (merged.ok && merged.empty && onto === tip.commit) contained.push({ request: id, commit: onto });
    // The remote has it and the target not yet: landing is to go there.
    else if (merged.ok && merged.empty && onto === base)
      links.push({ request: id, commit: base, tree: baseTree });
    else if (merged.ok && merged.empty) postponed.push({ request: id, reason: null });
    else if (merged.ok) {
      links.push({ request: id, commit: merged.commit, tree: merged.tree });
      await learnBack(context, request);
    } else {
      const alone = onto === base ? merged : await git.mergeOnto(repository, base, wanted);
      if (alone.ok) {
        postponed.push({ request: id, reason: await inLine(context, request, links, merged) });
        continue;
      }
      // A forge merges the plain branch: what is settled here on the way would never be what it merges.
      const isForges = context.settings().refinery.style === 'pullRequest';
      const made = isForges ? null : await settle(context, request, { onto, conflict: merged }, signal);
      if (made !== null) {
        links.push(made.link);
        settled.push({ request: id, settled: made.settled });
      } else conflicts.push({ request: id, reason: await conflictReason(context, request, target, alone) });
    }
  }
  const last = links.at(-1);
  if (last !== undefined) await git.keep(repository, 'line', last.commit);
  signal.throwIfAborted();
  const chain = { onto: tip.commit, base, baseTree, links, basis };
  const { maxRounds } = context.settings().refinery;
  const told = { chain, conflicts, postponed, contained, settled, maxRounds };
  await context.wish({ type: 'assembled', batch: batch.id, ...told });
}

/** Null: there is no such branch, here or at the remote. */
async function baseOf(
  { git, repository }: HandContext,
  target: string,
  signal: AbortSignal,
): Promise<CommitId | null> {
  try {
    return await git.freshestBase(repository, target, signal);
  } catch (error) {
    if (GitError.is(error, 'no_branch')) return null;
    throw error;
  }
}

/** A reason: the work is gone, or has no history in common with the target, which must not stop the others. */
async function mergeOrMiss(
  { git, repository }: HandContext,
  target: string,
  onto: CommitId,
  wanted: ToMerge,
): Promise<MergeResult | Reason> {
  try {
    return await git.mergeOnto(repository, onto, wanted);
  } catch (error) {
    if (!GitError.is(error, 'failed')) throw error;
    const { head } = wanted;
    const isThere = await git.treeOf(repository, head).then(
      () => true,
      () => false,
    );
    if (!isThere) return reason('git_failed', { message: `${head} is not there any more.` });
    if ((await git.mergeBase(repository, onto, head)) !== null) throw error;
    return reason('branch_unrelated', { branch: head.slice(0, 10), target });
  }
}

/** It waits for the one before it that has its files; once that landed, the target decides. */
async function inLine(
  context: HandContext,
  { head }: MergeRequest,
  links: readonly Link[],
  { files }: Conflict,
): Promise<Reason> {
  const { git, repository } = context;
  const { requests, beads } = context.state();
  const heads = links.flatMap(({ request }) => requests[request] ?? []);
  const found = await git.foresee(
    repository,
    heads.map((one) => [one.head, head] as const),
  );
  const other = heads.find((_, index) => (found[index] ?? []).length > 0);
  const bead = other === undefined ? undefined : beads[other.bead];
  return reason('conflicts_in_line', { request: other?.id ?? null, title: bead?.title ?? null, files });
}
