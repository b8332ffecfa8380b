import type { CheckDefinition } from '../town/check.ts';
import { visible } from './plain.ts';
import type { Translate } from './translate.ts';

/**
 * What else a check comes with, one line each, for the person who confirms it: what it sets in its environment and
 * which files it is for. Lines of their own, so that no argument can pass for them.
 */
export function checkTerms(
  { env = {}, only }: Pick<CheckDefinition, 'env' | 'only'>,
  t: Translate,
): readonly string[] {
  const variables = Object.entries(env).map(([name, value]) => `${visible(name, 200)}=${quoted(value)}`);
  return [
    ...(variables.length === 0 ? [] : [t('with {variables}', { variables: variables.join(' ') })]),
    ...(only === undefined
      ? []
      : [
          t('only when one of these changes: {globs}', {
            globs: only.map((one) => visible(one, 300)).join(', '),
          }),
        ]),
  ];
}

/** In quotes where it could be read as more than one value. */
function quoted(value: string): string {
  return /^[\w./:@%+-]+$/.test(value) ? value : `"${visible(value.replaceAll(/["\\]/g, '\\$&'), 500)}"`;
}
