import { goodPrices } from '../config/priceEntries.ts';
import type { SettingProblem } from '../config/settings.ts';
import { priceFaultWords } from '../words/prices.ts';
import { settingsReader } from './settingsReader.ts';
import { translate as t } from './translate.ts';

const key = 'rigs.prices';

/** What is wrong with prices of the person's own; those do not count, and the rest does. */
export function priceProblems(): readonly SettingProblem[] {
  const found: SettingProblem[] = [];
  goodPrices(settingsReader.read(key), (value, fault) => {
    found.push({ key, value, expected: { kind: 'entry', why: priceFaultWords(fault, t) }, used: null });
  });
  return found;
}
