import { type FeedKind, type FeedRow, feedKinds, feedLimit } from '../vscode/messages/feed.ts';

export interface FeedFilter {
  readonly text: string;
  readonly kinds: readonly FeedKind[];
}

export const noFilter: FeedFilter = { text: '', kinds: feedKinds };

/** What the page holds of the feed: at most `feedLimit` rows in a row, oldest first. */
export interface FeedModel {
  readonly rows: readonly FeedRow[];
  /** There are older ones to ask for. */
  readonly more: boolean;
  /** The newest rows were let go to make place for older ones; only a new snapshot brings them back. */
  readonly detached: boolean;
}

export const emptyFeed: FeedModel = { rows: [], more: false, detached: false };

/** A detached page keeps what it reads; rows that come meanwhile are only counted. */
export function withNewer(model: FeedModel, rows: readonly FeedRow[]): FeedModel {
  if (model.detached) return model;
  const all = [...model.rows, ...unknown(model, rows)];
  return { ...model, rows: all.slice(-feedLimit), more: model.more || all.length > feedLimit };
}

export function withOlder(model: FeedModel, rows: readonly FeedRow[], more: boolean): FeedModel {
  const all = [...unknown(model, rows), ...model.rows].sort((a, b) => a.at - b.at);
  return { rows: all.slice(0, feedLimit), more, detached: model.detached || all.length > feedLimit };
}

/** Rows that the page does not hold yet. */
function unknown(model: FeedModel, rows: readonly FeedRow[]): readonly FeedRow[] {
  const known = new Set(model.rows.map((row) => row.id));
  return rows.filter((row) => !known.has(row.id));
}

/** Case does not matter; every word has to be somewhere in the line. */
export function matches(row: FeedRow, filter: FeedFilter): boolean {
  if (!filter.kinds.includes(row.kind)) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const line = [row.text, row.rigName, row.bead, row.polecat, row.request].join(' ').toLowerCase();
  return words.every((word) => line.includes(word));
}

export type FeedLink = {
  readonly what: 'bead' | 'polecat' | 'request';
  readonly rig: string;
  readonly id: string;
};

/** What a line is about, the most telling first: that is what Enter opens. */
export function linksOf(row: FeedRow): readonly FeedLink[] {
  const { rig } = row;
  const links = [
    row.request === null ? null : { what: 'request' as const, rig, id: row.request },
    row.bead === null ? null : { what: 'bead' as const, rig, id: row.bead },
    row.polecat === null ? null : { what: 'polecat' as const, rig, id: row.polecat },
  ].filter((link) => link !== null);
  return row.kind === 'agent'
    ? [...links].sort((a, b) => Number(b.what === 'polecat') - Number(a.what === 'polecat'))
    : links;
}
