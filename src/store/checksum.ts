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
}

export function noSums(): Sums {
  return { content: forEach(0), places: forEach(0), next: forEach(1), rig: 0 };
}

function forEach(value: number): ByNoun {
  return { beads: value, convoys: value, polecats: value, requests: value, asks: value };
}

export function copyOf({ content, places, next, rig }: Sums): Sums {
  return { content: { ...content }, places: { ...places }, next: { ...next }, rig };
}

/** The id goes into both: two rows that changed their documents or places are not what they were. */
export function addDoc(sums: ByNoun, name: NounName, id: string, doc: string): void {
  sums[name] = (sums[name] + crc32(`${id}\n${doc}`)) >>> 0;
}

export function subtractDoc(sums: ByNoun, name: NounName, id: string, doc: string): void {
  sums[name] = (sums[name] - crc32(`${id}\n${doc}`)) >>> 0;
}

export function addPlace(sums: ByNoun, name: NounName, id: string, place: number): void {
  addDoc(sums, name, id, String(place));
}

export function subtractPlace(sums: ByNoun, name: NounName, id: string, place: number): void {
  subtractDoc(sums, name, id, String(place));
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
