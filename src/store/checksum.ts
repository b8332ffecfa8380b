import { crc32 } from 'node:zlib';
import { type NounName, nounNames } from '../town/window.ts';
import type { Checksums } from './tables.ts';

type ByNoun = Record<NounName, number>;

/**
 * Sums over the rows of each table, so that a change costs no more than the rows it changes, whatever the order in
 * which they were written. `places` is apart from `content`, because equal nouns in equal order may stand at other
 * places. `next` is the place of the next noun.
 */
export interface Sums {
  readonly content: ByNoun;
  readonly places: ByNoun;
  readonly next: ByNoun;
  rig: number;
  /** What each row adds to `content`: the document that an update replaces need not be written out again for it. */
  readonly rows: Readonly<Record<NounName, Map<string, number>>>;
}

export function noSums(): Sums {
  const none = (): Map<string, number> => new Map();
  const rows = { beads: none(), convoys: none(), polecats: none(), requests: none(), asks: none() };
  return { content: forEach(0), places: forEach(0), next: forEach(1), rig: 0, rows };
}

function forEach(value: number): ByNoun {
  return { beads: value, convoys: value, polecats: value, requests: value, asks: value };
}

/** Of the sums; the rows stay the same. */
export function copyOf({ content, places, next, rig, rows }: Sums): Sums {
  return { content: { ...content }, places: { ...places }, next: { ...next }, rig, rows };
}

/** Signed, because that is what takes no memory of its own in a Map. */
export function sumOfDoc(id: string, doc: string): number {
  return crc32(`${id}\n${doc}`) | 0;
}

export function add(sums: ByNoun, name: NounName, sum: number): void {
  sums[name] = (sums[name] + sum) >>> 0;
}

/** The id goes into both kinds of sums: two rows that changed their documents or places are not what they were. */
export function sumOfPlace(id: string, place: number): number {
  return sumOfDoc(id, String(place));
}

export function sumOfRest(doc: string): number {
  return crc32(doc);
}

/** As they are kept beside the tables. */
export function printSums(sums: Sums): Readonly<Record<string, number>> {
  const places = nounNames.map((name) => [`places.${name}`, sums.places[name]] as const);
  return { ...checksumsOf(sums), ...Object.fromEntries(places) };
}

/** As two copies of the same tables are compared by. */
export function checksumsOf({ content, rig }: Sums): Checksums {
  const nouns = nounNames.map((name) => [`content.${name}`, content[name]] as const);
  return { 'content.rig': rig, ...Object.fromEntries(nouns) };
}
