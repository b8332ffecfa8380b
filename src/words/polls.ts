import type { Polled } from '../ports/agents.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

/** What could not be asked of accounts, a sentence each; none where all of them answered. */
export function unaskedWords(polled: readonly Polled[], t: Translate): readonly string[] {
  const failed = polled.filter((one) => one.kind === 'failed');
  const given = failed.filter(({ reason }) => reason !== 'cancelled');
  return [
    ...given.map(({ name, detail }) =>
      t('{account} could not be asked: {detail}', { account: plain(name, 60), detail: plain(detail, 200) }),
    ),
    ...together(
      failed.filter(({ reason }) => reason === 'cancelled'),
      (accounts) => t('You called it off before these answered: {accounts}.', { accounts }),
    ),
    ...together(
      polled.filter(({ kind }) => kind === 'silent'),
      (accounts) => t('Only at work do these tell what is left: {accounts}.', { accounts }),
    ),
  ];
}

function together(
  those: readonly Pick<Polled, 'name'>[],
  words: (accounts: string) => string,
): readonly string[] {
  return those.length === 0 ? [] : [words(those.map(({ name }) => plain(name, 60)).join(', '))];
}
