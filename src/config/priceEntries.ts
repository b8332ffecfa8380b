import { modelPattern } from '../town/price.ts';
import type { PriceRow } from '../town/prices.ts';
import { entries } from './settingRows.ts';
import { isProviderName } from './tankRows.ts';

/** Which part of a price is missing or no such thing; `entry`: it is none at all; `unknown`: a part nobody knows. */
export type PriceFault =
  | 'entry'
  | 'unknown'
  | 'provider'
  | 'model'
  | 'input'
  | 'cachedInput'
  | 'output'
  | 'currency'
  | 'asOf'
  | 'source';

/** USD for a million tokens; nothing costs more. */
const mostUsd = 1e6;

const isUsd = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= mostUsd;
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most;

/** In the order in which they are looked at. */
const parts: readonly (readonly [PriceFault, (value: unknown) => boolean])[] = [
  ['provider', (value) => typeof value === 'string' && isProviderName(value.trim())],
  ['model', (value) => isText(value, 100) && /^\*?[^*]*\*?$/.test(value.trim())],
  ['input', isUsd],
  ['cachedInput', (value) => value === undefined || value === null || isUsd(value)],
  ['output', isUsd],
  ['currency', (value) => value === undefined || value === 'USD'],
  ['asOf', (value) => typeof value === 'string' && isDay(value)],
  ['source', (value) => isText(value, 200)],
];
const names: readonly string[] = parts.map(([name]) => name);

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // The 31st of a month that has none would else become another month's first.
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

/** A price as a person wrote it, or what is wrong with it first. */
export function readPrice(entry: unknown): PriceRow | { readonly fault: PriceFault } {
  const found = entries(entry);
  if (found === null) return { fault: 'entry' };
  const wrong = parts.find(([name, fits]) => !fits(found.get(name)));
  if (wrong !== undefined) return { fault: wrong[0] };
  if ([...found.keys()].some((name) => !names.includes(name))) return { fault: 'unknown' };
  const text = (name: string): string => String(found.get(name)).trim();
  const usd = (name: string): number => Number(found.get(name));
  const cached = found.get('cachedInput') ?? null;
  return {
    providers: [text('provider')],
    models: [modelPattern(text('model'))],
    from: text('asOf'),
    rates: { input: usd('input'), cached: cached === null ? null : Number(cached), output: usd('output') },
    source: text('source'),
    read: text('asOf'),
    own: true,
  };
}

/** The prices among what a person wrote, the newest first; what is none is told to `fault`. */
export function goodPrices(
  written: readonly unknown[],
  fault: (entry: unknown, why: PriceFault) => void = () => undefined,
): readonly PriceRow[] {
  return written
    .flatMap((entry): readonly PriceRow[] => {
      const read = readPrice(entry);
      if (!('fault' in read)) return [read];
      fault(entry, read.fault);
      return [];
    })
    .toSorted((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0));
}
