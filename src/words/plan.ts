import type { PlanProblem, PlanProblemCode } from '../town/plan.ts';
import { beadTypes, priorities } from '../town/bead.ts';
import { type Telling, names, text } from './facts.ts';
import type { Translate } from './translate.ts';

type Say = (facts: PlanProblem['facts'], t: Telling['t']) => string;

/** What is wrong at a place of a plan, and what would be right. */
export function planProblemWords(problem: Pick<PlanProblem, 'code' | 'facts'>, t: Translate): string {
  return problems[problem.code](problem.facts, t);
}

const problems: Readonly<Record<PlanProblemCode, Say>> = {
  no_beads: (_, t) => t('This plan has no beads. A bead begins with a heading such as “## 1 · Title”.'),
  empty_title: (_, t) => t('This bead has no title.'),
  bad_key: (f, t) =>
    t('“{key}” cannot be a key. A key is a short word of letters, digits, dots and dashes before the “·”.', {
      key: text(f, 'key'),
    }),
  duplicate_key: (f, t) => t('Another bead has the key {key} already.', { key: text(f, 'key') }),
  unknown_type: (f, t) =>
    t('“{value}” is no type. One of: {known}.', { value: text(f, 'value'), known: beadTypes.join(', ') }),
  unknown_priority: (f, t) =>
    t('“{value}” is no priority. One of: {known}.', {
      value: text(f, 'value'),
      known: priorities.join(', '),
    }),
  unknown_dependency: (f, t) => t('No bead of this plan has the key “{key}”.', { key: text(f, 'key') }),
  cycle: (f, t) => t('These beads wait for each other in a circle: {keys}.', { keys: names(f, 'keys', 6) }),
  bad_estimate: (f, t) =>
    t('“{value}” is no number of tokens. Write 12000 or 12k.', { value: text(f, 'value') }),
  bad_provider: (f, t) => t('“{value}” is no name of a provider.', { value: text(f, 'value') }),
  unknown_field: (f, t) =>
    t('Rigs knows no field “{field}”; its agent will read it as part of the description.', {
      field: text(f, 'field'),
    }),
  duplicate_field: (f, t) => t('{field} is said twice.', { field: text(f, 'field') }),
  open_comment: (_, t) => t('This comment is never closed with “-->”.'),
};
