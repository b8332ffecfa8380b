import type { MergeResult, Repository, ToMerge } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { type ReadCommit, commitTree, readCommits } from './authors.ts';
import { caseClashes } from './caseClash.ts';
import { type Identity, wordFor } from './identity.ts';
import { messageText, withTrailers } from './landingMessage.ts';
import { type MergedTree, hunksOf, mergeTree } from './mergeTree.ts';
import { type Step, replay } from './replay.ts';
import type { RunGit } from './run.ts';
import { GitError } from '../ports/git.ts';

interface Job extends ToMerge {
  readonly git: RunGit;
  readonly repository: Repository;
  readonly onto: ReadCommit;
  readonly tip: ReadCommit;
  readonly identity: Identity;
  readonly ignoresCase: boolean;
}

export async function mergeOnto(
  git: RunGit,
  repository: Repository,
  onto: CommitId,
  wanted: ToMerge,
): Promise<MergeResult> {
  const [word, [base, tip], merged] = await Promise.all([
    wordFor(git, repository.root),
    bothOf(git, repository, onto, wanted.head),
    mergeTree(git, repository, { ours: onto, theirs: wanted.head, onto }),
  ]);
  if (merged.conflicts === null && merged.tree === base.tree) {
    return { ok: true, commit: onto, tree: base.tree, empty: true };
  }
  const job: Job = { git, repository, ...wanted, onto: base, tip, ...word };
  if (wanted.style === 'rebase') return rebased(job, merged);
  const parents = wanted.style === 'merge' ? [onto, wanted.head] : [onto];
  return asOne(job, merged, parents);
}

async function bothOf(
  git: RunGit,
  repository: Repository,
  onto: CommitId,
  head: CommitId,
): Promise<readonly [ReadCommit, ReadCommit]> {
  const read = await readCommits(git, repository, ['--no-walk=unsorted', onto, head]);
  const [base, tip] = [onto, head].map((one) => read.find(({ commit }) => commit === one));
  if (base === undefined || tip === undefined)
    throw new GitError('failed', 'A commit to merge is not one.', `${onto} ${head}`);
  return [base, tip];
}

async function asOne(job: Job, merged: MergedTree, parents: readonly CommitId[]): Promise<MergeResult> {
  const { git, repository, onto, tip, message, identity, at } = job;
  const { tree, conflicts } = merged;
  if (conflicts !== null) {
    const hunks = await hunksOf(git, repository, { tree, conflicts }, [onto.commit, tip.commit]);
    return { ok: false, files: conflicts.files, hunks };
  }
  const clash = await clashIn(job, tree);
  if (clash !== null) return clash;
  const { name, email } = tip.author;
  const made = { tree, parents, message: messageText(message), author: { name, email }, identity, at };
  return { ok: true, commit: await commitTree(git, repository, made), tree, empty: false };
}

async function clashIn(
  { git, repository, onto, ignoresCase }: Job,
  tree: string,
): Promise<MergeResult | null> {
  const files = ignoresCase ? await caseClashes(git, repository, onto.tree, tree) : [];
  if (files.length === 0) return null;
  return {
    ok: false,
    files,
    hunks: `CONFLICT (case): names that differ in case only: ${files.join(', ')}\n`,
  };
}

/**
 * The branch's own commits, one by one. A branch with merges in it lands as one commit, because what was settled in its
 * merges would have to be settled again without them.
 */
async function rebased(job: Job, merged: MergedTree): Promise<MergeResult> {
  const { git, repository, onto, head } = job;
  const own = await readCommits(git, repository, ['--reverse', '--topo-order', `${onto.commit}..${head}`]);
  if (own.some(({ parents }) => parents.length !== 1)) return asOne(job, merged, [onto.commit]);
  const result = await replay(git, repository, onto, own);
  if (!result.ok) return result;
  const { steps } = result;
  const last = steps.at(-1);
  if (last === undefined) return { ok: true, commit: onto.commit, tree: onto.tree, empty: true };
  return (await clashIn(job, last.tree)) ?? commits(job, own, steps, last.tree);
}

async function commits(
  job: Job,
  own: readonly ReadCommit[],
  steps: readonly Step[],
  tree: string,
): Promise<MergeResult> {
  const { git, repository, onto, identity, at, head, message } = job;
  const worded = ({ read }: Step): string => withTrailers(read.message, message.trailers);
  // Already on top and worded: making it again would lose the proof its checks gave.
  const same = steps.length === own.length && own[0]?.parents[0] === onto.commit;
  if (same && steps.every((step) => worded(step) === step.read.message)) {
    return { ok: true, commit: head, tree, empty: false };
  }
  let commit = onto.commit;
  for (const step of steps) {
    const { author } = step.read;
    const made = { tree: step.tree, parents: [commit], message: worded(step), author, identity, at };
    commit = await commitTree(git, repository, made);
  }
  return { ok: true, commit, tree, empty: false };
}
