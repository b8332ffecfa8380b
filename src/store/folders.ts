import { basename, dirname, join } from 'node:path';
import type { Files } from '../ports/files.ts';
import { createDurably, draftSuffix } from '../system/durableFile.ts';
import type { Place } from './place.ts';
import { fileMode, folderMode } from './records.ts';

/** A folder whose name outlives a power cut, and the names of those above it that were made for it. */
export async function makeFolderDurably(files: Files, folder: string): Promise<void> {
  const unsure: string[] = [];
  let each = folder;
  for (; !files.stands(each); each = dirname(each)) unsure.push(each);
  // What stands may be what an earlier try made, and could not bring onto the disk.
  for (let above = 0; above < levelsOfOurs && dirname(each) !== each; above += 1, each = dirname(each))
    unsure.push(each);
  await files.makeFolder(folder, folderMode);
  for (const one of unsure) await files.syncFolder(dirname(one));
}

/** `<storage>/rigs/<id>`: as many names as one try makes. */
const levelsOfOurs = 3;

/** Copies a file into a folder; what is there under its name already is a copy of before and stays. */
export async function copyInto(files: Files, path: string, folder: string): Promise<void> {
  const name = join(folder, basename(path));
  await createDurably(name, await files.read(path), { mode: fileMode, files });
}

/**
 * Removes what owners that are gone were still writing, for a full disk has no room for a claim before. Best effort:
 * what is in the way of more than room is told by who writes there next.
 */
export async function sweepDrafts({ files, folder }: Place): Promise<void> {
  const names = await files.list(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(draftSuffix)))
    await files.unlink(join(folder, name)).catch(() => undefined);
}

/** `<name><at><ending>` in a folder, or the next number that nothing bears yet. */
export function freeName(files: Files, folder: string, name: string, at: number, ending = ''): string {
  for (let time = at; ; time += 1) {
    const path = join(folder, `${name}${String(time)}${ending}`);
    if (!files.stands(path)) return path;
  }
}
