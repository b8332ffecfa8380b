import type { LeftOut } from '../ports/git.ts';
import { type Matches } from './matching.ts';
import { type RunGit, listOf } from './run.ts';

/** A folder with more is no handful of settings; it is shared by a setting of the person instead. */
export const maxFiles = 2_000;
/** Folders that patterns lead into. */
const maxFolders = 200;
/** Stands for any file of a folder. */
const anyFile = '.rigs-any-file';

export interface Wanted {
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Ignored files of a checkout that patterns name. What lies in a folder that is ignored as a whole (`node_modules`) is
 * meant only by a pattern that names that folder: an `.env` somewhere in a package is not the person's.
 */
export async function wantedFiles(
  git: RunGit,
  root: string,
  patterns: string,
  matches: Matches,
): Promise<Wanted> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const entries = (await listOf(git, args, { cwd: root })).toSorted();
  // A folder also stands in the list when all that is in it does; then that decides.
  const whole = entries.filter(
    (entry, at) => entry.endsWith('/') && entries[at + 1]?.startsWith(entry) !== true,
  );
  const matched = await matches(whole.map((folder) => folder + anyFile));
  const reached = whole.filter(
    (folder) => matched.has(folder + anyFile) || leadsInto(patterns, folder.slice(0, -1)),
  );
  const candidates = entries.filter((entry) => !entry.endsWith('/'));
  const found = [...(await matches(candidates))];
  const leftOut: LeftOut[] = reached.slice(maxFolders).map((path) => ({ path, why: 'too_many' }));
  for (const folder of reached.slice(0, maxFolders)) {
    const inside = await matches(await filesIn(git, root, folder));
    if (inside.size <= maxFiles) found.push(...inside);
    else leftOut.push({ path: folder, why: 'too_many' });
  }
  const over = found.slice(maxFiles);
  return {
    files: found.slice(0, maxFiles),
    leftOut: [...leftOut, ...over.map((path) => ({ path, why: 'too_many' as const }))],
  };
}

/** A repository inside stands there as a folder; its files are its own. */
async function filesIn(git: RunGit, root: string, folder: string): Promise<readonly string[]> {
  const args = ['--literal-pathspecs', 'ls-files', '-z', '--others', '--', folder];
  return (await listOf(git, args, { cwd: root })).filter((entry) => !entry.endsWith('/'));
}

// Whether a pattern that is bound to a place names something below a folder: config/local/*.json, apps/*/.env.
function leadsInto(patterns: string, folder: string): boolean {
  const parts = folder.split('/');
  return patterns.split(/\r?\n/).some((line) => {
    const named = line.replace(/^\//, '').split('/');
    return named.length > parts.length && parts.every((part, at) => segmentFits(named[at] ?? '', part));
  });
}

/** Only a first look: what a wildcard means in full, git says of each file. */
function segmentFits(pattern: string, part: string): boolean {
  if (pattern === '**' || pattern === '') return false;
  return /[*?[\\]/.test(pattern) || pattern === part;
}
