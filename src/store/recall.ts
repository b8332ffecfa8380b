import { basename, join } from 'node:path';
import type { Notice } from '../ports/notices.ts';
import { createDurably } from '../system/durableFile.ts';
import { notice } from './feed.ts';
import { Folded, UnknownEvent } from './folded.ts';
import { damaged, newerSchema } from './problems.ts';
import type { Place } from './place.ts';
import { fileMode } from './records.ts';
import { type Segment, readSegment, segmentNumbers, segmentPath } from './segment.ts';
import {
  type Snapshot,
  isDamage,
  readSnapshot,
  setSnapshotAside,
  snapshotSeqs,
  sweepUnfinished,
} from './snapshot.ts';
import type { OpenTables, Tables } from './tables.ts';

/** What a rig's folder says. */
export interface Recalled {
  readonly folded: Folded;
  readonly tables: Tables;
  /** Last number that counts, and the one the snapshot read was true for. */
  readonly seq: number;
  readonly snapshotSeq: number;
  /** The end of the journal. */
  readonly open: Segment;
  /** What the feed should tell about how it went. */
  readonly news: readonly Notice[];
}

/**
 * Reads newest good snapshot and journal. As owner it also mends what a crash leaves behind: a torn tail is cut and
 * kept in a file of its own, a damaged snapshot is renamed. Throws StoreError `damaged` or `newer_schema`.
 */
export async function recall(
  place: Place,
  openTables: OpenTables,
  at: number,
  role: 'owner' | 'reader',
): Promise<Recalled> {
  const { files, folder } = place;
  const names = await files.list(folder);
  const { snapshot, news } = await newestGood(place, names, at, role);
  const segments = await tailOf(place, names, snapshot);
  const open = segments.at(-1);
  if (open === undefined) throw damaged(segmentPath(folder, 1), 'it is missing');
  const { folded, tables, seq: snapshotSeq } = await loaded(folder, openTables, snapshot);
  try {
    for (const segment of segments) replay(folded, segment);
    const changes = folded.takeChanges();
    tables.apply(changes, folded);
    if (tables.disagreeing(folded).length > 0) tables.rebuild(folded);
    if (role === 'owner') {
      news.push(...(await mend(place, open, at)));
      await sweepUnfinished(place, names);
    }
  } catch (error) {
    tables.close();
    throw error;
  }
  return { folded, tables, seq: open.last, snapshotSeq, open, news };
}

async function newestGood(
  place: Place,
  names: readonly string[],
  at: number,
  role: 'owner' | 'reader',
): Promise<{ readonly snapshot: Snapshot | null; readonly news: Notice[] }> {
  const news: Notice[] = [];
  for (const seq of snapshotSeqs(names)) {
    try {
      return { snapshot: await readSnapshot(place, seq), news };
    } catch (error) {
      if (!isDamage(error)) throw error;
      const path = join(place.folder, `snapshot-${String(seq)}.sqlite`);
      const keptAs = role === 'owner' ? await setSnapshotAside(place, seq, at) : path;
      news.push(notice(at, 'store.snapshot_damaged', { path, keptAs }));
    }
  }
  return { snapshot: null, news };
}

/** The journal files from the snapshot on, each beginning where the one before ends. */
async function tailOf(
  place: Place,
  names: readonly string[],
  snapshot: Snapshot | null,
): Promise<readonly Segment[]> {
  const numbers = segmentNumbers(names);
  const first = snapshot?.manifest.segment ?? 1;
  const newest = numbers.at(-1) ?? first;
  const segments: Segment[] = [];
  let seq = snapshot?.manifest.seq ?? 0;
  for (let number = first; number <= newest; number += 1) {
    const segment = await readSegment(place, number);
    if (segment.header.after !== seq) {
      throw damaged(
        segment.path,
        `it goes on after ${segment.header.after}, and what is before it ends at ${seq}`,
      );
    }
    if (number < newest && segment.torn !== null) throw damaged(segment.path, 'its end is torn');
    segments.push(segment);
    seq = segment.last;
  }
  return segments;
}

async function loaded(
  folder: string,
  openTables: OpenTables,
  snapshot: Snapshot | null,
): Promise<{ readonly folded: Folded; readonly tables: Tables; readonly seq: number }> {
  if (snapshot === null) return { folded: new Folded(), tables: await openTables(null), seq: 0 };
  const tables = await openTables(snapshot.bytes);
  const { folded, seq } = tables.load();
  if (seq === snapshot.manifest.seq) return { folded, tables, seq };
  tables.close();
  throw damaged(join(folder, `snapshot-${String(snapshot.manifest.seq)}.sqlite`), `it ends at number ${seq}`);
}

function replay(folded: Folded, segment: Segment): void {
  for (const { seq, events } of segment.transactions) {
    try {
      for (const event of events) folded.apply(event);
    } catch (error) {
      if (error instanceof UnknownEvent) throw newerSchema(segment.path, `number ${seq}: ${error.message}`);
      throw damaged(segment.path, `number ${seq} cannot be applied`, error);
    }
  }
}

/** What was torn off was never acknowledged. It is on disk under its new name before it leaves the journal. */
async function mend(place: Place, open: Segment, at: number): Promise<readonly Notice[]> {
  if (open.torn === null) return [];
  const keptAs = await keepTorn(place, open.torn, at);
  await place.files.truncate(open.path, open.goodBytes);
  const path = basename(open.path);
  return [notice(at, 'store.tail_cut', { path, keptAs, bytes: open.torn.length })];
}

async function keepTorn({ files, folder }: Place, torn: Buffer, at: number): Promise<string> {
  for (let time = at; ; time += 1) {
    const name = `torn-${String(time)}`;
    if (await createDurably(join(folder, name), torn, { mode: fileMode, files })) return name;
  }
}
