import { randomBytes } from 'node:crypto';
import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { StoreError } from '../ports/store.ts';
import { createDurably, writeDurably } from '../system/durableFile.ts';
import { copiedRig, damaged, noRigYet, noState, notWritable } from './problems.ts';
import {
  type Pointer,
  codeOf,
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
}

/** The state folder of a repository, made when it has none yet. Throws StoreError. */
export async function homeOf(options: HomeOptions): Promise<string> {
  const here = await realDir(options.commonDir);
  const path = pointerPath(here);
  // Each turn either ends or finds what a concurrent first owner made in between.
  for (;;) {
    const pointer = await readPointer(path);
    if (pointer === null) await settle(here, options);
    else if (await belongs(pointer, here)) return pointer.folder;
    else await setAside(path, options.clock.now());
  }
}

/** The state folder of a repository, for those who only read. Throws StoreError. */
export async function existingHomeOf(commonDir: string): Promise<string> {
  const here = await realDir(commonDir);
  const path = pointerPath(here);
  const pointer = await readPointer(path);
  if (pointer === null) throw noRigYet(path);
  const owner = await ownerOf(pointer, path);
  if (owner !== here && (await pointsTo(owner, pointer.id))) throw copiedRig(path, owner);
  return pointer.folder;
}

function realDir(commonDir: string): Promise<string> {
  return writing(commonDir, () => realpath(commonDir));
}

function pointerPath(commonDir: string): string {
  return join(commonDir, 'rigs', 'home.json');
}

async function readPointer(path: string): Promise<Pointer | null> {
  const pointer = await readRecord(path, pointerSchema);
  if (pointer !== null && !isAbsolute(pointer.folder)) throw damaged(path, 'its folder is not absolute');
  return pointer;
}

/** Makes the folder whole before anything points to it; of two who do so at once, one pointer stands. */
async function settle(here: string, { storageRoot, clock }: HomeOptions): Promise<void> {
  const id = randomBytes(10).toString('hex');
  const folder = join(storageRoot, 'rigs', id);
  await writing(folder, async () => {
    await mkdir(folder, { recursive: true, mode: folderMode });
    await createSegment(folder, 1, 0);
    await writeDeed(folder, id, here);
  });
  const path = pointerPath(here);
  const pointer: Pointer = { schema: storeSchema, id, folder, commonDir: here, madeAt: clock.now() };
  const first = await writing(path, async () => {
    await mkdir(join(here, 'rigs'), { recursive: true, mode: folderMode });
    return createDurably(path, printRecord(pointer), { mode: fileMode });
  });
  // Nobody was ever told of this folder, so nothing can be in it.
  if (!first) await rm(folder, { recursive: true });
}

/** Whether the folder is this repository's. One that moved takes its state along; a copy (`cp -r`) does not. */
async function belongs(pointer: Pointer, here: string): Promise<boolean> {
  const path = pointerPath(here);
  const owner = await ownerOf(pointer, path);
  if (owner !== here) {
    if (await pointsTo(owner, pointer.id)) return false;
    await writing(pointer.folder, () => writeDeed(pointer.folder, pointer.id, here));
  }
  if (pointer.commonDir !== here) {
    const moved = printRecord({ ...pointer, commonDir: here });
    await writing(path, () => writeDurably(path, moved, { mode: fileMode }));
  }
  return true;
}

/** The repository that the folder itself says it belongs to. */
async function ownerOf(pointer: Pointer, path: string): Promise<string> {
  const deed = await readRecord(join(pointer.folder, 'rig.json'), deedSchema);
  if (deed?.id !== pointer.id) throw noState(path, pointer.folder);
  return deed.commonDir;
}

/** Whether another repository stands there with the same rig. */
async function pointsTo(commonDir: string, id: string): Promise<boolean> {
  return (await readRecord(pointerPath(commonDir), pointerSchema))?.id === id;
}

async function writeDeed(folder: string, id: string, commonDir: string): Promise<void> {
  const deed = printRecord({ schema: storeSchema, id, commonDir });
  await writeDurably(join(folder, 'rig.json'), deed, { mode: fileMode });
}

async function setAside(path: string, at: number): Promise<void> {
  try {
    await rename(path, path.replace(/\.json$/, `.copied-${String(at)}.json`));
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
