import { type RunGit, listOf } from './run.ts';

const fallback = { 'user.name': 'Rigs', 'user.email': 'rigs@localhost' } as const;
type Key = keyof typeof fallback;

export type Identity = Readonly<Record<string, string>>;

/**
 * Who a commit of Rigs is by: the person, as git knows them in this folder. Only what they have not configured is
 * filled in, because git would otherwise refuse to commit, or guess a name from the machine's.
 */
export async function identityFor(git: RunGit, cwd: string): Promise<Identity> {
  return (await wordFor(git, cwd)).identity;
}

/** The same, and whether the folder's file system takes names that differ in case for one; git asked once for both. */
export async function wordFor(
  git: RunGit,
  cwd: string,
): Promise<{ readonly identity: Identity; readonly ignoresCase: boolean }> {
  const args = ['config', '-z', '--get-regexp', '^(user\\.(name|email)|core\\.ignorecase)$'];
  const entries = await listOf(git, args, { cwd, answers: [0, 1] });
  const value = (key: Key): string => {
    const last = entries.findLast((entry) => entry.startsWith(`${key}\n`));
    const set = last?.slice(key.length + 1).trim() ?? '';
    return set === '' ? fallback[key] : set;
  };
  const name = value('user.name');
  const email = value('user.email');
  const identity = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
  const caseless = entries.findLast((entry) => entry.startsWith('core.ignorecase'));
  return { identity, ignoresCase: caseless !== undefined && isTrue.test(caseless) };
}

/** A key alone means yes, too. */
const isTrue = /^[^\n]*(\n(true|yes|on|1))?$/i;
