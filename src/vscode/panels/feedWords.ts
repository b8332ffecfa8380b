import type { FeedWords } from '../messages/feed.ts';
import type { ChartWords } from '../messages/tanks.ts';
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
    chart: chartWords(translate),
  };
}

function chartWords(translate: Translate): ChartWords {
  return {
    title: translate('Tanks'),
    empty: translate(
      'No vendor has said yet what an account has left. It is drawn here as soon as one does.',
    ),
    hidden: translate('{count} more limits are in the Tanks view.'),
    reset: translate('reset'),
    dry: translate('dry'),
    mayBeDry: translate('may be dry'),
    left: translate('{time}: {percent}% left'),
    expected: translate('{time}: {likely}% left if it goes on so, {least}–{most}%'),
    hint: translate('Arrow keys read the curve'),
  };
}
