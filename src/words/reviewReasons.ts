import type { Facts, ReasonCode } from '../town/reason.ts';
import { count, has, names, text } from './facts.ts';
import type { Sentence } from './fuelReasons.ts';
import type { Translate } from './translate.ts';

type ReviewCode = Extract<ReasonCode, `review_${string}`>;

function sent(f: Facts, t: Translate): string {
  const said =
    count(f, 'count') === 1
      ? t('A person reviewed it and wrote one comment.')
      : t('A person reviewed it and wrote {count} comments.', { count: count(f, 'count') });
  return has(f, 'words') ? `${said} ${text(f, 'words', 2_000)}` : said;
}

/** What a review brought back, and why one cannot be sent. */
export const reviewSentences: Readonly<Record<ReviewCode, Sentence>> = {
  review_sent: (f, { t }) => sent(f, t),
  review_owed: (f, { t }) =>
    count(f, 'count') === 1
      ? t('One comment of the review is not answered: {threads}.', { threads: names(f, 'threads') })
      : t('{count} comments of the review are not answered: {threads}.', {
          count: count(f, 'count'),
          threads: names(f, 'threads', 12),
        }),
  review_full: (f, { t }) => t('No more than {max} are kept.', { max: text(f, 'max') }),
  review_landed: (_, { t }) =>
    t(
      'It has landed, so nobody revises it any more. Your comments are kept; file a new bead for what is missing.',
    ),
  review_no_agent: (_, { t }) =>
    t('No agent of this rig made it, so there is nobody to send your comments to. They are kept.'),
};
