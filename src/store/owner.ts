import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';
import { createDurably, writeDurably } from '../system/durableFile.ts';
import { codeOf } from '../system/errorCode.ts';
import type { Place } from './place.ts';
import { notWritable, ownedElsewhere } from './problems.ts';
import { type OwnerRecord, fileMode, ownerSchema, printRecord, readRecord, storeSchema } from './records.ts';

/** That this process owns the rig. */
export interface Ownership {
  /** Grows with every owner the rig ever had. */
  readonly epoch: number;
  release(): Promise<void>;
}

/**
 * Makes this process the one owner of a rig, or throws StoreError `owned_elsewhere`.
 *
 * Each owner creates a file of its own with the next number. A single lock file that a successor removes would not
 * do: of two successors the slower one removes what the quicker one just made.
 */
export async function claimOwnership(place: Place, host: Host, clock: Clock): Promise<Ownership> {
  const { files, folder } = place;
  const record: OwnerRecord = { schema: storeSchema, ...(await host.me()), released: false, at: clock.now() };
  for (;;) {
    const epochs = await epochsIn(place);
    const newest = epochs.at(-1) ?? 0;
    await refuseIfOwned(place, host, newest);
    const epoch = newest + 1;
    const path = fileOf(folder, epoch);
    if (!(await claim(files, path, record))) continue;
    if ((await epochsIn(place)).at(-1) !== epoch) {
      // A whole ownership came and went between our look and our claim, and took a higher number.
      await unlinkIfThere(files, path);
      continue;
    }
    for (const old of epochs) await unlinkIfThere(files, fileOf(folder, old));
    const release = (): Promise<void> =>
      writeDurably(path, printRecord({ ...record, released: true }), { mode: fileMode, files });
    return { epoch, release };
  }
}

function fileOf(folder: string, epoch: number): string {
  return join(folder, `owner-${String(epoch)}.json`);
}

async function epochsIn({ files, folder }: Place): Promise<readonly number[]> {
  const names = await files.list(folder);
  const epochs = names.flatMap((name) => /^owner-(\d+)\.json$/.exec(name)?.[1] ?? []);
  return epochs.map(Number).sort((a, b) => a - b);
}

async function claim(files: Files, path: string, record: OwnerRecord): Promise<boolean> {
  try {
    return await createDurably(path, printRecord(record), { mode: fileMode, files });
  } catch (error) {
    throw notWritable(path, error);
  }
}

async function refuseIfOwned({ files, folder }: Place, host: Host, epoch: number): Promise<void> {
  const path = fileOf(folder, epoch);
  const owner = await readRecord(files, path, ownerSchema);
  if (owner === null || owner.released) return;
  const life = await host.isAlive(owner);
  if (life !== 'dead') throw ownedElsewhere(path, owner.pid, life === 'unknown');
}

async function unlinkIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
