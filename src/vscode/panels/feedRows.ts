import { createHash } from 'node:crypto';
import type { Notice } from '../../ports/notices.ts';
import { type FeedRow, feedLimit, feedPage } from '../messages/feed.ts';
import { plain } from '../../words/plain.ts';
import { maxText } from '../messages/fields.ts';
import type { KeyedRig } from './rigs.ts';

/** A notice as a row of the feed. `sentence` comes from words. */
export function feedRow(rig: Pick<KeyedRig, 'key' | 'name'>, notice: Notice, sentence: string): FeedRow {
  const { at, level, kind, bead, polecat, request } = notice;
  return {
    id: noticeId(rig.key, notice),
    at,
    level,
    kind,
    rig: rig.key,
    rigName: rig.name,
    text: plain(sentence, maxText),
    bead,
    polecat,
    request,
  };
}

/**
 * Notices have no ids, and the same one is met twice: live, and in what the store remembers. What is equal in
 * every part is one line.
 */
function noticeId(rig: string, notice: Notice): string {
  const { at, level, what, kind, bead, polecat, request, why } = notice;
  const sorted = (facts: object): unknown => Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    rig,
    at,
    level,
    what,
    kind,
    bead,
    polecat,
    request,
    sorted(notice.facts),
    why === null ? null : [why.code, sorted(why.facts)],
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Rows in the order they happened, each once; rows of one instant stay in the order they were given. */
export function merged(...lists: readonly (readonly FeedRow[])[]): readonly FeedRow[] {
  const rows = new Map(lists.flat().map((row) => [row.id, row]));
  return [...rows.values()].sort((a, b) => a.at - b.at);
}

export interface RowPage {
  readonly rows: readonly FeedRow[];
  /** There are older ones. */
  readonly more: boolean;
}

/** The newest `feedPage` rows of a merged list. */
export function newestPage(rows: readonly FeedRow[], more: boolean): RowPage {
  return { rows: rows.slice(-feedPage), more: more || rows.length > feedPage };
}

/**
 * The page before an instant. Rows of that very instant come along, since some of them may not be known yet: the
 * page tells them apart by id.
 */
export function olderPage(rows: readonly FeedRow[], before: number, more: boolean): RowPage {
  const known = rows.filter((row) => row.at <= before);
  const older = known.filter((row) => row.at < before);
  const page = known.slice(-(feedPage + known.length - older.length)).slice(-feedLimit);
  return { rows: page, more: more || known.length > page.length };
}
