import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { CommitId } from '../town/ids.ts';
import { exists, isMissing } from './place.ts';
import { noObject } from './refs.ts';
import { type RunGit, lineOf, listOf } from './run.ts';
import { noLookInside } from './status.ts';

/** One side of a file: its mode and blob; null when it is not there. */
export interface Side {
  readonly mode: string;
  readonly blob: string;
}

export interface Change {
  readonly path: string;
  readonly from: Side | null;
  readonly to: Side | null;
}

export interface Sorted {
  /** Index and file are as in the old commit: git may move them. */
  readonly clean: readonly Change[];
  /** The person's own content differs and stays. */
  readonly kept: readonly Change[];
  /** The index alone has to move: the person changed the file without staging it, or it has the new content. */
  readonly behind: readonly Change[];
}

export async function changesBetween(
  git: RunGit,
  cwd: string,
  from: CommitId,
  to: CommitId,
): Promise<readonly Change[]> {
  return rawChanges(git, cwd, ['diff-tree', '-r', from, to]);
}

/** Lines for `update-index --index-info -z` that set each path to its new side. */
export function indexLines(changes: readonly Change[]): string {
  // Removals first, so that a folder can take the place of a file and the other way round.
  const lines = changes.map(({ path: name, to }) =>
    to === null ? `0 ${noObject}\t${name}\0` : `${to.mode} ${to.blob} 0\t${name}\0`,
  );
  return lines.sort((a, b) => Number(!a.startsWith('0 ')) - Number(!b.startsWith('0 '))).join('');
}

/** `:oldmode newmode old new status NUL path NUL`, the same in all of git's raw diffs. */
async function rawChanges(git: RunGit, cwd: string, command: readonly string[]): Promise<readonly Change[]> {
  const raw = ['--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv'];
  const [name = '', ...rest] = command;
  const fields = await listOf(git, [name, ...raw, ...rest], { cwd });
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [oldMode = '', mode = '', oldBlob = '', blob = ''] = (fields[index] ?? '').slice(1).split(' ');
    changes.push({ path: fields[index + 1] ?? '', from: side(oldMode, oldBlob), to: side(mode, blob) });
  }
  return changes;
}

function side(mode: string, blob: string): Side | null {
  return mode === '000000' ? null : { mode, blob };
}

/** Sorts what changed between two commits by what the person did to the same files. */
export async function sortOut(
  git: RunGit,
  cwd: string,
  onto: CommitId,
  changes: readonly Change[],
): Promise<Sorted> {
  const staged = byPath(await rawChanges(git, cwd, ['diff-index', '--cached', onto, '--']));
  // The porcelain command compares content where the clock alone says "changed".
  const edited = byPath(await rawChanges(git, cwd, ['diff', noLookInside, '--']));
  const hidden = await hiddenFiles(git, cwd);
  const removed = new Set(changes.filter((one) => one.to === null).map((one) => one.path));
  const clean: Change[] = [];
  const kept: Change[] = [];
  const behind: Change[] = [];
  for (const change of changes) {
    const own = staged.get(change.path);
    if (own !== undefined && !same(own.to, change.to)) {
      kept.push(change);
    } else if (own !== undefined) {
      // Staged exactly what landed: the index is there already, and the file is the person's.
      if (edited.has(change.path)) kept.push(change);
    } else if (edited.has(change.path) || hidden.has(change.path) || (await stands(cwd, change, removed))) {
      behind.push(change);
      if (!(await hasLanded(git, cwd, change))) kept.push(change);
    } else {
      clean.push(change);
    }
  }
  const holding = [...staged.values()].filter((one) => one.to !== null);
  return untangle({ clean, kept, behind: behind.filter((one) => !meets(one, holding)) }, holding);
}

/** How `update-index` calls the flags by which a person hides their own version of a tracked file from git. */
export type Hidden = 'assume-unchanged' | 'skip-worktree';

/** Tracked files that a person has hidden and that stand on disk. (Not on disk: a sparse checkout; git handles it.) */
export async function hiddenFiles(git: RunGit, cwd: string): Promise<ReadonlyMap<string, Hidden>> {
  const found = new Map<string, Hidden>();
  for (const entry of await listOf(git, ['ls-files', '-v', '-z'], { cwd })) {
    const [tag = ''] = entry;
    const name = entry.slice(2);
    if (tag === 'S' || tag === 's') {
      if (await exists(path.join(cwd, name))) found.set(name, 'skip-worktree');
    } else if (tag !== tag.toUpperCase()) {
      found.set(name, 'assume-unchanged');
    }
  }
  return found;
}

function byPath(changes: readonly Change[]): ReadonlyMap<string, Change> {
  return new Map(changes.map((change) => [change.path, change]));
}

function same(a: Side | null, b: Side | null): boolean {
  return a?.mode === b?.mode && a?.blob === b?.blob;
}

/** Whether something untracked, ignored or not, stands where a new file would go. Git overwrites ignored ones. */
async function stands(cwd: string, change: Change, removed: ReadonlySet<string>): Promise<boolean> {
  if (change.from !== null || change.to === null) return false;
  const parts = change.path.split('/');
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const name = parts.slice(0, depth).join('/');
    const found = await lstat(path.join(cwd, name)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (found === null) return false;
    const isFolder = found.isDirectory();
    if (depth < parts.length && isFolder) continue;
    if (!isFolder) return !removed.has(name);
    return !(await holdsOnly(cwd, name, removed));
  }
  return false;
}

/** Whether a folder holds nothing but files that the landing takes away. */
async function holdsOnly(cwd: string, folder: string, removed: ReadonlySet<string>): Promise<boolean> {
  for (const entry of await readdir(path.join(cwd, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    const fine = entry.isDirectory() ? await holdsOnly(cwd, name, removed) : removed.has(name);
    if (!fine) return false;
  }
  return true;
}

/** Whether the file has the landed content already: a crash came between the files and the index. */
async function hasLanded(git: RunGit, cwd: string, change: Change): Promise<boolean> {
  const found = await lstat(path.join(cwd, change.path)).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (found === null) return change.to === null;
  if (change.to === null || !found.isFile() || !change.to.mode.startsWith('100')) return false;
  const runs = process.platform === 'win32' ? null : (found.mode & 0o100) !== 0;
  if (runs !== null && runs !== (change.to.mode === '100755')) return false;
  const blob = await lineOf(git, ['hash-object', '--', change.path], { cwd });
  return blob === change.to.blob;
}

/** A file and what would lie below it cannot both be there. */
function meets(change: Change, others: readonly Change[]): boolean {
  return others.some(
    ({ path: name }) => name.startsWith(`${change.path}/`) || change.path.startsWith(`${name}/`),
  );
}

/** What stays keeps from moving what it meets; what the person staged (`holding`) keeps its name in the index too. */
function untangle(sorted: Sorted, holding: readonly Change[]): Sorted {
  const stays = [...sorted.kept, ...sorted.behind, ...holding];
  const tangled = sorted.clean.filter((change) => meets(change, stays));
  if (tangled.length === 0) return sorted;
  const next: Sorted = {
    clean: sorted.clean.filter((change) => !tangled.includes(change)),
    kept: [...sorted.kept, ...tangled],
    behind: [...sorted.behind, ...tangled.filter((change) => !meets(change, holding))],
  };
  return untangle(next, holding);
}
