import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git, Repository } from '../../ports/git.ts';
import { codeOf } from '../../system/errorCode.ts';
import type { CommitId } from '../../town/ids.ts';

/** Worktrees that were moved aside; nobody's work is in them. */
const asidePrefix = '.problems-';

/** A place beside a worktree that never was. */
export function aside(cwd: string): string {
  return path.join(path.dirname(cwd), `${asidePrefix}${randomUUID().slice(0, 8)}`);
}

/** False: a program still holds it. */
export async function isMoved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

/** What a crash left aside. To be called while nothing is proven. */
export async function clearAside(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const left = names.filter((name) => name.startsWith(asidePrefix));
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

/** Not through a link: what a branch or a check left there may lead anywhere. */
export async function isFile(folder: string, file: string): Promise<boolean> {
  const inside = await realInside(folder, file);
  const found = inside === null ? null : await lstat(inside).catch(() => null);
  return found?.isFile() === true;
}

/** The path with its folders as they really are; null: they are not there, or lead out. */
async function realInside(folder: string, file: string): Promise<string | null> {
  const root = await realpath(folder);
  const wanted = path.join(root, ...file.split('/'));
  const parent = await realpath(path.dirname(wanted)).catch((error: unknown) => {
    if (codeOf(error) === undefined) throw error;
    return null;
  });
  const isIn = parent === root || parent?.startsWith(root + path.sep) === true;
  return parent !== null && isIn ? path.join(parent, path.basename(wanted)) : null;
}

/**
 * As the target has it: nothing else differs, and what the checks installed stays, without which a language server says
 * of every import that it is missing.
 */
export async function takeBack(
  { git, repository }: { readonly git: Pick<Git, 'show'>; readonly repository: Repository },
  folder: string,
  base: CommitId,
  changed: readonly string[],
): Promise<void> {
  // Folders and links before what lies below them.
  const files = changed.toSorted();
  for (const file of files) {
    const place = await realInside(folder, file);
    if (place !== null) await rm(place, { recursive: true, force: true });
  }
  for (const file of files) {
    const text = await git.show(repository, base, file);
    if (text === null) continue;
    await makeParents(folder, file);
    const place = await realInside(folder, file);
    if (place !== null) await writeFile(place, text, { flag: 'wx' });
  }
}

async function makeParents(folder: string, file: string): Promise<void> {
  const parts = file.split('/').slice(0, -1);
  for (const [index] of parts.entries()) {
    const place = await realInside(folder, parts.slice(0, index + 1).join('/'));
    if (place === null) return;
    await mkdir(place, { recursive: true });
  }
}
