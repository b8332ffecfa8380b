import type { SqlValue } from 'sql.js';
import type { Rig } from '../town/rig.ts';
import type { NounName, Nouns, Rest } from '../town/window.ts';
import { type Sums, add, noSums, printSums, sumOfDoc, sumOfPlace, sumOfRest } from './checksum.ts';
import { Folded } from './folded.ts';
import type { Asked } from './readModel.ts';
import { Misfit } from './tables.ts';

/** Members that nouns have gained since a version of the tables, with what they are in older documents. */
const gained: readonly { readonly after: number; readonly name: NounName; readonly members: Gain }[] = [
  { after: 1, name: 'polecats', members: () => ({ claim: null }) },
  {
    after: 2,
    name: 'polecats',
    members: () => ({ conversations: {}, notes: [], chosen: null, limit: null }),
  },
  {
    after: 2,
    name: 'polecats',
    members: inside('session', { leaving: null, doing: { kind: 'working', until: null, detail: null } }),
  },
  { after: 2, name: 'asks', members: () => ({ reply: null, onScreen: false }) },
];

type Gain = (noun: object) => object;

/** What a member that may be null has gained. */
function inside(member: string, members: object): Gain {
  return (noun) => {
    const found = (noun as Readonly<Record<string, unknown>>)[member];
    return typeof found === 'object' && found !== null ? { [member]: { ...members, ...found } } : {};
  };
}

export interface Loaded {
  /** Of the tables; another one than this Rigs' has other tables. */
  readonly version: number;
  readonly folded: Folded;
  readonly seq: number;
  readonly sums: Sums;
}

/** Reads what a database holds and sees that it is what was written. Throws `Misfit`, or what SQLite throws. */
export function loadFrom(asked: Asked): Loaded {
  const version = Number(asked.all('PRAGMA user_version')[0]?.[0]);
  const meta = new Map(
    asked.all('SELECT key, value FROM meta').map(([key, value]) => [String(key), Number(value)]),
  );
  const seq = meta.get('seq');
  if (version === 0 || seq === undefined) throw new Misfit('it is none of the tables of a rig');
  const sums = noSums();
  const all = <N extends NounName>(name: N): Nouns[N][] =>
    upcast(version, name, readNouns(asked, name, sums)) as Nouns[N][];
  const nouns = {
    beads: all('beads'),
    convoys: all('convoys'),
    polecats: all('polecats'),
    requests: all('requests'),
    asks: all('asks'),
  };
  const rest = version === 1 ? restOfVersion1(asked, meta) : restOf(asked, sums);
  if (version > 1) compare(meta, sums);
  const folded = new Folded();
  folded.restore(rest, nouns);
  return { version, folded, seq, sums };
}

function readNouns(asked: Asked, name: NounName, sums: Sums): object[] {
  const nouns: object[] = [];
  for (const row of asked.rows(`SELECT place, id, doc FROM ${name} ORDER BY place`)) {
    const [place, id, doc] = row as readonly [number, string, string];
    const sum = sumOfDoc(id, doc);
    add(sums.content, name, sum);
    sums.rows[name].set(id, sum);
    add(sums.places, name, sumOfPlace(id, place));
    sums.next[name] = place + 1;
    nouns.push(parse(name, doc) as object);
  }
  return nouns;
}

function upcast(version: number, name: NounName, nouns: readonly object[]): readonly object[] {
  const missing = gained.filter((one) => one.after >= version && one.name === name);
  if (missing.length === 0) return nouns;
  return nouns.map((noun) => missing.reduce((older, { members }) => ({ ...older, ...members(older) }), noun));
}

function restOf(asked: Asked, sums: Sums): Rest {
  const doc: SqlValue | undefined = asked.all('SELECT doc FROM rig WHERE id = 1')[0]?.[0];
  if (typeof doc !== 'string') throw new Misfit('its table rig is empty');
  sums.rig = sumOfRest(doc);
  return { ...new Folded().rest, ...(parse('rig', doc) as Partial<Rest>) };
}

function restOfVersion1(asked: Asked, meta: ReadonlyMap<string, number>): Rest {
  const doc = asked.all('SELECT doc FROM rig WHERE id = 1')[0]?.[0];
  const rig = typeof doc === 'string' ? (parse('rig', doc) as Rig | null) : null;
  return {
    ...new Folded().rest,
    rig,
    stopped: meta.get('stopped') === 1,
    nextToken: meta.get('nextToken') ?? 1,
  };
}

function compare(meta: ReadonlyMap<string, number>, sums: Sums): void {
  for (const [key, sum] of Object.entries(printSums(sums))) {
    if (meta.get(key) !== sum) throw new Misfit(`its ${key} is not what was written`);
  }
}

function parse(table: string, doc: string): unknown {
  try {
    return JSON.parse(doc);
  } catch (error) {
    throw new Misfit(`a document of its table ${table} cannot be read: ${String(error)}`);
  }
}
