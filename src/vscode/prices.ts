import { goodPrices } from '../config/priceEntries.ts';
import { type PriceRow, withOwn } from '../town/prices.ts';
import { settingsReader } from './settingsReader.ts';

/** The prices that hold for this person now, their own before those that are known. */
export function pricesNow(): readonly PriceRow[] {
  return withOwn(goodPrices(settingsReader.read('rigs.prices')));
}
