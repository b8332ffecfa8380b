import { crc32 } from 'node:zlib';
import type { SqlValue } from 'sql.js';
import type { Bead } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';
import { type NounName, type Nouns, nounNames } from '../town/window.ts';
import type { Folded } from './folded.ts';
import type { Asked } from './readModel.ts';
import { columnsOf, searchable } from './schema.ts';

/**
 * Names of the tables that do not say what the state says, cell by cell but for the documents themselves, which the
 * checksums hold. `schema` stands for a table or index that is not as it was made.
 */
export function disagreeing(asked: Asked, folded: Folded): readonly string[] {
  const derived: readonly (readonly [string, () => boolean])[] = [
    ['rig', () => asked.all('SELECT doc FROM rig WHERE id = 1')[0]?.[0] === JSON.stringify(folded.rest)],
    ...nounNames.map((name) => [name, () => columnsAgree(asked, folded, name)] as const),
    ['bead_text', () => textAgrees(asked, folded)],
    ['dependencies', () => dependenciesAgree(asked, folded)],
  ];
  const wrong = derived.filter(([, agrees]) => !holds(agrees)).map(([name]) => name);
  return holds(() => schemaAgrees(asked)) ? wrong : ['schema', ...wrong];
}

/** A table that cannot even be asked does not say what it should. */
function holds(agrees: () => boolean): boolean {
  try {
    return agrees();
  } catch {
    return false;
  }
}

function schemaAgrees(asked: Asked): boolean {
  return asked.all(`SELECT value FROM meta WHERE key = 'schema'`)[0]?.[0] === sumOfSchema(asked);
}

/** To be kept when the tables are made, because SQLite notes statements as they were worded. */
export function sumOfSchema(asked: Asked): number {
  const made = asked.all('SELECT name, sql FROM sqlite_master ORDER BY name');
  return crc32(JSON.stringify(made));
}

function columnsAgree(asked: Asked, folded: Folded, name: NounName): boolean {
  const columns = columnsOf(name);
  const counted = name === 'beads' ? ['blockers'] : [];
  const names = ['id', ...columns.map(([column]) => column), ...counted];
  // A Map gives its members in the order in which they were made, which is what `place` is for.
  const nouns: Iterator<Nouns[NounName], undefined> = folded.tables[name].values();
  for (const row of asked.rows(`SELECT ${names.join(', ')} FROM ${name} ORDER BY place`)) {
    const next = nouns.next();
    if (next.done === true) return false;
    const noun = next.value;
    if (row[0] !== noun.id) return false;
    if (!columns.every(([, of], index) => of(noun) === row[index + 1])) return false;
    if (counted.length > 0 && row.at(-1) !== blockersOf(noun as Bead, folded)) return false;
  }
  return nouns.next().done === true;
}

function blockersOf({ dependencies }: Bead, folded: Folded): number {
  if (dependencies.length === 0) return 0;
  const open = (id: BeadId): boolean => folded.tables.beads.get(id)?.status !== 'completed';
  return [...new Set(dependencies)].filter(open).length;
}

function textAgrees(asked: Asked, folded: Folded): boolean {
  return everyRow(asked, 'SELECT id, title, description FROM bead_text', folded.tables.beads.size, (row) => {
    const bead = folded.tables.beads.get(String(row[0]));
    return bead !== undefined && searchable(bead.title) === row[1] && searchable(bead.description) === row[2];
  });
}

function dependenciesAgree(asked: Asked, folded: Folded): boolean {
  const all = [...folded.tables.beads.values()].reduce(
    (sum, { dependencies }) => sum + new Set(dependencies).size,
    0,
  );
  return everyRow(asked, 'SELECT bead, dependency FROM dependencies', all, ([bead, dependency]) =>
    (folded.tables.beads.get(String(bead))?.dependencies ?? []).includes(String(dependency) as BeadId),
  );
}

/** Rows are distinct by their primary key, so as many good ones as there should be are all of them. */
function everyRow(
  asked: Asked,
  sql: string,
  count: number,
  good: (row: readonly SqlValue[]) => boolean,
): boolean {
  let seen = 0;
  for (const row of asked.rows(sql)) {
    if (!good(row)) return false;
    seen += 1;
  }
  return seen === count;
}
