import type { Evidence } from '../town/bead.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

const mostNamed = 5;

/** What a person has to look at before it lands, as one line; empty: nothing of that kind is in it. */
export function decidesLine({ decides = [] }: Pick<Evidence, 'decides'>, t: Translate): string {
  if (decides.length === 0) return '';
  const named = decides.slice(0, mostNamed).map((file) => plain(file, 80));
  const facts = { files: named.join(', '), more: decides.length - named.length };
  return facts.more === 0
    ? t('It changes what checks prove, so look at these files first: {files}.', facts)
    : t('It changes what checks prove, so look at these files first: {files} and {more} more.', facts);
}
