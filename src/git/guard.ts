import { type BigIntStats, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type LocalProgram, type Repository } from '../ports/git.ts';
import type { Approvals } from './approvals.ts';
import { type GitDirs, gitDirsOf, leadsTo } from './gitDirs.ts';
import { isMissing } from './place.ts';
import { programKey } from './programs.ts';
import { type RunGit, listOf } from './run.ts';

/** A file that changed this shortly before it was read may change again without its times showing it, in ms. */
const tooFresh = 2500;

/** Commands that give files their content, for which git-lfs goes to the remote by this repository's configuration. */
const checkouts = new Set(['checkout', 'read-tree', 'merge']);
/** Commands that go to the remote. */
const remotely = new Set(['fetch', 'push']);

interface Entry {
  readonly scope: string;
  readonly key: string;
  readonly value: string;
}
/** Of the repository's own configuration: what runs programs, and whether all of it stands in its two files. */
interface Look {
  readonly programs: readonly (LocalProgram & { readonly onlyFetch: boolean })[];
  readonly partial: boolean;
  /** A checkout of a file may fetch its content, by the person's own word too. */
  readonly largeFiles: boolean;
  readonly includes: boolean;
}

/**
 * The same git, which first looks whether the repository's own configuration would run a program that is not the
 * person's. It is looked at before each call, because an agent may write it at any time; while its files stand
 * unchanged the last look holds. Between look and call stay a few milliseconds in which a determined agent could write
 * it: whoever confines agents keeps `.git/config` from being written.
 */
export function guarded(git: RunGit, approvals: Approvals): RunGit {
  const passed = new Map<string, string>();
  return async (args, options) => {
    const dirs = gitDirsOf(options.cwd);
    // Git would look for a repository above, or take the folder itself for one.
    if (dirs === null) throw new GitError('not_a_repository', `${options.cwd} is not the top of a worktree.`);
    const fetches = args.some((arg) => remotely.has(arg));
    const checksOut = checkouts.has(args[0] ?? '') || args.includes('merge-tree');
    const stamp = stampOf(dirs);
    const key = `${stamp?.of ?? ''}\0${String(checksOut)}`;
    if (fetches || stamp === null || passed.get(key) !== stamp.files) {
      const found = await look(git, options.cwd, dirs, approvals);
      const refused = found.programs.find(
        ({ honoured, onlyFetch }) =>
          !honoured && (!onlyFetch || fetches || found.partial || (checksOut && found.largeFiles)),
      );
      if (refused !== undefined) throw unsafe(refused);
      if (stamp !== null && !found.includes) passed.set(key, stamp.files);
    }
    return git(args, options);
  };
}

/** What the repository's own configuration would run, each with whether Rigs lets it. */
export async function localPrograms(
  git: RunGit,
  repository: Repository,
  approvals: Approvals,
): Promise<readonly LocalProgram[]> {
  const dirs = gitDirsOf(repository.root);
  if (dirs === null) throw new GitError('not_a_repository', `${repository.root} is not a worktree.`);
  const { programs } = await look(git, repository.root, dirs, approvals);
  return programs.map(({ key, value, honoured }) => ({ key, value, honoured }));
}

async function look(git: RunGit, cwd: string, dirs: GitDirs, approvals: Approvals): Promise<Look> {
  const fields = await listOf(git, ['config', '--list', '--show-scope', '-z'], { cwd });
  const entries = Array.from({ length: fields.length / 2 }, (_, index) =>
    entryOf(fields[2 * index] ?? '', fields[2 * index + 1] ?? ''),
  );
  const own = entries.filter(({ scope }) => scope === 'local' || scope === 'worktree');
  const person = new Set(
    entries
      .filter(({ scope }) => scope === 'global' || scope === 'system')
      .map(({ key, value }) => `${key}\n${value}`),
  );
  const programs: (LocalProgram & { onlyFetch: boolean })[] = [];
  for (const { key, value } of own) {
    const row = programKey(key);
    // An empty value runs nothing; for credential helpers it clears what is configured before.
    if (row?.answer !== 'person' || value === '') continue;
    const honoured =
      person.has(`${key}\n${value}`) ||
      row.known?.test(value) === true ||
      (row.key === 'core.worktree' && (await leadsBack(dirs, value))) ||
      (await approvals.holds(dirs.commonDir, { key, value }));
    programs.push({ key, value, honoured, onlyFetch: row.onlyFetch ?? false });
  }
  return {
    programs,
    partial: own.some(({ key }) => /^(extensions\.partialclone|remote\..*\.promisor)$/s.test(key)),
    largeFiles: entries.some(
      ({ key, value }) => /^filter\..*\.(smudge|process)$/s.test(key) && value.includes('git-lfs'),
    ),
    includes: own.some(({ key }) => /^include(if\..*)?\.path$/s.test(key)),
  };
}

function entryOf(scope: string, text: string): Entry {
  const end = text.indexOf('\n');
  return end < 0
    ? { scope, key: text, value: '' }
    : { scope, key: text.slice(0, end), value: text.slice(end + 1) };
}

/** Whether the files that `core.worktree` names have a link to this very repository. */
async function leadsBack({ commonDir }: GitDirs, value: string): Promise<boolean> {
  try {
    return (await realpath(leadsTo(path.join(path.resolve(commonDir, value), '.git')))) === commonDir;
  } catch (error) {
    // A folder of that name is a repository of its own, and files without a link are not this one's.
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (isMissing(error) || code === 'EISDIR') return false;
    throw error;
  }
}

/** What a look saw: the times of the files, and of what. */
interface Stamp {
  readonly of: string;
  readonly files: string;
}

/**
 * Changes whenever one of the two files does. Null while they are too fresh to tell, and without a shared one: what has
 * none is no git folder, and git goes by another one above. Worktrees with nothing configured for themselves share it.
 */
export function stampOf({ gitDir, commonDir }: GitDirs): Stamp | null {
  const [shared, own] = [path.join(commonDir, 'config'), path.join(gitDir, 'config.worktree')].map((file) =>
    statSync(file, { bigint: true, throwIfNoEntry: false }),
  );
  const fresh = (one: BigIntStats | undefined): boolean =>
    one !== undefined && Number(one.ctimeMs) > Date.now() - tooFresh;
  if (shared === undefined || fresh(shared) || fresh(own)) return null;
  const files = [shared, own].map((one) =>
    one === undefined ? '-' : [one.dev, one.ino, one.size, one.mtimeNs, one.ctimeNs].join(':'),
  );
  return { of: own === undefined ? commonDir : gitDir, files: files.join(' ') };
}

function unsafe({ key, value }: LocalProgram): GitError {
  return new GitError(
    'unsafe_config',
    `The repository's own configuration would run a program in calls of Rigs: ${key}.`,
    `${key} = ${value.slice(0, 500)}`,
  );
}
