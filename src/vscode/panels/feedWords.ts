import type { FeedWords } from '../messages/feed.ts';
import type { Translate } from '../../words/translate.ts';

/** Words of the feed's page; its lines come from words/. */
export function feedWords(translate: Translate): FeedWords {
  return {
    list: translate('What happened, newest last'),
    filter: translate('Filter the feed'),
    filterHint: translate('Filter (press / to jump here)'),
    kinds: {
      bead: translate('Beads'),
      agent: translate('Agents'),
      check: translate('Checks'),
      landing: translate('Landings'),
      town: translate('Town'),
    },
    kind: {
      bead: translate('Bead'),
      agent: translate('Agent'),
      check: translate('Check'),
      landing: translate('Landing'),
      town: translate('Town'),
    },
    levels: {
      info: translate('Note'),
      good: translate('Good'),
      warning: translate('Warning'),
      error: translate('Error'),
    },
    shown: translate('{visible} of {all} lines'),
    older: translate('Show older lines'),
    newOne: translate('1 new line'),
    newMany: translate('{count} new lines'),
    newest: translate('Newest lines'),
    empty: translate(
      'Nothing has happened yet. Run “Rigs: Execute Goal” or sling a TODO, and every step is told here.',
    ),
    noMatch: translate('No line matches the filter.'),
    loading: translate('Reading the feed…'),
  };
}
