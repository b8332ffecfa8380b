import type { BeadWords } from '../plan.ts';
import { keyPattern, linesOf, maxEstimate, providerPattern, trimLines } from './syntax.ts';

/**
 * The plan as the file format can say it: one-line titles and criteria, no control characters, no blank ends.
 * Whoever makes a plan from outside text tidies it first; what was read from a file is tidy already.
 */
export function tidyPlan<B extends BeadWords>(plan: {
  readonly goal: string;
  readonly beads: readonly B[];
}): { readonly goal: string; readonly beads: readonly B[] } {
  return { goal: freeText(plan.goal), beads: plan.beads.map((bead) => tidyBead(bead)) };
}

function tidyBead<B extends BeadWords>(bead: B): B {
  const { estimate, provider } = bead;
  return {
    ...bead,
    title: oneLine(bead.title),
    dependsOn: [...new Set(bead.dependsOn.filter((key) => keyPattern.test(key)))],
    touches: [...new Set(bead.touches.map(glob).filter((one) => one !== ''))],
    estimate: estimate === null ? null : tidyEstimate(estimate),
    provider: provider !== null && providerPattern.test(provider) && !isAny(provider) ? provider : null,
    description: freeText(bead.description),
    criteria: bead.criteria.map(criterion).filter((one) => one !== ''),
  };
}

/** How a person says that there is no wish. */
export function isAny(provider: string): boolean {
  return /^(?:any|none|unknown)$/i.test(provider);
}

/** Whole tokens; what is no amount of tokens is no estimate. */
export function tidyEstimate(tokens: number): number | null {
  const whole = Math.round(tokens);
  return whole > 0 && whole <= maxEstimate ? whole : null;
}

/** A criterion as people tick it off elsewhere loses its box. */
export function criterion(text: string): string {
  return oneLine(oneLine(text).replace(/^(?:\[[ xX]\]\s*)+/, ''));
}

export function glob(text: string): string {
  return oneLine(text.replaceAll('`', ''));
}

// eslint-disable-next-line no-control-regex -- these characters are what must not get into a plan
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export function oneLine(text: string): string {
  return text.replace(controls, ' ').replace(/\s+/g, ' ').trim();
}

export function freeText(text: string): string {
  return trimLines(linesOf(text.replace(controls, ''))).join('\n');
}
