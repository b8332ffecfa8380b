import { basename, join } from 'node:path';
import type { Notice } from '../ports/notices.ts';
import { createDurably } from '../system/durableFile.ts';
import { notice } from './feed.ts';
import { type Folded, UnknownEvent } from './folded.ts';
import { damaged, newerSchema } from './problems.ts';
import type { Place } from './place.ts';
import { fileMode } from './records.ts';
import { remember } from './remember.ts';
import { type Segment, readSegment, segmentNumbers, segmentPath } from './segment.ts';
import { sweepUnfinished } from './snapshot.ts';
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
  const {
    tables,
    folded,
    seq: snapshotSeq,
    segment: first,
    news,
  } = await remember(place, names, openTables, at, role);
  try {
    const segments = await tailOf(place, names, first, snapshotSeq);
    const open = segments.at(-1);
    if (open === undefined) throw damaged(segmentPath(folder, 1), 'it is missing');
    const rebuilt = bringUp(tables, folded, segments, at);
    const mended = role === 'owner' ? await mend(place, open, at) : [];
    // Who wrote the last lines may have been killed before they were on disk; from here on they are shown and acted on.
    if (role === 'owner') await place.files.sync(open.path);
    if (role === 'owner') await sweepUnfinished(place, names);
    return { folded, tables, seq: open.last, snapshotSeq, open, news: [...news, ...rebuilt, ...mended] };
  } catch (error) {
    tables.close();
    throw error;
  }
}

/** The journal files from a number on, each beginning where the one before ends; the first goes on after `after`. */
export async function tailOf(
  place: Place,
  names: readonly string[],
  first: number,
  after: number,
): Promise<readonly Segment[]> {
  const newest = segmentNumbers(names).at(-1) ?? first;
  const segments: Segment[] = [];
  let seq = after;
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

/** Folds the journal and brings the tables along; those that turn out not to say the same are made anew. */
function bringUp(
  tables: Tables,
  folded: Folded,
  segments: readonly Segment[],
  at: number,
): readonly Notice[] {
  for (const segment of segments) replay(folded, segment);
  tables.apply(folded.takeChanges(), folded);
  const wrong = tables.disagreeing(folded);
  if (wrong.length === 0) return [];
  tables.rebuild(folded);
  return [notice(at, 'store.tables_rebuilt', { tables: wrong })];
}

export function replay(folded: Folded, segment: Segment): void {
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
