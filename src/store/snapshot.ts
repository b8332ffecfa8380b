import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { StoreError } from '../ports/store.ts';
import { discard, emptyDiscarded } from '../system/discard.ts';
import { writeDurably } from '../system/durableFile.ts';
import { codeOf } from '../system/errorCode.ts';
import { unlinkIfThere } from '../system/unlinkIfThere.ts';
import type { Place } from './place.ts';
import { damaged } from './problems.ts';
import { type Manifest, fileMode, manifestSchema, printRecord, readRecord, storeSchema } from './records.ts';
import { segmentNumbers, segmentPath } from './segment.ts';

export interface Snapshot {
  readonly manifest: Manifest;
  readonly bytes: Uint8Array;
}

export function databasePath(folder: string, seq: number): string {
  return join(folder, `snapshot-${String(seq)}.sqlite`);
}

function manifestPath(folder: string, seq: number): string {
  return join(folder, `snapshot-${String(seq)}.json`);
}

/** Sequence numbers of the snapshots in a folder, newest first. */
export function snapshotSeqs(names: readonly string[]): readonly number[] {
  const seqs = names.flatMap((name) => /^snapshot-(\d+)\.json$/.exec(name)?.[1] ?? []);
  return seqs.map(Number).sort((a, b) => b - a);
}

/**
 * Reads a snapshot whose bytes are those that were written. SQLite itself would not notice: an empty file opens as an
 * empty database, and one that lacks its last byte passes its integrity check. Throws StoreError.
 */
export async function readSnapshot({ files, folder }: Place, seq: number): Promise<Snapshot> {
  const path = databasePath(folder, seq);
  const manifest = await readRecord(files, manifestPath(folder, seq), manifestSchema);
  if (manifest?.seq !== seq) throw damaged(manifestPath(folder, seq), 'it belongs to another snapshot');
  const bytes = await files.read(path).catch((error: unknown) => {
    throw damaged(path, 'it cannot be read', error);
  });
  if (bytes.length !== manifest.size || digest(bytes) !== manifest.sha256) {
    throw damaged(path, 'its bytes are not those that were written');
  }
  return { manifest, bytes };
}

/** The manifest comes last: a snapshot without one does not count. `segment` is where the journal goes on. */
export async function writeSnapshot(
  { files, folder }: Place,
  seq: number,
  segment: number,
  bytes: Uint8Array,
): Promise<void> {
  await writeDurably(databasePath(folder, seq), bytes, { mode: fileMode, files });
  const manifest: Manifest = {
    schema: storeSchema,
    seq,
    segment,
    size: bytes.length,
    sha256: digest(bytes),
  };
  await writeDurably(manifestPath(folder, seq), printRecord(manifest), { mode: fileMode, files });
}

/** Renames a damaged snapshot out of the way and says what it is called now. */
export async function setSnapshotAside({ files, folder }: Place, seq: number, at: number): Promise<string> {
  const keptAs = join(folder, `damaged-${String(at)}-snapshot-${String(seq)}`);
  for (const [path, ending] of [
    [databasePath(folder, seq), '.sqlite'],
    [manifestPath(folder, seq), '.json'],
  ] as const) {
    await files.rename(path, keptAs + ending).catch((error: unknown) => {
      // One of the two may be what is missing.
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
  return `${keptAs}.sqlite`;
}

/**
 * Removes what no start needs any more: snapshots but for the newest two, and, to the trash, journal files that were
 * superfluous already when the older of these two was taken. Every snapshot that a removal relies on is read and proven first.
 * Never rejects: what cannot be removed costs room until the next snapshot tries again, and the one just taken stands.
 */
export async function forgetSuperseded(place: Place, now: number): Promise<void> {
  await removeSuperseded(place, now).catch(() => undefined);
}

async function removeSuperseded(place: Place, now: number): Promise<void> {
  const { files, folder } = place;
  const names = await files.list(folder);
  const [newest, previous, ...older] = snapshotSeqs(names);
  const [third] = older;
  if (newest === undefined || previous === undefined || third === undefined) return;
  await readSnapshot(place, newest);
  await readSnapshot(place, previous);
  const { segment } = (await readSnapshot(place, third)).manifest;
  for (const number of segmentNumbers(names)) {
    if (number >= segment) continue;
    const heldBy = databasePath(folder, previous);
    await discard(files, folder, basename(segmentPath(folder, number)), { heldBy, now });
  }
  await emptyDiscarded(files, folder, now);
  for (const seq of older) {
    // The manifest goes first, so that no crash leaves one without its database.
    await files.unlink(manifestPath(folder, seq));
    await unlinkIfThere(files, databasePath(folder, seq));
  }
}

/** Removes databases of which a killed owner did not come to write the manifest. Owner only. */
export async function sweepUnfinished({ files, folder }: Place, names: readonly string[]): Promise<void> {
  const finished = new Set(snapshotSeqs(names).map((seq) => databasePath(folder, seq)));
  for (const name of names) {
    const path = join(folder, name);
    const database = /^snapshot-\d+\.sqlite$/.test(name) && !finished.has(path);
    if (database) await unlinkIfThere(files, path);
  }
}

export function isDamage(error: unknown): error is StoreError {
  return error instanceof StoreError && error.reason === 'damaged';
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
