import type { ApprovalRule } from '../town/autoApprove.ts';
import { beadTypes } from '../town/bead.ts';
import { entries } from './settingRows.ts';
import { isProviderName } from './tankRows.ts';

/** Which part of a rule is no such thing; `entry`: it is none at all; `unknown`: a part nobody knows; `empty`: no part. */
export type RuleFault =
  'entry' | 'unknown' | 'paths' | 'maxLines' | 'types' | 'providers' | 'labels' | 'checks' | 'empty';

const mostLines = 1_000_000;
const mostEntries = 100;

/** An empty list is a slip: nothing fits it. */
function listOf(fits: (text: string) => boolean): (value: unknown) => boolean {
  return (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= mostEntries &&
    value.every((one) => typeof one === 'string' && fits(one));
}

/** From the repository's root; what `pathGlob.ts` would read as it stands and nobody means so is none. */
function isPath(glob: string): boolean {
  const parts = glob.split('/');
  return (
    glob.length <= 300 &&
    glob.trim() === glob &&
    !/[\p{Cc}\\{}[\]]|^!/u.test(glob) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** In the order in which they are looked at. */
const parts: Readonly<
  Record<Exclude<RuleFault, 'entry' | 'unknown' | 'empty'>, (value: unknown) => boolean>
> = {
  paths: listOf(isPath),
  maxLines: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostLines,
  types: listOf((text) => beadTypes.some((type) => type === text)),
  providers: listOf(isProviderName),
  labels: listOf((text) => text.trim() !== '' && text.length <= 100),
  checks: (value) => value === true,
};

/** A rule as a person wrote it, or what is wrong with it first. */
export function readRule(entry: unknown, number: number): ApprovalRule | { readonly fault: RuleFault } {
  const found = entries(entry);
  if (found === null) return { fault: 'entry' };
  for (const [name, value] of found) {
    const part = known(name);
    if (part === null) return { fault: 'unknown' };
    if (!parts[part](value)) return { fault: part };
  }
  // What it may change is no reason to say yes to it.
  if ([...found.keys()].every((name) => name === 'checks')) return { fault: 'empty' };
  // Each of its parts was just looked at.
  return { ...(Object.fromEntries(found) as Omit<ApprovalRule, 'number'>), number };
}

function known(name: string): keyof typeof parts | null {
  return Object.hasOwn(parts, name) ? (name as keyof typeof parts) : null;
}

/** The rules among what a person wrote, in its order; what is none is told to `fault` and approves nothing. */
export function goodRules(
  written: readonly unknown[],
  fault: (entry: unknown, why: RuleFault) => void = () => undefined,
): readonly ApprovalRule[] {
  return written.flatMap((entry, index): readonly ApprovalRule[] => {
    const read = readRule(entry, index + 1);
    if (!('fault' in read)) return [read];
    fault(entry, read.fault);
    return [];
  });
}
