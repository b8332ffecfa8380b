import { randomBytes } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { StoreError } from '../ports/store.ts';
import { createDurably, writeDurably } from '../system/durableFile.ts';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { copiedRig, damaged, noRigYet, noState, notWritable } from './problems.ts';
import {
  type Pointer,
  deedSchema,
  fileMode,
  folderMode,
  pointerSchema,
  printRecord,
  readRecord,
  storeSchema,
} from './records.ts';
import { createSegment } from './segment.ts';

export interface HomeOptions {
  /** Common git directory of the repository; symlinks are resolved here. */
  readonly commonDir: string;
  /** Where the first owner makes the state folder. */
  readonly storageRoot: string;
  readonly clock: Clock;
  readonly files?: Files;
}

/** The state folder of a repository, made when it has none yet. Throws StoreError. */
export async function homeOf(options: HomeOptions): Promise<string> {
  const { files = realFiles, clock } = options;
  const here = await realDir(files, options.commonDir);
  const path = pointerPath(here);
  // Each turn either ends or finds what a concurrent first owner made in between.
  for (;;) {
    const pointer = await readPointer(files, path);
    if (pointer === null) await settle(here, { ...options, files });
    else if (await belongs(files, pointer, here)) {
      await nail(files, path, pointer.folder);
      return pointer.folder;
    } else await setAside(files, path, clock.now());
  }
}

/** The state folder of a repository, for those who only read. Throws StoreError. */
export async function existingHomeOf(commonDir: string, files: Files = realFiles): Promise<string> {
  const here = await realDir(files, commonDir);
  const path = pointerPath(here);
  const pointer = await readPointer(files, path);
  if (pointer === null) throw noRigYet(path);
  const owner = await ownerOf(files, pointer, path);
  if (owner !== here && (await pointsTo(files, owner, pointer.id))) throw copiedRig(path, owner);
  return pointer.folder;
}

function realDir(files: Files, commonDir: string): Promise<string> {
  return writing(commonDir, () => files.realPath(commonDir));
}

function pointerPath(commonDir: string): string {
  return join(commonDir, 'rigs', 'home.json');
}

async function readPointer(files: Files, path: string): Promise<Pointer | null> {
  const pointer = await readRecord(files, path, pointerSchema);
  if (pointer !== null && !isAbsolute(pointer.folder)) throw damaged(path, 'its folder is not absolute');
  return pointer;
}

type Settling = HomeOptions & { readonly files: Files };

/** Makes the folder whole before anything points to it; of two who do so at once, one pointer stands. */
async function settle(here: string, { storageRoot, clock, files }: Settling): Promise<void> {
  const id = randomBytes(10).toString('hex');
  const folder = join(storageRoot, 'rigs', id);
  await writing(folder, async () => {
    await makeFolderDurably(files, folder);
    await createSegment({ files, folder }, 1, 0);
    await writeDeed(files, folder, id, here);
  });
  const path = pointerPath(here);
  const pointer: Pointer = { schema: storeSchema, id, folder, commonDir: here, madeAt: clock.now() };
  const first = await writing(path, async () => {
    await makeFolderDurably(files, join(here, 'rigs'));
    return createDurably(path, printRecord(pointer), { mode: fileMode, files });
  });
  if (!first) await dismantle(files, folder);
}

/** A folder whose name outlives a power cut, and the names of those above it that were made for it. */
async function makeFolderDurably(files: Files, folder: string): Promise<void> {
  const made: string[] = [];
  for (let each = folder; !files.stands(each); each = dirname(each)) made.push(each);
  await files.makeFolder(folder, folderMode);
  for (const each of made) await files.syncFolder(dirname(each));
}

/**
 * Who made the pointer or the folder may have been killed, or be at it still, before their names were on disk. From
 * here on they are relied on.
 */
async function nail(files: Files, pointer: string, folder: string): Promise<void> {
  const rigs = dirname(pointer);
  await writing(rigs, async () => {
    for (const each of [dirname(rigs), rigs, dirname(dirname(folder)), dirname(folder), folder])
      await files.syncFolder(each);
  });
}

/** Nobody was ever told of this folder, so nothing can be in it but what was put there to begin with. */
async function dismantle(files: Files, folder: string): Promise<void> {
  for (const name of await files.list(folder)) await files.unlink(join(folder, name));
  await files.removeFolder(folder);
}

/** Whether the folder is this repository's. One that moved takes its state along; a copy (`cp -r`) does not. */
async function belongs(files: Files, pointer: Pointer, here: string): Promise<boolean> {
  const path = pointerPath(here);
  const owner = await ownerOf(files, pointer, path);
  if (owner !== here) {
    if (await pointsTo(files, owner, pointer.id)) return false;
    await writing(pointer.folder, () => writeDeed(files, pointer.folder, pointer.id, here));
  }
  if (pointer.commonDir !== here) {
    const moved = printRecord({ ...pointer, commonDir: here });
    await writing(path, () => writeDurably(path, moved, { mode: fileMode, files }));
  }
  return true;
}

/** The repository that the folder itself says it belongs to. */
async function ownerOf(files: Files, pointer: Pointer, path: string): Promise<string> {
  const deed = await readRecord(files, join(pointer.folder, 'rig.json'), deedSchema);
  if (deed?.id !== pointer.id) throw noState(path, pointer.folder);
  return deed.commonDir;
}

/** Whether another repository stands there with the same rig. */
async function pointsTo(files: Files, commonDir: string, id: string): Promise<boolean> {
  return (await readRecord(files, pointerPath(commonDir), pointerSchema))?.id === id;
}

async function writeDeed(files: Files, folder: string, id: string, commonDir: string): Promise<void> {
  const deed = printRecord({ schema: storeSchema, id, commonDir });
  await writeDurably(join(folder, 'rig.json'), deed, { mode: fileMode, files });
}

async function setAside(files: Files, path: string, at: number): Promise<void> {
  try {
    await files.rename(path, path.replace(/\.json$/, `.copied-${String(at)}.json`));
  } catch (error) {
    // Another window of the same copy was quicker.
    if (codeOf(error) !== 'ENOENT') throw notWritable(path, error);
  }
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw error instanceof StoreError ? error : notWritable(path, error);
  }
}
