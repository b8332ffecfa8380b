import type { CommitId } from '../town/ids.ts';
import type { Repository } from '../ports/git.ts';
import type { Identity } from './identity.ts';
import { commitFrom } from './refs.ts';
import { type RunGit, lineOf, listOf } from './run.ts';

/** A commit as far as it is made again. */
export interface ReadCommit {
  readonly commit: CommitId;
  readonly tree: string;
  readonly parents: readonly CommitId[];
  readonly author: Author;
  readonly message: string;
}

export interface Author {
  readonly name: string;
  readonly email: string;
  /** Git's own form, `<seconds> <zone>`. */
  readonly date: string;
}

const format = ['%H', '%T', '%P', '%an', '%ae', '%ad', '%B'];

/** Reads what `git log` lists; git turns every encoding into UTF-8. */
export async function readCommits(
  git: RunGit,
  { root }: Repository,
  range: readonly string[],
): Promise<readonly ReadCommit[]> {
  const args = ['log', '-z', `--format=${format.join('%x00')}`, '--date=raw', ...range, '--'];
  const fields = await listOf(git, args, { cwd: root });
  const commits: ReadCommit[] = [];
  for (let index = 0; index + format.length <= fields.length; index += format.length) {
    const [commit = '', tree = '', parents = '', name = '', email = '', date = '', message = ''] =
      fields.slice(index, index + format.length);
    commits.push({
      commit: commitFrom(commit),
      tree,
      parents: parents === '' ? [] : parents.split(' ').map(commitFrom),
      author: { name, email, date },
      message,
    });
  }
  return commits;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly CommitId[];
  readonly message: string;
  /** Its author, with their date where it is theirs and else `at`; the person where it is nobody else's. */
  readonly author: { readonly name: string; readonly email: string; readonly date?: string } | null;
  readonly identity: Identity;
  /** Absolute UTC milliseconds. */
  readonly at: number;
}

/** One more commit; the same words and times make the same one. */
export async function commitTree(
  git: RunGit,
  { root }: Repository,
  { tree, parents, message, author, identity, at }: NewCommit,
): Promise<CommitId> {
  const now = `@${String(Math.max(0, Math.floor(at / 1000)))} +0000`;
  const env = {
    ...identity,
    ...(author === null ? {} : { GIT_AUTHOR_NAME: nameOf(author.name), GIT_AUTHOR_EMAIL: author.email }),
    GIT_AUTHOR_DATE: dateOf(author?.date) ?? now,
    GIT_COMMITTER_DATE: now,
  };
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
  return commitFrom(await lineOf(git, args, { cwd: root, env, input: message }));
}

/** Git commits for no one without a name, and takes one that is nothing but punctuation for none. */
function nameOf(name: string): string {
  return /[^\p{Cc} .,:;<>"\\']/u.test(name) ? name : 'unknown';
}

function dateOf(date: string | undefined): string | null {
  return date !== undefined && /^\d{1,12} [+-]\d{4}$/.test(date) ? `@${date}` : null;
}
