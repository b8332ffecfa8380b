import type { Files } from '../ports/files.ts';
import { StoreError } from '../ports/store.ts';
import { codeOf } from '../system/errorCode.ts';
import { unlinkIfThere } from '../system/unlinkIfThere.ts';
import { sweepDrafts } from './folders.ts';
import { holdsOn, letGo } from './letGo.ts';
import { nobody, ownerFile } from './ownerFiles.ts';
import type { OwnerWatch } from './ownerWatch.ts';
import { Ownership, type OwnershipParts, createRecord } from './ownership.ts';
import type { Place } from './place.ts';
import { leaving, notWritable, ownedElsewhere } from './problems.ts';
import { type OwnerRecord, storeSchema } from './records.ts';
import { openSegment, segmentNumbers } from './segment.ts';

export interface ClaimParts extends OwnershipParts {
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
  for (let swept = false; ;) {
    const { look, epoch } = await watch.sight(folder);
    const below = epoch ?? (await lastEpoch(place));
    const claim = ownerFile(place, 'owner', below);
    if (look.kind === 'owned') throw ownedElsewhere(claim, look.pid, look.mayBeGone);
    if (look.kind === 'leaving') throw leaving(claim, look.pid, look.freeInMs);
    if (!swept) await sweepDrafts(place);
    swept = true;
    if (epoch === null) {
      await tryToCreate(files, claim, nobody(clock.now()));
      continue;
    }
    const own = ownerFile(place, 'owner', below + 1);
    if (!(await tryToClaim(parts, own, record))) continue;
    if (files.stands(claim)) {
      const ownership = new Ownership(parts, below + 1, record);
      return await alone(ownership);
    }
    await unlinkIfThere(files, own);
  }
}

async function tryToClaim({ place, host }: ClaimParts, own: string, record: OwnerRecord): Promise<boolean> {
  const { files } = place;
  try {
    const made = await tryToCreate(files, own, record);
    if (made) holdsOn(host, own, record);
    return made;
  } catch (error) {
    // Whether or not it stands now, this process does not go on with it.
    letGo(host, own, record);
    throw error;
  }
}

/** Also false when another who opens the rig now swept it away half made; whether it may be made is to be seen anew. */
async function tryToCreate(files: Files, path: string, record: OwnerRecord): Promise<boolean> {
  try {
    return await createRecord(files, path, record);
  } catch (error) {
    if (error instanceof StoreError && codeOf(error.cause) === 'ENOENT') return false;
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
