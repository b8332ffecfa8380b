import type { RuleFault } from '../config/approvalRules.ts';
import type { Approval, MergeRequest } from '../town/mergeRequest.ts';
import type { Translate } from './translate.ts';

const faults: Readonly<Record<RuleFault, (t: Translate) => string>> = {
  entry: (t) =>
    t('A rule is an object with one or more of "paths", "maxLines", "types", "providers" and "labels".'),
  unknown: (t) =>
    t('A rule has no other parts than "paths", "maxLines", "types", "providers", "labels" and "checks".'),
  paths: (t) =>
    t(
      '"paths" takes a list of files or folders from the repository’s root, with *, ? and ** for what may be anything, such as {example}.',
      { example: 'docs/**' },
    ),
  maxLines: (t) => t('"maxLines" takes how many lines may change, a whole number from 0 to 1,000,000.'),
  types: (t) => t('"types" takes a list of kinds of beads, such as {example}.', { example: 'documentation' }),
  providers: (t) =>
    t('"providers" takes a list of names of providers, such as {example}.', { example: 'claude' }),
  labels: (t) => t('"labels" takes a list of labels, of which a bead must bear one.'),
  checks: (t) => t('"checks" takes true only; leave it out where you want to be asked.'),
  empty: (t) =>
    t(
      'A rule needs at least one of "paths", "maxLines", "types", "providers" and "labels": else it would approve everything.',
    ),
};

/** What a part of a rule takes, for one that does not fit. */
export function ruleFaultWords(fault: RuleFault, t: Translate): string {
  return faults[fault](t);
}

const approvals: Readonly<Record<Approval, (t: Translate, number: number) => string>> = {
  person: (t) => t('approved by you'),
  convoy: (t) => t('approved with its convoy'),
  rule: (t, number) => t('approved by your rule {number}', { number }),
};

/** Who said yes to a landing; empty: nobody. */
export function approvalWord(
  { approval, rule = 0 }: Pick<MergeRequest, 'approval' | 'rule'>,
  t: Translate,
): string {
  return approval === null ? '' : approvals[approval](t, rule);
}
