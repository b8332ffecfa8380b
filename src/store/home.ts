import { randomBytes } from 'node:crypto';
import { dirname, join, win32 } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { StoreError } from '../ports/store.ts';
import { createDurably, writeDurably } from '../system/durableFile.ts';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import type { RigId } from '../town/ids.ts';
import { copiedRig, damaged, noRigYet, noState, notWritable, unreadable } from './problems.ts';
import {
  type Pointer,
  deedSchema,
  fileMode,
  pointerSchema,
  printRecord,
  readRecord,
  storeSchema,
} from './records.ts';
import { freeName, makeFolderDurably } from './folders.ts';
import { nobody, ownerFile } from './ownerFiles.ts';
import { createSegment } from './segment.ts';

export interface HomeOptions {
  /** Common git directory of the repository; symlinks are resolved here. */
  readonly commonDir: string;
  /** Where the first owner makes the state folder. */
  readonly storageRoot: string;
  readonly clock: Clock;
  readonly files?: Files;
}

/** The state of a repository. */
export interface Home {
  readonly folder: string;
  readonly id: RigId;
  /** The repository it belongs to. */
  readonly commonDir: string;
  /** Schema of what lies in the folder. */
  readonly schema: number;
}

/** The state of a repository, made when it has none yet. Throws StoreError. */
export async function homeOf(options: HomeOptions): Promise<Home> {
  const { files = realFiles, clock } = options;
  const here = await realDir(files, options.commonDir);
  const path = pointerPath(here);
  // Each turn either ends or finds what a concurrent first owner made in between.
  for (;;) {
    const pointer = await readPointer(files, path);
    if (pointer === null) {
      await settle(here, { ...options, files });
      continue;
    }
    const home = await belongs(files, pointer, here);
    if (home !== null) {
      await nail(files, path, home.folder);
      return home;
    }
    await setAside(files, path, 'copied', clock.now());
  }
}

/** What is known of a repository's state by who only looks. */
export type Found =
  | (Home & { readonly kind: 'own' })
  | { readonly kind: 'none'; readonly pointer: string }
  /** The repository is a copy of another one that has the state. */
  | { readonly kind: 'copy'; readonly pointer: string; readonly original: string };

/** Throws StoreError. */
export async function existingHome(commonDir: string, files: Files): Promise<Found> {
  const here = await realDir(files, commonDir);
  const path = pointerPath(here);
  const pointer = await readPointer(files, path);
  if (pointer === null) return { kind: 'none', pointer: path };
  const home = await titled(files, pointer, path);
  if (home.commonDir !== here && (await pointsTo(files, home.commonDir, pointer.id)))
    return { kind: 'copy', pointer: path, original: home.commonDir };
  return { kind: 'own', ...home };
}

/** The state of a repository that must have one. Throws StoreError. */
export async function homeToRead(commonDir: string, files: Files): Promise<Home> {
  const found = await existingHome(commonDir, files);
  if (found.kind === 'none') throw noRigYet(found.pointer);
  if (found.kind === 'copy') throw copiedRig(found.pointer, found.original);
  return found;
}

/** The state folder of a repository that must have one. Throws StoreError. */
export async function existingHomeOf(commonDir: string, files: Files = realFiles): Promise<string> {
  return (await homeToRead(commonDir, files)).folder;
}

/**
 * Starts afresh, which the person wished: the next opening makes a new state. The pointer to the old one is kept
 * beside as `home.lost-<at>.json`, and so is the state, where there is one. Throws StoreError.
 */
export async function forgetHome(commonDir: string, clock: Clock, files: Files = realFiles): Promise<void> {
  await setAside(files, pointerPath(await realDir(files, commonDir)), 'lost', clock.now());
}

function realDir(files: Files, commonDir: string): Promise<string> {
  return files.realPath(commonDir).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? notWritable(commonDir, error) : unreadable(commonDir, error);
  });
}

function pointerPath(commonDir: string): string {
  return join(commonDir, 'rigs', 'home.json');
}

async function readPointer(files: Files, path: string): Promise<Pointer | null> {
  const pointer = await readRecord(files, path, pointerSchema);
  // Of either system: a repository of Windows may be looked at from a container.
  if (pointer !== null && !win32.isAbsolute(pointer.folder))
    throw damaged(path, 'its folder is not absolute');
  return pointer;
}

type Settling = HomeOptions & { readonly files: Files };

/** Makes the folder whole before anything points to it; of two who do so at once, one pointer stands. */
async function settle(here: string, { storageRoot, clock, files }: Settling): Promise<void> {
  const id = randomBytes(10).toString('hex') as RigId;
  const folder = join(storageRoot, 'rigs', id);
  await writing(folder, async () => {
    const place = { files, folder };
    await makeFolderDurably(files, folder);
    await createSegment(place, { segment: 1, after: 0, epoch: 0, previous: 0 });
    await createDurably(ownerFile(place, 'owner', 0), printRecord(nobody(clock.now())), {
      mode: fileMode,
      files,
    });
    await writeDeed(files, { folder, id, commonDir: here });
  });
  const path = pointerPath(here);
  const pointer: Pointer = { schema: storeSchema, id, folder, commonDir: here, madeAt: clock.now() };
  const first = await writing(path, async () => {
    await makeFolderDurably(files, join(here, 'rigs'));
    return createDurably(path, printRecord(pointer), { mode: fileMode, files });
  });
  if (!first) await dismantle(files, folder);
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

/** The state, if it is this repository's. One that moved takes its state along; a copy (`cp -r`) does not. */
async function belongs(files: Files, pointer: Pointer, here: string): Promise<Home | null> {
  const path = pointerPath(here);
  const home = await titled(files, pointer, path);
  if (home.commonDir !== here) {
    if (await pointsTo(files, home.commonDir, pointer.id)) return null;
    await writing(home.folder, () => writeDeed(files, { ...home, commonDir: here }, home.schema));
  }
  if (pointer.commonDir !== here) {
    const moved = printRecord({ ...pointer, commonDir: here });
    await writing(path, () => writeDurably(path, moved, { mode: fileMode, files }));
  }
  return { ...home, commonDir: here };
}

/** The state, with the repository that the folder itself says it belongs to. */
async function titled(files: Files, { folder, id }: Pointer, path: string): Promise<Home> {
  const deed = await readRecord(files, join(folder, 'rig.json'), deedSchema);
  if (deed?.id !== id) throw noState(path, folder);
  const { commonDir, schema } = deed;
  return { folder, id: id as RigId, commonDir, schema };
}

/** Whether another repository stands there with the same rig. */
async function pointsTo(files: Files, commonDir: string, id: string): Promise<boolean> {
  return (await readRecord(files, pointerPath(commonDir), pointerSchema))?.id === id;
}

/** Says in the folder whose it is. */
export async function writeDeed(
  files: Files,
  { folder, id, commonDir }: Omit<Home, 'schema'>,
  schema = storeSchema,
): Promise<void> {
  const deed = printRecord({ schema, id, commonDir });
  const write = (): Promise<void> => writeDurably(join(folder, 'rig.json'), deed, { mode: fileMode, files });
  await write().catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    // Another who opens the rig now swept it away half written, which each does once.
    return write();
  });
}

async function setAside(files: Files, path: string, why: 'copied' | 'lost', at: number): Promise<void> {
  try {
    await files.rename(path, freeName(files, dirname(path), `home.${why}-`, at, '.json'));
    await files.syncFolder(dirname(path));
  } catch (error) {
    // Another window of the same repository was quicker.
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
