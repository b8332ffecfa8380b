import { GitError, type PushResult, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { assertBranchName, assertLease } from './refs.ts';
import type { Ran, RunGit } from './run.ts';

const patienceMs = 120_000;

/**
 * Pushes one commit to one branch, and nothing that configuration would add: no tags, no submodules, no signature. The
 * remote moves its branch only from an ancestor of the commit.
 */
export async function push(
  git: RunGit,
  repository: Repository,
  { remote, branch, commit }: { readonly remote: string; readonly branch: string; readonly commit: CommitId },
  {
    signal,
    patience = patienceMs,
  }: { readonly signal?: AbortSignal | undefined; readonly patience?: number | undefined } = {},
): Promise<PushResult> {
  await assertBranchName(git, repository.root, branch);
  await assertLease(git, repository);
  const late = AbortSignal.timeout(patience);
  const ended = signal === undefined ? late : AbortSignal.any([signal, late]);
  const only = ['--no-follow-tags', '--recurse-submodules=no', '--no-signed', '--no-verify'];
  // A mirror, by configuration, is pushed as a whole or not at all.
  const single = /^[\w.-]+$/.test(remote) ? ['-c', `remote.${remote}.mirror=false`] : [];
  const args = [...single, 'push', '--porcelain', '--no-progress', ...only];
  const refspec = `${commit}:refs/heads/${branch}`;
  try {
    const ran = await git([...args, '--end-of-options', remote, refspec], {
      cwd: repository.root,
      signal: ended,
      answers: [0, 1, 128],
    });
    return resultOf(ran, commit);
  } catch (error) {
    if (signal?.aborted === true || !late.aborted) throw error;
    const seconds = String(Math.round(patience / 1000));
    return { ok: false, why: 'unreachable', detail: `There was no end to it in ${seconds} s.` };
  }
}

/** What a remote says when its branch is not where it was when the push began; a lost race is told as a refusal. */
const movedOn =
  /\((fetch first|non-fast-forward|stale info)\)|but expected|reference already exists|incorrect old value/;
const unwelcome =
  /denied|not allowed|forbidden|unauthori[sz]ed|authentication|\b40[13]\b|could not read (username|password)/i;

function resultOf(ran: Ran, commit: CommitId): PushResult {
  if (ran.code === 0) return { ok: true };
  const refusal = ran.stdout
    .toString('utf8')
    .split('\n')
    .find((line) => line.startsWith('!\t'));
  const words = ran.stderr.trim();
  const detail = withoutSecrets(
    [refusal?.split('\t').slice(2).join(' ') ?? '', words].join('\n').trim(),
  ).slice(-4000);
  // Git's words for what is no commit here; without a line for the branch it did not get as far as the remote.
  const nothing = refusal === undefined ? ran.code === 1 : refusal.endsWith('(needs force)');
  if (nothing) throw new GitError('failed', `${commit} could not be pushed.`, detail);
  if (refusal !== undefined) {
    return { ok: false, why: movedOn.test(`${refusal}\n${words}`) ? 'rejected' : 'refused', detail };
  }
  return { ok: false, why: unwelcome.test(words) ? 'refused' : 'unreachable', detail };
}

/** An address may hold a password, and git repeats addresses. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/(:\/\/)[^/@\s]*@/g, '$1');
}
