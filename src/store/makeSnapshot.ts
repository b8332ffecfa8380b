import type { StoreError } from '../ports/store.ts';
import type { RigId } from '../town/ids.ts';
import type { Place } from './place.ts';
import { epochsAmong } from './ownerFiles.ts';
import { damaged, fenced } from './problems.ts';
import { readChain } from './chain.ts';
import { remember } from './remember.ts';
import { modernize, replay } from './replay.ts';
import { segmentNumbers, segmentPath } from './segment.ts';
import { databasePath, forgetSuperseded, writeSnapshot } from './snapshot.ts';
import type { Checksums, OpenTables, Tables } from './tables.ts';

/** What a new snapshot is to be. Plain, because it goes to another thread. */
export interface SnapshotOrder {
  /** The state folder of the rig. */
  readonly folder: string;
  readonly rig: RigId;
  /** Of the owner that orders it. */
  readonly epoch: number;
  /** Number it is true for: what the journal's files before `segment` end with. */
  readonly seq: number;
  readonly segment: number;
  /** What its tables must come to. */
  readonly checksums: Checksums;
}

/**
 * Makes a snapshot of the one before and the journal's closed files, so that the store need not stop for it. It is
 * opened and proven before its manifest makes it count. Throws StoreError or what the system says.
 */
export async function makeSnapshot(
  place: Place,
  openTables: OpenTables,
  order: SnapshotOrder,
): Promise<void> {
  const bytes = await exported(place, openTables, order);
  const copy = await openTables(bytes);
  try {
    prove(copy, place, order);
  } finally {
    copy.close();
  }
  await refuseIfOwnedSince(place, order);
  await writeSnapshot(place, order.seq, order.segment, bytes);
  await forgetSuperseded(place, Date.now());
}

async function exported(place: Place, openTables: OpenTables, order: SnapshotOrder): Promise<Uint8Array> {
  const names = await place.files.list(place.folder);
  const open = new Set(segmentNumbers(names).filter((number) => number >= order.segment));
  const closed = names.filter((name) => !segmentNumbers([name]).some((number) => open.has(number)));
  const { tables, folded, seq, segment } = await remember(place, names, openTables, 0, 'reader');
  try {
    modernize(folded, tables, order);
    const chain = await readChain(place, closed, { segment, after: seq });
    if (chain.damage !== null) throw chain.damage;
    if (chain.seq !== order.seq) throw endsElsewhere(place, order, chain.seq);
    const unfit = replay(folded, chain.segments, order);
    if (unfit !== null) throw unfit.damage;
    tables.apply(folded.takeChanges(), folded);
    return tables.export(order.seq);
  } finally {
    tables.close();
  }
}

function endsElsewhere({ folder }: Place, { seq, segment }: SnapshotOrder, found: number): StoreError {
  const ordered = `the journal before it ends at number ${String(found)}, not ${String(seq)}`;
  return damaged(segmentPath(folder, segment), ordered);
}

/** The work takes seconds, or a night when the machine sleeps over it: by then the folder may be another owner's. */
async function refuseIfOwnedSince(place: Place, { epoch, seq }: SnapshotOrder): Promise<void> {
  const newest = epochsAmong(await place.files.list(place.folder), 'owner').at(-1) ?? epoch;
  if (newest > epoch) throw fenced(databasePath(place.folder, seq));
}

/** Sees that the bytes hold what the store has, and nothing else. */
function prove(copy: Tables, { folder }: Place, { seq, checksums }: SnapshotOrder): void {
  const { folded, seq: found } = copy.load();
  const sums = copy.checksums();
  const wrong = [
    ...(found === seq ? [] : ['seq']),
    ...Object.keys(checksums).filter((table) => sums[table] !== checksums[table]),
    ...copy.disagreeing(folded),
  ];
  if (wrong.length > 0)
    throw damaged(databasePath(folder, seq), `it would not hold what it should: ${wrong.join(', ')}`);
}
