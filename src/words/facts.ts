import type { Instant } from '../town/ids.ts';
import type { Facts } from '../town/reason.ts';
import { nameOf } from './nameOf.ts';
import { plain } from './plain.ts';
import { type Zone, clock } from './times.ts';
import type { Translate } from './translate.ts';

/** What words need besides the reason itself. */
export interface Telling {
  readonly t: Translate;
  /** For times of day; null when only the date makes them clear. */
  readonly now: Instant | null;
  readonly zone: Zone;
}

/** A fact as harmless text; what is missing is a question mark, never the word "undefined". */
export function text(facts: Facts, name: string, max = 120): string {
  const value = facts[name];
  if (Array.isArray(value)) return names(facts, name);
  const said = value === null || value === undefined ? '' : plain(String(value), max);
  return said === '' ? '?' : said;
}

/** A provider or an account by the name it goes by. */
export function called(facts: Facts, name: string): string {
  const value = facts[name];
  return typeof value === 'string' && value !== '' ? nameOf(value) : '?';
}

/** The first few of a list, the rest as a number. */
export function names(facts: Facts, name: string, most = 3): string {
  const value = facts[name];
  const list: readonly string[] = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  const shown = list.slice(0, most).map((one) => plain(one, 80));
  return list.length > most ? `${shown.join(', ')} +${String(list.length - most)}` : shown.join(', ') || '?';
}

export function count(facts: Facts, name: string): number {
  const value = facts[name];
  return Array.isArray(value) ? value.length : typeof value === 'number' ? value : 0;
}

export function has(facts: Facts, name: string): boolean {
  const value = facts[name];
  return value !== null && value !== undefined && value !== '';
}

export function time(facts: Facts, name: string, telling: Telling): string {
  const value = facts[name];
  return typeof value === 'number' ? clock(value, telling.now, telling.zone) : '?';
}
