import type { BindParams, SqlValue } from 'sql.js';
import type { BeadFilter } from '../ports/store.ts';
import { type Bead, type BeadStatus, endedStatuses } from '../town/bead.ts';
import { searchable } from './schema.ts';
import type { Queries } from './tables.ts';

export interface Query {
  readonly sql: string;
  readonly values: SqlValue[];
}

const inDepotOrder = 'rank, created_at, id';
const newestFirst = 'ended_at DESC, id';

/**
 * The query behind a filter. Which index serves the ready beads and the ended ones is said and not left to the
 * planner, which prefers the general index by status to the small ones and then reads many times as many rows.
 */
export function beadQuery(filter: BeadFilter): Query {
  const { statuses, ready = false } = filter;
  const onlyEnded = !ready && statuses?.every((status) => endedStatuses.includes(status)) === true;
  const index = ready ? ' INDEXED BY beads_ready' : onlyEnded ? ' INDEXED BY beads_ended' : '';
  const conditions: [string, readonly SqlValue[]][] = [];
  if (ready) conditions.push([`status = 'queued' AND blockers = 0`, []]);
  if (onlyEnded) conditions.push(['ended_at IS NOT NULL', []]);
  if (statuses !== undefined)
    conditions.push([`status IN (${statuses.map(() => '?').join(', ')})`, statuses]);
  if (filter.convoy !== undefined) conditions.push(['convoy = ?', [filter.convoy]]);
  if (filter.text !== undefined && filter.text !== '') conditions.push(textCondition(filter.text));
  const where = conditions.map(([sql]) => `(${sql})`).join(' AND ');
  return {
    sql:
      `SELECT doc FROM beads${index}${where === '' ? '' : ` WHERE ${where}`} ` +
      `ORDER BY ${onlyEnded ? newestFirst : inDepotOrder} LIMIT ? OFFSET ?`,
    // SQLite reads a negative limit as none.
    values: [
      ...conditions.flatMap(([, values]) => values),
      filter.limit === undefined ? -1 : Math.max(0, filter.limit),
      Math.max(0, filter.offset ?? 0),
    ],
  };
}

function textCondition(text: string): [string, SqlValue[]] {
  const sought = searchable(text);
  return [
    'instr(id, ?) OR id IN (SELECT id FROM bead_text WHERE instr(title, ?) OR instr(description, ?))',
    [sought, sought, sought],
  ];
}

/** A database that is only asked. */
export interface Asked {
  all(sql: string, values?: BindParams): readonly SqlValue[][];
  /** One after the other, for tables that are read from end to end. */
  rows(sql: string, values?: BindParams): Iterable<readonly SqlValue[]>;
}

/** The store wrote the documents, so each is what its table says. */
function beadsIn(rows: readonly SqlValue[][]): readonly Bead[] {
  return rows.map(([doc]) => JSON.parse(String(doc)) as Bead);
}

/** Answers from the tables. */
export function queriesOn(asked: Asked): Queries {
  return {
    beads(filter) {
      if (filter.statuses?.length === 0) return [];
      const { sql, values } = beadQuery(filter);
      return beadsIn(asked.all(sql, values));
    },
    bead(id) {
      return beadsIn(asked.all('SELECT doc FROM beads WHERE id = ?', [id]))[0] ?? null;
    },
    countByStatus() {
      const rows = asked.all('SELECT status, count(*) FROM beads GROUP BY status');
      return Object.fromEntries(rows.map(([status, count]) => [status as BeadStatus, Number(count)]));
    },
  };
}
