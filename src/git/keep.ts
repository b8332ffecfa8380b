import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { assertLease, moveRefs, tipOf } from './refs.ts';
import type { RunGit } from './run.ts';

/** Where the queue keeps what it has made and is not landed yet. */
export const keptRefs = 'refs/rigs/queue/';
const tries = 5;

/** Where each ref was left, so that it need not be read before it is moved on. */
export type LastKept = Map<string, CommitId | null>;

export async function keep(
  git: RunGit,
  last: LastKept,
  repository: Repository,
  name: string,
  commit: CommitId | null,
): Promise<void> {
  if (!/^[a-z0-9-]+$/.test(name))
    throw new GitError('bad_name', `${JSON.stringify(name)} is not a name to keep a commit under.`);
  const ref = `${keptRefs}${name}`;
  const key = `${repository.commonDir}\0${ref}`;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const left = attempt === 1 ? last.get(key) : undefined;
    const from = left ?? (await tipOf(git, repository, ref))?.commit ?? null;
    if (from === commit && left === undefined) {
      await assertLease(git, repository);
      return;
    }
    if (await moveRefs(git, repository, [{ ref, from, to: commit }], 'rigs: queue')) {
      last.set(key, commit);
      return;
    }
  }
  throw new GitError('locked', `The ref ${ref} keeps moving.`);
}
