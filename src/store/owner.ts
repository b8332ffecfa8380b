import type { Clock } from '../ports/clock.ts';
import type { Files, Tail } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';
import { StoreError } from '../ports/store.ts';
import { createDurably } from '../system/durableFile.ts';
import { unlinkIfThere } from './folders.ts';
import { letGo } from './letGo.ts';
import { type OwnerFile, epochsAmong, nobody, ownerFile } from './ownerFiles.ts';
import type { OwnerWatch } from './ownerWatch.ts';
import type { Place } from './place.ts';
import { leaving, notWritable, ownedElsewhere } from './problems.ts';
import {
  type OwnerRecord,
  type Release,
  fileMode,
  ownerSchema,
  printRecord,
  readRecord,
  storeSchema,
} from './records.ts';
import { openSegment, segmentNumbers } from './segment.ts';

export interface ClaimParts {
  readonly place: Place;
  readonly host: Host;
  readonly clock: Clock;
  /** Key of this window, the same over its reloads; empty for what is no window. */
  readonly window: string;
  readonly watch: OwnerWatch;
}

/**
 * Makes this process the one owner of a rig, or throws StoreError `owned_elsewhere`.
 *
 * Each owner creates a file of its own with the next number. A single lock file that a successor removes would not
 * do: of two successors the slower one removes what the quicker one just made. A claim counts only if the one below it
 * still stands once it is made: claims are removed by those above them and from the lowest on, so if it is gone, a
 * whole ownership came and went between the look and the claim.
 */
export async function claimOwnership(parts: ClaimParts): Promise<Ownership> {
  const { place, host, clock, window, watch } = parts;
  const { files, folder } = place;
  const record: OwnerRecord = {
    schema: storeSchema,
    ...(await host.me()),
    window,
    released: false,
    at: clock.now(),
  };
  for (;;) {
    const { look, epoch } = await watch.sight(folder);
    const below = epoch ?? (await lastEpoch(place));
    const claim = ownerFile(place, 'owner', below);
    if (look.kind === 'owned') throw ownedElsewhere(claim, look.pid, look.mayBeGone);
    if (look.kind === 'leaving') throw leaving(claim, look.pid, look.freeInMs);
    if (epoch === null) {
      await create(files, claim, nobody(clock.now()));
      continue;
    }
    const own = ownerFile(place, 'owner', below + 1);
    if (!(await tryToClaim(parts, own, record))) continue;
    if (files.stands(claim)) {
      const ownership = new Ownership(parts, below + 1);
      return await alone(ownership);
    }
    await unlinkIfThere(files, own);
  }
}

async function tryToClaim({ place, host }: ClaimParts, own: string, record: OwnerRecord): Promise<boolean> {
  const { files } = place;
  try {
    return await create(files, own, record);
  } catch (error) {
    // Whether or not it stands now, this process does not go on with it.
    const found = await readRecord(files, own, ownerSchema).catch(() => null);
    if (found !== null && printRecord(found) === printRecord(record)) letGo(host, own);
    throw error;
  }
}

async function alone(ownership: Ownership): Promise<Ownership> {
  try {
    await ownership.removeOlder('owner');
    return ownership;
  } catch (error) {
    await ownership.release();
    throw error instanceof StoreError ? error : notWritable(ownership.claim, error);
  }
}

/** Where somebody removed the claims by hand, the journal knows how far they had come. */
async function lastEpoch(place: Place): Promise<number> {
  const newest = segmentNumbers(await place.files.list(place.folder)).at(-1);
  return newest === undefined ? 0 : (await openSegment(place, newest)).header.epoch;
}

async function create(
  files: Files,
  path: string,
  record: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  try {
    return await createDurably(path, printRecord(record), { mode: fileMode, files });
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** That this process owns the rig. */
export class Ownership {
  readonly epoch: number;
  readonly #parts: ClaimParts;
  /** Path of its claim. */
  readonly claim: string;
  readonly #next: string;
  #pulse: Tail | null = null;
  #hosting: Promise<void> = Promise.resolve();

  constructor(parts: ClaimParts, epoch: number) {
    this.#parts = parts;
    this.epoch = epoch;
    this.claim = ownerFile(parts.place, 'owner', epoch);
    this.#next = ownerFile(parts.place, 'owner', epoch + 1);
  }

  /**
   * Whether nobody has claimed the rig since. Two looks, because a successor's successor removes both claims, and
   * always this one first. Throws when the system does not say.
   */
  holds(): boolean {
    const { files } = this.#parts.place;
    return files.stands(this.claim) && !files.stands(this.#next);
  }

  /** Removes what owners before this one left, from the lowest on. */
  async removeOlder(...which: readonly OwnerFile[]): Promise<void> {
    const { place } = this.#parts;
    const names = await place.files.list(place.folder);
    for (const each of which) {
      for (const epoch of epochsAmong(names, each)) {
        if (epoch >= this.epoch) continue;
        await unlinkIfThere(place.files, ownerFile(place, each, epoch));
        // So that no power cut brings back a lower one alone.
        if (each === 'owner') await place.files.syncFolder(place.folder);
      }
    }
  }

  /** Moves the counter by which those who cannot see this process see that it lives. */
  beat(): void {
    const { place } = this.#parts;
    this.#pulse ??= place.files.openTail(ownerFile(place, 'pulse', this.epoch), fileMode);
    this.#pulse.write(Buffer.from('.'));
  }

  /** Durable when it resolves. Throws StoreError `not_writable`. */
  hosts(live: boolean): Promise<void> {
    const { files, folder } = this.#parts.place;
    const path = ownerFile(this.#parts.place, 'hosting', this.epoch);
    const change = async (): Promise<void> => {
      try {
        if (live) await createDurably(path, '', { mode: fileMode, files });
        else if (files.stands(path)) {
          await files.unlink(path);
          await files.syncFolder(folder);
        }
      } catch (error) {
        throw notWritable(path, error);
      }
    };
    // One after the other, whatever became of the one before: its caller was told.
    this.#hosting = this.#hosting.then(change, change);
    return this.#hosting;
  }

  /** Lets go, and says how far it had come, if anywhere. */
  async release({ seq, segment }: Release = { seq: 0, segment: 0 }): Promise<void> {
    const { place, host, clock } = this.#parts;
    const path = ownerFile(place, 'released', this.epoch);
    await this.#hosting.catch(() => undefined);
    try {
      this.#pulse?.close();
      await create(place.files, path, { schema: storeSchema, seq, segment, at: clock.now() });
    } catch {
      // A disk that takes nothing any more must not keep this process from opening the rig again.
      letGo(host, this.claim);
    }
  }
}
