import path from 'node:path';
import type { Furnished, Furniture, LeftOut, Repository } from '../ports/git.ts';
import type { Turns } from '../system/turns.ts';
import { codeOf } from '../system/errorCode.ts';
import type { CommitId } from '../town/ids.ts';
import { placeFile, withArrivals } from './arrivals.ts';
import { show } from './history.ts';
import { isPlainPath, look, makeFoldersFor, obstacle, realInside } from './inside.ts';
import { ignoredOf, matcherOf } from './matching.ts';
import { isMissing } from './place.ts';
import type { RunGit } from './run.ts';
import { type Room, shareFolders } from './sharedFolders.ts';
import { wantedFiles } from './wantedFiles.ts';

/** Names, in gitignore's syntax, the ignored files that a new worktree needs. */
export const includeFile = '.worktreeinclude';

/** Bytes: settings and keys are far smaller; what is larger is built, fetched, or shared by a setting. */
const maxFileBytes = 16 << 20;
const maxAllBytes = 64 << 20;
/** Characters of the patterns themselves. */
const maxPatterns = 64 << 10;

/** What `.worktreeinclude` says at the newest commit that was asked about: a commit does not change. */
export class Includes {
  #known: { readonly key: string; readonly patterns: Promise<string> } | null = null;

  async at(git: RunGit, repository: Repository, commit: CommitId): Promise<string> {
    const key = `${repository.commonDir}\0${commit}`;
    const known = this.#known;
    if (known?.key === key) return known.patterns;
    const mine = { key, patterns: show(git, repository, commit, includeFile).then((text) => text ?? '') };
    this.#known = mine;
    try {
      return await mine.patterns;
    } catch (error) {
      if (this.#known === mine) this.#known = null;
      throw error;
    }
  }
}

/**
 * Gives a new worktree what git ignores: copies of the files that `.worktreeinclude` names, and the folders of the
 * person's setting. All of it comes from the person's own checkout; nothing is written over, and nothing comes that git
 * would commit. A call that was interrupted is finished by the next.
 */
export async function furnish(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  worktree: string,
  furniture: Furniture & { readonly includes: Includes; readonly signal: AbortSignal | undefined },
): Promise<Furnished> {
  const { commit, share, includes, signal } = furniture;
  const patterns = await includes.at(git, repository, commit);
  const nothing = patterns.trim() === '' && Object.keys(share).length === 0;
  if (nothing) return { files: [], folders: [], leftOut: [] };
  return turns.take(worktree, () =>
    withArrivals(worktree, async (arrivals) => {
      const room: Room = { git, root: repository.root, worktree, arrivals, signal };
      const shared = await shareFolders(room, share);
      const copied = await copyFiles(room, patterns, Object.keys(share));
      return { ...shared, files: copied.files, leftOut: [...shared.leftOut, ...copied.leftOut] };
    }),
  );
}

async function copyFiles(
  room: Room,
  patterns: string,
  shared: readonly string[],
): Promise<Omit<Furnished, 'folders'>> {
  if (patterns.trim() === '') return { files: [], leftOut: [] };
  if (patterns.length > maxPatterns) return { files: [], leftOut: [{ path: includeFile, why: 'too_large' }] };
  const { git, root, worktree, arrivals } = room;
  const matches = await matcherOf(git, arrivals, patterns);
  const wanted = await wantedFiles(git, root, patterns, matches);
  const leftOut: LeftOut[] = [...wanted.leftOut];
  const open: string[] = [];
  for (const file of wanted.files) {
    if (!isPlainPath(file)) leftOut.push({ path: file, why: 'bad_path' });
    else if (!shared.some((folder) => file.startsWith(`${folder.replace(/\/+$/, '')}/`))) {
      const why = await obstacle(worktree, file);
      if (why === null) open.push(file);
      else leftOut.push({ path: file, why });
    }
  }
  const ignored = await ignoredOf(git, worktree, open);
  const files: string[] = [];
  let bytesLeft = maxAllBytes;
  for (const file of open) {
    room.signal?.throwIfAborted();
    const came = ignored.has(file) ? await copyOne(room, file, bytesLeft) : 'not_ignored';
    if (typeof came === 'string') leftOut.push({ path: file, why: came });
    else {
      bytesLeft -= came.bytes;
      if (came.copied) files.push(file);
    }
  }
  return { files, leftOut };
}

/** `copied` is false where a file of that name stands already: the worktree's own, or an earlier try's. */
type Came = { readonly bytes: number; readonly copied: boolean };

async function copyOne(room: Room, file: string, bytesLeft: number): Promise<Came | LeftOut['why']> {
  const { root, worktree, arrivals } = room;
  if ((await look(path.join(worktree, file))) !== null) return { bytes: 0, copied: false };
  try {
    const real = await realInside(root, file);
    if (real === null) return 'leads_out';
    const found = await look(real);
    if (found?.isFile() !== true) return 'not_a_file';
    const bytes = found.size;
    if (bytes > maxFileBytes || bytes > bytesLeft) return 'too_large';
    await makeFoldersFor(root, worktree, file);
    return { bytes, copied: await placeFile(arrivals, real, path.join(worktree, file)) };
  } catch (error) {
    if (isMissing(error)) return 'not_a_file';
    const code = String(codeOf(error));
    if (code === 'EACCES' || code === 'EPERM' || code === 'ELOOP') return 'unreadable';
    throw error;
  }
}
