import type { Clock } from '../ports/clock.ts';
import type { Files, Tail } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';
import { createDurably } from '../system/durableFile.ts';
import { unlinkIfThere } from '../system/unlinkIfThere.ts';
import { letGo } from './letGo.ts';
import { type OwnerFile, epochsAmong, ownerFile } from './ownerFiles.ts';
import type { Place } from './place.ts';
import { notWritable } from './problems.ts';
import { type OwnerRecord, type Release, fileMode, printRecord, storeSchema } from './records.ts';

export interface OwnershipParts {
  readonly place: Place;
  readonly host: Host;
  readonly clock: Clock;
}

/** A file that is written once; false when it is there already. Throws StoreError `not_writable`. */
export async function createRecord(
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
  readonly #parts: OwnershipParts;
  /** What its claim says. */
  readonly #record: OwnerRecord;
  /** Path of its claim. */
  readonly claim: string;
  readonly #next: string;
  #pulse: Tail | null = null;
  #hosting: Promise<void> = Promise.resolve();

  constructor(parts: OwnershipParts, epoch: number, record: OwnerRecord) {
    this.#parts = parts;
    this.#record = record;
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
    } catch {
      // Nobody reads the counter of an owner that let go.
    }
    try {
      await createRecord(place.files, path, { schema: storeSchema, seq, segment, at: clock.now() });
    } catch {
      // A disk that takes nothing any more must not keep this process from opening the rig again.
      letGo(host, this.claim, this.#record);
    }
  }
}
