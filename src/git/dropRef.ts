import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { keptRefs } from './keep.ts';
import { commitFrom, moveRefs, type RefMove } from './refs.ts';
import { listOf, type RunGit } from './run.ts';
import { savedRefs } from './saved.ts';

const tries = 3;

/**
 * The only way a ref of Rigs' own goes: false, and it stays, unless a branch or tag of others holds its commits. A saved
 * ref does not count for them: nobody looks there, and the branch is what a person would look for. Nor does one that the
 * queue keeps for a while.
 *
 * The holder is verified in the transaction that deletes: two refs that go at once, from whatever process, would each
 * count the other for the one that stays.
 */
export async function dropRef(
  git: RunGit,
  repository: Repository,
  ref: string,
  at: CommitId,
): Promise<boolean> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const holder = await holderOf(git, repository, ref, at);
    if (holder === null) return false;
    const moves = [holder, { ref, from: at, to: null }];
    // Locked in one order by all, so that none waits for the other.
    moves.sort((a, b) => (a.ref < b.ref ? -1 : 1));
    if (await moveRefs(git, repository, moves, 'rigs: no longer needed')) return true;
  }
  return false;
}

/** Another ref that reaches the commit, as one to verify; null when there is none. */
async function holderOf(
  git: RunGit,
  repository: Repository,
  ref: string,
  at: CommitId,
): Promise<RefMove | null> {
  const format = '%(refname)%00%(symref)%00%(objectname)%00';
  const args = ['for-each-ref', `--format=${format}`, `--contains=${at}`];
  const fields = await listOf(git, args, { cwd: repository.root });
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [name = '', leadsTo, object = ''] = fields.slice(index, index + 3);
    const other = name.replace(/^\n/, '');
    // A symbolic ref holds nothing itself; it may lead to the very one that is to go.
    const apart = other.startsWith(savedRefs) || other.startsWith(keptRefs);
    if (other === ref || apart || leadsTo !== '') continue;
    const stands = commitFrom(object);
    return { ref: other, from: stands, to: stands };
  }
  return null;
}
