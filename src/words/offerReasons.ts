import type { Facts, ReasonCode } from '../town/reason.ts';
import { has, text } from './facts.ts';
import type { Sentence } from './fuelReasons.ts';
import type { Translate } from './translate.ts';

type OfferCode = Extract<ReasonCode, `offer_${string}` | 'at_the_forge'>;

function named(f: Facts): Readonly<Record<string, string>> {
  return { branch: text(f, 'branch'), target: text(f, 'target'), remote: text(f, 'remote') };
}

function detailed(said: string, f: Facts): string {
  return has(f, 'detail') ? `${said} ${text(f, 'detail', 400)}` : said;
}

/** Of what is taken out here. */
export function stillOpen(url: string, t: Translate): string {
  return t('Its pull request is still open; close it at the forge if nobody is to merge it: {url}', { url });
}

/** Why the forge does not have a pull request, or what it waits for there, and what to do. */
export const offerSentences: Readonly<Record<OfferCode, Sentence>> = {
  at_the_forge: (f, { t }) =>
    has(f, 'url')
      ? t('Waits for the forge to merge its pull request into {target}: {url}', {
          target: text(f, 'target'),
          url: text(f, 'url', 300),
        })
      : t('Waits for the forge to merge it into {target}.', { target: text(f, 'target') }),
  offer_no_remote: (_, { t }) =>
    t(
      'This repository has no remote to open a pull request at. Add one, or choose another style of landing; then retry it.',
    ),
  offer_unreachable: (f, { t }) =>
    detailed(t('{remote} cannot be reached; its pull request is tried again by itself.', named(f)), f),
  offer_branch_taken: (f, { t }) =>
    t(
      '{remote} has a branch {branch} with other commits, and Rigs never forces. Bring them into the branch, or delete it there; then retry it.',
      named(f),
    ),
  offer_refused: (f, { t }) =>
    detailed(
      t('{remote} does not take {branch}. Mend your access or its rules, then retry it.', named(f)),
      f,
    ),
  offer_by_hand: (f, { t }) =>
    has(f, 'url')
      ? t('{branch} is at {remote}. Open its pull request into {target} there: {url}', {
          ...named(f),
          url: text(f, 'url', 400),
        })
      : t('{branch} is at {remote}. Open its pull request into {target} there.', named(f)),
  offer_login: (f, { t }) =>
    detailed(
      t('{branch} is at {remote}, but gh is not logged in. Run `gh auth login`, then retry it.', named(f)),
      f,
    ),
  offer_failed: (f, { t }) =>
    detailed(
      t('{branch} is at {remote}, but gh did not open its pull request. Mend that, then retry it.', named(f)),
      f,
    ),
  offer_unseen: (f, { t }) => detailed(t('What became of its pull request cannot be seen just now.'), f),
  offer_closed: (f, { t }) =>
    t('Its pull request was closed without being merged: {url}. Retry it to open another, or take it out.', {
      url: text(f, 'url', 300),
    }),
};
