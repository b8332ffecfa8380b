import type { BeadWords, PlanWords } from '../plan.ts';
import { acceptanceLabel, escapeLine, fieldLabels } from './syntax.ts';
import { oneLine, tidyPlan } from './tidy.ts';

/**
 * The plan as text for `plan.rigs.md`. `parsePlan` gives the tidied plan back. Only the planner's answer is
 * printed: a file that a person has edited is never written over.
 */
export function printPlan(plan: PlanWords, note: string | null = null): string {
  const { goal, beads } = tidyPlan(plan);
  const comment = note === null ? [] : [`<!-- ${note.replaceAll('--', '—')} -->`];
  const head = ['# Goal', ...(goal === '' ? [] : [escaped(goal)]), ...comment];
  return `${[...head, ...beads.map(printBead)].join('\n\n')}\n`;
}

function printBead(bead: BeadWords): string {
  const parts = [`## ${bead.key} · ${bead.title}`.trimEnd(), fields(bead).join('\n')];
  if (bead.description !== '') parts.push(escaped(bead.description));
  if (bead.criteria.length > 0)
    parts.push([acceptanceLabel, ...bead.criteria.map((one) => `- ${one}`)].join('\n'));
  return parts.join('\n\n');
}

function fields(bead: BeadWords): readonly string[] {
  const { type, priority, dependsOn, touches, estimate, provider } = bead;
  const values: readonly (readonly [keyof typeof fieldLabels, string | null])[] = [
    ['type', oneLine(type)],
    ['priority', oneLine(priority)],
    ['dependsOn', dependsOn.length === 0 ? null : dependsOn.join(', ')],
    ['touches', touches.length === 0 ? null : touches.map((glob) => `\`${glob}\``).join(', ')],
    ['estimate', estimate === null ? null : String(estimate)],
    ['provider', provider],
  ];
  return values.flatMap(([name, value]) => (value === null ? [] : [`- ${fieldLabels[name]}: ${value}`]));
}

function escaped(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeLine(line))
    .join('\n');
}
