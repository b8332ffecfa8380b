import type { SqlValue } from 'sql.js';
import { priorities } from '../town/bead.ts';
import { type NounName, type Nouns, nounNames } from '../town/window.ts';

/**
 * Version of the tables below. When it changes, a database is built anew from the documents in the old one.
 * 1: the row of `rig` was the rig alone, the rest stood in `meta`; no checksums.
 */
export const tablesVersion = 3;

/**
 * Every noun is kept whole in `doc`; the columns beside it are what queries find and sort by. `place` keeps the order
 * in which nouns were made. `blockers` counts dependencies that are not completed, because finding ready beads with a
 * subquery grows slower as blocked ones pile up at the front of the depot. `rig` holds what is no noun, in one row.
 */
export const createTables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE rig (id INTEGER PRIMARY KEY CHECK (id = 1), doc TEXT NOT NULL);
  CREATE TABLE beads (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, rank INTEGER NOT NULL,
    created_at INTEGER NOT NULL, ended_at INTEGER, convoy TEXT, blockers INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL
  );
  CREATE INDEX beads_ready ON beads (rank, created_at, id) WHERE status = 'queued' AND blockers = 0;
  CREATE INDEX beads_depot ON beads (status, rank, created_at, id);
  CREATE INDEX beads_ended ON beads (ended_at DESC, id) WHERE ended_at IS NOT NULL;
  CREATE INDEX beads_convoy ON beads (convoy, rank, created_at, id);
  CREATE TABLE bead_text (id TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE dependencies (bead TEXT, dependency TEXT, PRIMARY KEY (bead, dependency)) WITHOUT ROWID;
  CREATE INDEX dependents ON dependencies (dependency, bead);
  CREATE TABLE convoys (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL);
  CREATE TABLE polecats (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bead TEXT NOT NULL, state TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX polecats_bead ON polecats (bead);
  CREATE TABLE requests (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bead TEXT NOT NULL, stage TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX requests_bead ON requests (bead);
  CREATE TABLE asks (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bead TEXT, answer TEXT, doc TEXT NOT NULL);
  CREATE INDEX asks_open ON asks (id) WHERE answer IS NULL;
  PRAGMA user_version = ${String(tablesVersion)};
`;

/** Columns a noun is found by, beside its id and document, with where each comes from. */
const columnsByNoun: { readonly [N in NounName]: Readonly<Record<string, (noun: Nouns[N]) => SqlValue>> } = {
  beads: {
    status: (bead) => bead.status,
    rank: (bead) => priorities.indexOf(bead.priority),
    created_at: (bead) => bead.createdAt,
    ended_at: (bead) => bead.endedAt,
    convoy: (bead) => bead.convoy,
  },
  convoys: {},
  polecats: { bead: (polecat) => polecat.bead, state: (polecat) => polecat.state },
  requests: { bead: (request) => request.bead, stage: (request) => request.stage },
  asks: { bead: (ask) => ask.bead, answer: (ask) => ask.answer },
};

export type Column = readonly [name: string, of: (noun: Nouns[NounName]) => SqlValue];

const columnLists = new Map(
  nounNames.map((name) => [name, Object.entries(columnsByNoun[name] as Readonly<Record<string, Column[1]>>)]),
);

/** The columns of a table, to be asked of nouns of that name only. */
export function columnsOf(name: NounName): readonly Column[] {
  return columnLists.get(name) ?? [];
}

/** Counts a bead's open dependencies anew. */
export function recount(which: string): string {
  return `UPDATE beads SET blockers = (
    SELECT count(*) FROM dependencies LEFT JOIN beads AS other ON other.id = dependencies.dependency
    WHERE dependencies.bead = beads.id AND other.status IS NOT 'completed'
  ) WHERE id IN (${which})`;
}

/** Lower case as both sides of a search see it. */
export function searchable(text: string): string {
  return text.toLowerCase();
}
