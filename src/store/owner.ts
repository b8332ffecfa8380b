import { readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { createDurably, writeDurably } from '../system/durableFile.ts';
import { bootId, identityOf, isAlive } from '../system/processIdentity.ts';
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
export async function claimOwnership(folder: string, clock: Clock): Promise<Ownership> {
  const record = await myself(clock);
  for (;;) {
    const epochs = await epochsIn(folder);
    const newest = epochs.at(-1) ?? 0;
    await refuseIfOwned(folder, newest);
    const epoch = newest + 1;
    const path = fileOf(folder, epoch);
    if (!(await claim(path, record))) continue;
    if ((await epochsIn(folder)).at(-1) !== epoch) {
      // A whole ownership came and went between our look and our claim, and took a higher number.
      await rm(path, { force: true });
      continue;
    }
    for (const old of epochs) await rm(fileOf(folder, old), { force: true });
    const release = (): Promise<void> =>
      writeDurably(path, printRecord({ ...record, released: true }), { mode: fileMode });
    return { epoch, release };
  }
}

function fileOf(folder: string, epoch: number): string {
  return join(folder, `owner-${String(epoch)}.json`);
}

async function epochsIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  const epochs = names.flatMap((name) => /^owner-(\d+)\.json$/.exec(name)?.[1] ?? []);
  return epochs.map(Number).sort((a, b) => a - b);
}

async function claim(path: string, record: OwnerRecord): Promise<boolean> {
  try {
    return await createDurably(path, printRecord(record), { mode: fileMode });
  } catch (error) {
    throw notWritable(path, error);
  }
}

async function refuseIfOwned(folder: string, epoch: number): Promise<void> {
  const path = fileOf(folder, epoch);
  const owner = await readRecord(path, ownerSchema);
  if (owner === null || owner.released) return;
  if (await isAlive(owner)) throw ownedElsewhere(path, owner.pid, false);
  // Its process id means nothing here, so it may well live.
  const elsewhere = owner.boot === (await bootId()) && owner.pidSpace !== (await pidSpace());
  if (elsewhere) throw ownedElsewhere(path, owner.pid, true);
}

async function myself(clock: Clock): Promise<OwnerRecord> {
  const identity = await identityOf(process.pid);
  return {
    schema: storeSchema,
    pid: process.pid,
    startTime: identity?.startTime ?? '',
    boot: await bootId(),
    pidSpace: await pidSpace(),
    released: false,
    at: clock.now(),
  };
}

/** pid_namespaces(7): processes that see each other under the same numbers read the same link. */
async function pidSpace(): Promise<string> {
  return process.platform === 'linux' ? readlink('/proc/self/ns/pid') : '';
}
