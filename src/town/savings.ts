import type { Trial, Usage } from './bead.ts';
import { hashOf } from './hash.ts';
import type { BeadId } from './ids.ts';

/** What wording tasks saves: fractions of what a bead draws that stays as it was; below 0, it costs. */
export interface Saving {
  readonly saved: number;
  /** Where it lies in 95 of 100 such measurements. */
  readonly low: number;
  readonly high: number;
}

export interface Savings {
  /** Completed beads whose tokens were counted, by what they were drawn for. */
  readonly worded: number;
  readonly control: number;
  /** Null: too few of either for any claim. */
  readonly saving: Saving | null;
}

/** What a bead drew, as the ledger has it. */
interface Drawn extends Usage {
  readonly trial?: Trial;
}

/** Beads of each kind below which nothing is claimed: with fewer, one odd bead would decide. */
export const fewestBeads = 10;

/**
 * Whether a bead stays as it was worded, so that what wording saves can be told. `share`: of all beads, 0–1. Drawn by
 * its id, so that it is the same whoever asks; ids are random.
 */
export function isControl(bead: BeadId, share: number): boolean {
  return spread(hashOf(bead)) / 2 ** 32 < share;
}

/** MurmurHash3's last step: short names that differ in one character are far apart. */
function spread(start: number): number {
  let hash = Math.imul(start ^ (start >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * From the newest beads of the ledger. Beads count as they were drawn, not as they were treated: one whose words were
 * rejected is a worded one all the same, else those that lend themselves to it would be compared with the rest. What the
 * optimizer drew is part of its bead.
 */
export function savingsOf({ beads }: { readonly beads: Readonly<Record<string, Drawn>> }): Savings {
  const logs: Record<Trial, number[]> = { worded: [], control: [] };
  // As windows count them: what a cache answered is not drawn.
  for (const { trial, input, output } of Object.values(beads))
    if (trial !== undefined && input + output >= 1) logs[trial].push(Math.log(input + output));
  const { worded, control } = logs;
  const isEnough = Math.min(worded.length, control.length) >= fewestBeads;
  return {
    worded: worded.length,
    control: control.length,
    saving: isEnough ? savingBetween(momentsOf(worded), momentsOf(control)) : null,
  };
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, one) => sum + one, 0) / count;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { count, mean, variance: squares / (count - 1) };
}

/** Welch's interval on logarithms: sizes of beads are a matter of factors, and the two kinds need not spread alike. */
function savingBetween(worded: Moments, control: Moments): Saving {
  const difference = worded.mean - control.mean;
  const [a, b] = [worded.variance / worded.count, control.variance / control.count];
  const error = Math.sqrt(a + b);
  const freedom = (a + b) ** 2 / (a ** 2 / (worded.count - 1) + b ** 2 / (control.count - 1));
  const off = error === 0 ? 0 : studentAt975(freedom) * error;
  return {
    saved: 1 - Math.exp(difference),
    low: 1 - Math.exp(difference + off),
    high: 1 - Math.exp(difference - off),
  };
}

/** Below it lie 97.5 % of Student's t (Abramowitz and Stegun 26.7.5; error below 2e-4 from nine degrees of freedom on). */
export function studentAt975(freedom: number): number {
  const x = 1.959963985;
  const terms = [
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
    (79 * x ** 9 + 776 * x ** 7 + 1482 * x ** 5 - 1920 * x ** 3 - 945 * x) / 92160,
  ];
  return terms.reduce((sum, one, at) => sum + one / freedom ** (at + 1), x);
}
