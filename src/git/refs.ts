import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BranchTip, GitError, type Repository } from '../ports/git.ts';
import { type CommitId, parseCommitId } from '../town/ids.ts';
import { type RunGit, holds, lineOf, textOf } from './run.ts';

export const noObject = '0'.repeat(40);

/** A commit id out of git's mouth; anything else is an error, not a missing commit. */
export function commitFrom(text: string): CommitId {
  const commit = parseCommitId(text.trim());
  if (commit === null)
    throw new GitError('failed', 'Git named something that is no commit.', text.slice(0, 200));
  return commit;
}

/** Names like those that Rigs gives, which need no git to tell; all others are asked about. */
const surely = /^(?!HEAD$)[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*$/;

/** Throws `bad_name` unless git takes it for a branch; what starts with a dash could be read as an option. */
export async function assertBranchName(git: RunGit, cwd: string, branch: string): Promise<void> {
  if (surely.test(branch)) return;
  const plain = !branch.startsWith('-') && branch !== 'HEAD' && !branch.includes('\0');
  if (plain && (await holds(git, ['check-ref-format', `refs/heads/${branch}`], { cwd }))) return;
  throw new GitError('bad_name', `${JSON.stringify(branch)} is not a name for a branch.`);
}

export async function tipOf(git: RunGit, repository: Repository, ref: string): Promise<BranchTip | null> {
  const format = '%(refname)%00%(objectname)%00%(tree)';
  const ran = await git(['for-each-ref', `--format=${format}`, ref], { cwd: repository.root });
  if (ran.stderr.includes('broken ref'))
    throw new GitError('failed', `The ref ${ref} is broken.`, ran.stderr);
  // A pattern also matches what lies below a ref of that name.
  const line = ran.stdout
    .toString('utf8')
    .split('\n')
    .find((one) => one.startsWith(`${ref}\0`));
  if (line === undefined) return null;
  const [, commit = '', tree = ''] = line.split('\0');
  return { commit: commitFrom(commit), tree };
}

export async function branchTip(
  git: RunGit,
  repository: Repository,
  branch: string,
): Promise<BranchTip | null> {
  await assertBranchName(git, repository.root, branch);
  return tipOf(git, repository, `refs/heads/${branch}`);
}

/** Throws `no_commit` on an unborn branch. */
export async function headOf(git: RunGit, worktree: string): Promise<BranchTip> {
  const options = { cwd: worktree, answers: [0, 128] };
  const [commit, tree] = (await textOf(git, ['rev-parse', 'HEAD^{commit}', 'HEAD^{tree}'], options)).split(
    '\n',
  );
  if (tree === undefined || tree === '') throw new GitError('no_commit', `${worktree} has no commit.`);
  return { commit: commitFrom(commit ?? ''), tree };
}

export async function treeAt(git: RunGit, repository: Repository, commit: CommitId): Promise<string> {
  return lineOf(git, ['rev-parse', '--verify', `${commit}^{tree}`], { cwd: repository.root });
}

export async function treeOf(git: RunGit, repository: Repository, commit: CommitId): Promise<string> {
  return lineOf(git, ['rev-parse', `${commit}^{tree}`], { cwd: repository.root });
}

/** False on a branch that has no commit yet. */
export async function hasHead(git: RunGit, worktree: string): Promise<boolean> {
  return holds(git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { cwd: worktree });
}

export async function branchNames(git: RunGit, repository: Repository): Promise<readonly string[]> {
  const args = ['for-each-ref', '--format=%(refname)', 'refs/heads/'];
  const lines = (await lineOf(git, args, { cwd: repository.root })).split('\n');
  return lines.filter((line) => line !== '').map((line) => line.slice('refs/heads/'.length));
}

/**
 * One ref changed only if it is where it is believed to be. `from` or `to` null: it does not exist. From where it is to
 * the same: only verified, with the others.
 */
export interface RefMove {
  readonly ref: string;
  readonly from: CommitId | null;
  readonly to: CommitId | null;
}

/** Says which owner may move refs; `lease.ts` writes it. */
export const leaseRef = 'refs/rigs/lease';
/**
 * Refs that are Rigs' alone; an agent could turn one into a symbolic ref that leads to a person's branch. And a
 * worktree's HEAD, which is moved by its own name only when no branch is checked out.
 */
const ownRefs = /^(refs\/(rigs|heads\/polecat)\/|worktrees\/[^/]+\/HEAD$|HEAD$)/;

/**
 * Every ref of a repository that Rigs moves is moved here. What git moves by itself in its calls is not anybody's work:
 *
 * - the HEAD of a worktree of Rigs' own (`checkout`, `worktree add`, `symbolic-ref`), and
 *   ORIG_HEAD and its like beside it: each belongs to one worktree, and `assertLease` comes before;
 * - `refs/remotes/<remote>/<target>`, by `fetch` and `push`: it says where the remote stands, whoever asks.
 *
 * All moves or none, in one transaction, which also verifies the lease that was taken. False when a ref was not where
 * it was believed to be. Throws `fenced` when the lease is another owner's by now.
 */
export async function moveRefs(
  git: RunGit,
  repository: Repository,
  moves: readonly RefMove[],
  why: string,
): Promise<boolean> {
  const zero = noObject.padEnd(moves[0]?.to?.length ?? moves[0]?.from?.length ?? 40, '0');
  const commands = moves.flatMap((move) => [
    ...(ownRefs.test(move.ref) || move.to === null ? ['option no-deref\0'] : []),
    commandFor(move, zero),
  ]);
  const lease = git.leaseOf?.(repository.commonDir) ?? null;
  // First, so that a former owner hears of its end, whatever else has moved.
  if (lease !== null) commands.unshift(`verify ${leaseRef}\0${lease}\0`);
  const refused = await transact(git, repository, commands, why);
  if (refused === null) return true;
  const locked = /\.lock'?: File exists/.test(refused);
  if (!locked && refused.includes(`'${leaseRef}'`)) {
    throw new GitError('fenced', 'The lease of the rig is no longer the one taken here.', refused);
  }
  if (elsewhere.test(refused)) return false;
  throw new GitError(locked ? 'locked' : 'failed', 'A ref could not be moved.', refused);
}

function commandFor({ ref, from, to }: RefMove, zero: string): string {
  if (to === from) return `verify ${ref}\0${from ?? zero}\0`;
  return to === null ? `delete ${ref}\0${from ?? zero}\0` : `update ${ref}\0${to}\0${from ?? zero}\0`;
}
const elsewhere = /but expected|reference already exists|unable to resolve reference|reference is missing/;

/**
 * Throws `fenced` when the lease is another owner's by now. For work that moves no ref, or moves files before it does:
 * a window that slept through a takeover must not disturb what the new owner does in the same folders.
 */
export async function assertLease(git: RunGit, repository: Repository): Promise<void> {
  const held = git.leaseOf?.(repository.commonDir) ?? null;
  if (held === null || (await standsInFile(repository, leaseRef, held))) return;
  await moveRefs(git, repository, [], 'rigs: whose it is');
}

/**
 * Whether a ref's own file names an object: it outweighs git's list of packed refs, and is read in a hundredth of the
 * time in which git says the same. What says nothing here (packed, in a table, unreadable) is git's to say.
 */
async function standsInFile({ commonDir }: Repository, ref: string, object: string): Promise<boolean> {
  try {
    return (await readFile(path.join(commonDir, ...ref.split('/')), 'utf8')) === `${object}\n`;
  } catch {
    return false;
  }
}

/** Commands of `update-ref --stdin -z`, all or none. Null when they are done, else git's words about why not. */
export async function transact(
  git: RunGit,
  repository: Repository,
  commands: readonly string[],
  why: string,
): Promise<string | null> {
  // `start`, `prepare` and `commit` say that a half-read input changes nothing.
  const input = ['start\0', ...commands, 'prepare\0', 'commit\0'].join('');
  // Moves under one lease wait for each other; git's own patience is a tenth of a second.
  const args = ['-c', 'core.filesRefLockTimeout=2000', 'update-ref', '-m', why, '-z', '--stdin'];
  const ran = await git(args, { cwd: repository.root, input, answers: [0, 128] });
  return ran.code === 0 ? null : ran.stderr.trim();
}

/** Refs below a prefix that stand at a commit, full names. */
export async function refsAt(
  git: RunGit,
  repository: Repository,
  commit: CommitId,
  prefix: string,
): Promise<readonly string[]> {
  const args = ['for-each-ref', '--format=%(refname)', `--points-at=${commit}`, prefix];
  return (await textOf(git, args, { cwd: repository.root })).split('\n').filter((line) => line !== '');
}

/** Refs below a prefix, full names. */
export async function refsBelow(
  git: RunGit,
  repository: Repository,
  prefix: string,
): Promise<readonly string[]> {
  const args = ['for-each-ref', '--format=%(refname)', prefix];
  const lines = (await textOf(git, args, { cwd: repository.root })).split('\n');
  return lines.filter((line) => line !== '');
}

export async function isAncestor(
  git: RunGit,
  repository: Repository,
  ancestor: CommitId,
  of: CommitId,
): Promise<boolean> {
  return holds(git, ['merge-base', '--is-ancestor', ancestor, of], { cwd: repository.root });
}

export async function mergeBase(
  git: RunGit,
  repository: Repository,
  a: CommitId,
  b: CommitId,
): Promise<CommitId | null> {
  const ran = await git(['merge-base', a, b], { cwd: repository.root, answers: [0, 1] });
  return ran.code === 0 ? commitFrom(ran.stdout.toString('utf8').split('\n')[0] ?? '') : null;
}

/** A value of the repository's own configuration; the last one wins, as in git. */
export async function localConfig(git: RunGit, repository: Repository, key: string): Promise<string | null> {
  const args = ['config', '--local', '-z', '--get', key];
  const ran = await git(args, { cwd: repository.root, answers: [0, 1] });
  return ran.code === 0 ? ran.stdout.toString('utf8').replace(/\0$/, '') : null;
}
