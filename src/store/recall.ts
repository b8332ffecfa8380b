import { basename } from 'node:path';
import type { Notice } from '../ports/notices.ts';
import type { StoreError } from '../ports/store.ts';
import { createDurably } from '../system/durableFile.ts';
import type { UpcastContext } from '../town/upcast.ts';
import { type Chain, readChain } from './chain.ts';
import { notice } from './feed.ts';
import type { Folded } from './folded.ts';
import { freeName } from './folders.ts';
import { epochsAmong, ownerFile } from './ownerFiles.ts';
import type { Place } from './place.ts';
import { damaged } from './problems.ts';
import { fileMode, readRecord, releaseSchema } from './records.ts';
import { remember } from './remember.ts';
import { type Unfit, modernize, replay } from './replay.ts';
import { type Segment, segmentPath } from './segment.ts';
import { sweepUnfinished } from './snapshot.ts';
import type { OpenTables, Tables } from './tables.ts';

/** What a rig's folder says. */
export interface Recalled {
  readonly folded: Folded;
  readonly tables: Tables;
  /** Last number that counts and could be read, and the one the snapshot read was true for. */
  readonly seq: number;
  readonly snapshotSeq: number;
  /** The journal's files that count. */
  readonly segments: readonly Segment[];
  /** Number of the first file that was to be read, and the highest one that stands there. */
  readonly firstSegment: number;
  readonly newestSegment: number;
  readonly epoch: number;
  /** What the feed should tell about how it went. */
  readonly news: readonly Notice[];
  /** What is wrong behind `seq`. */
  readonly damage: StoreError | null;
}

export interface RecallParts {
  readonly place: Place;
  readonly openTables: OpenTables;
  readonly at: number;
  /** An owner also puts in order what a crash left behind. */
  readonly role: 'owner' | 'reader';
  readonly context: UpcastContext;
}

/**
 * Reads newest good snapshot and journal up to the last good number. A torn tail is kept in a file of its own and a
 * damaged snapshot renamed, by an owner. Throws StoreError for what is newer or may not be read.
 */
export async function recall(parts: RecallParts, upTo = Infinity): Promise<Recalled> {
  const { place, openTables, at, role, context } = parts;
  const names = await place.files.list(place.folder);
  const remembered = await remember(place, names, openTables, at, role);
  const { tables, folded, seq: snapshotSeq, segment: firstSegment } = remembered;
  try {
    modernize(folded, tables, context);
    const chain = await readChain(place, names, { segment: firstSegment, after: snapshotSeq });
    const unfit = replay(folded, chain.segments, context, upTo);
    if (unfit !== null) return await upToBefore(unfit, parts, tables);
    const news = [...remembered.news, ...bringUp(tables, folded, at)];
    if (role === 'owner') {
      news.push(...(await keepTorn(place, chain, at)));
      await sweepUnfinished(place, names);
    }
    const damage = chain.damage ?? (await missing(place, names, chain));
    const { segments, newest: newestSegment, epoch } = chain;
    const seq = Math.min(chain.seq, upTo);
    return { folded, tables, seq, snapshotSeq, segments, firstSegment, newestSegment, epoch, news, damage };
  } catch (error) {
    tables.close();
    throw error;
  }
}

/** All over again, because half of a transaction may be in the fold by now. */
async function upToBefore({ seq, damage }: Unfit, parts: RecallParts, tables: Tables): Promise<Recalled> {
  tables.close();
  return { ...(await recall(parts, seq - 1)), damage };
}

/** Brings the tables along; those that turn out not to say the same are made anew. */
function bringUp(tables: Tables, folded: Folded, at: number): readonly Notice[] {
  const changes = folded.takeChanges();
  let refused = false;
  try {
    tables.apply(changes, folded);
  } catch {
    // Only tables that are not what they should be refuse a change; the next lines say which.
    refused = true;
  }
  const wrong = tables.disagreeing(folded);
  if (wrong.length === 0 && !refused) return [];
  tables.rebuild(folded);
  return [notice(at, 'store.tables_rebuilt', { tables: wrong })];
}

/** What owners said when they let go tells of lines that are gone without leaving a trace in the journal. */
async function missing(place: Place, names: readonly string[], chain: Chain): Promise<StoreError | null> {
  const { files, folder } = place;
  const last = chain.segments.at(-1)?.path ?? segmentPath(folder, chain.newest + 1);
  for (const epoch of epochsAmong(names, 'released').filter((one) => one >= chain.epoch)) {
    const release = await readRecord(files, ownerFile(place, 'released', epoch), releaseSchema);
    if (release === null) continue;
    const { seq, segment } = release;
    if (seq > chain.seq) return damaged(last, `it ends at number ${chain.seq}, and ${seq} were acknowledged`);
    if (segment > chain.newest) return damaged(segmentPath(folder, segment), 'it is missing');
  }
  // An owner begins its file before its counter.
  const begun = epochsAmong(names, 'pulse').at(-1) ?? 0;
  return begun > chain.epoch ? damaged(segmentPath(folder, chain.newest + 1), 'it is missing') : null;
}

/** What was torn off was never acknowledged. It stays where it is and is kept for longer than the journal's file. */
async function keepTorn({ files, folder }: Place, chain: Chain, at: number): Promise<readonly Notice[]> {
  const end = chain.segments.at(-1);
  if (end === undefined || end.torn === null) return [];
  const kept = freeName(files, folder, 'torn-', at);
  await createDurably(kept, end.torn, { mode: fileMode, files });
  const facts = { path: basename(end.path), keptAs: basename(kept), bytes: end.torn.length };
  return [notice(at, 'store.tail_cut', facts)];
}
