import type { Usage } from './bead.ts';
import type { Instant } from './ids.ts';
import { type PriceRow, type Rates, prices } from './prices.ts';

const million = 1e6;

/**
 * What tokens cost at the vendor's API, in USD; null: nobody knows, which is never nothing. `requests`: how many they
 * were drawn with, so how long a prompt was. What is fresh is charged as sent to the cache where that has a price:
 * agents cache nearly all they send, and usage does not tell the two apart.
 */
export function priceOf(
  provider: string,
  model: string,
  usage: Usage,
  at: Instant,
  requests = 1,
  rows: readonly PriceRow[] = prices,
): number | null {
  const rates = ratesAt(provider, model, at, (usage.input + usage.cachedInput) / Math.max(1, requests), rows);
  if (rates === null) return null;
  const { input, cached, written = input, output } = rates;
  if (cached === null && usage.cachedInput > 0) return null;
  return (usage.input * written + usage.cachedInput * (cached ?? 0) + usage.output * output) / million;
}

/** How agents' tokens divide for each fresh one: an estimate, for what nobody has drawn yet. */
const typicalMix: Usage = { input: 0.8, cachedInput: 8, output: 0.2 };
/** So long a prompt is taken to be that nobody has sent yet. */
const typicalRequest = 50_000;

/** What a fresh token is expected to cost, with what it has read from a cache beside it; null: nobody knows. */
export function priceOfToken(
  provider: string,
  model: string,
  at: Instant,
  rows: readonly PriceRow[] = prices,
): number | null {
  const { input, cachedInput } = typicalMix;
  const times = typicalRequest / (input + cachedInput);
  const usage = { input: input * times, cachedInput: cachedInput * times, output: typicalMix.output * times };
  const usd = priceOf(provider, model, usage, at, 1, rows);
  return usd === null ? null : usd / times;
}

/** Where the price of a model stands, with its day and its source; null: it is nowhere. */
export function priceRowOf(
  provider: string,
  model: string,
  at: Instant,
  rows: readonly PriceRow[] = prices,
): PriceRow | null {
  const name = plainModel(model);
  const day = utcDay(at);
  const row = rows.find(
    ({ providers, models, from, until = '9999-12-31' }) =>
      providers.includes(provider) &&
      from <= day &&
      day <= until &&
      models.some((pattern) => matches(pattern, name)),
  );
  return row ?? null;
}

function ratesAt(
  provider: string,
  model: string,
  at: Instant,
  prompt: number,
  rows: readonly PriceRow[],
): Rates | null {
  const row = priceRowOf(provider, model, at, rows);
  if (row === null) return null;
  if (row.above !== undefined && prompt > row.above.prompt) return row.above.rates;
  return row.peak !== undefined && isPeak(row.peak.hours, at) ? row.peak.rates : row.rates;
}

/** A model, or a pattern of models, as a row names it. */
export function modelPattern(text: string): string {
  const [, before = '', name = '', after = ''] = /^(\*?)(.*?)(\*?)$/.exec(text.trim()) ?? [];
  return `${before}${plainModel(name)}${after}`;
}

/** Vendors write the same model with dots or dashes, with its day, its context or its former vendor. */
function plainModel(model: string): string {
  const [name = ''] = model.toLowerCase().split(/[@[]/);
  const bare = name.slice(name.lastIndexOf('/') + 1).replaceAll('.', '-');
  return bare.replace(/(-\d{8}|-\d{4}-\d{2}-\d{2}|[-:]latest|-preview)$/, '');
}

function matches(pattern: string, name: string): boolean {
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function isPeak(hours: readonly (readonly [number, number])[], at: Instant): boolean {
  const date = new Date(at);
  if (date.getUTCDay() === 0 || date.getUTCDay() === 6) return false;
  const hour = date.getUTCHours();
  return hours.some(([from, to]) => from <= hour && hour < to);
}

/** The day of an instant in UTC, `YYYY-MM-DD`. */
export function utcDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
