import type { Bead } from './bead.ts';
import type { CheckResult } from './check.ts';
import { hashOf } from './hash.ts';
import type { Instant } from './ids.ts';

/** A test that failed and passed on one tree. */
export interface FlakyTest {
  readonly check: string;
  /** Null: the check as a whole, because it names no tests or too many fell at once to be each to blame. */
  readonly test: string | null;
  readonly flips: number;
  readonly lastAt: Instant;
  /** Trees on which it did both, the newest last, at most 5. */
  readonly examples: readonly string[];
}

/** By check and test, at most 200; those that did it longest ago make room. */
export type Flaky = Readonly<Record<string, FlakyTest>>;

/** What came of suspects that were run again, older ones counting less and less. */
export interface Reruns {
  readonly steady: number;
  readonly flaky: number;
}

export const noReruns: Reruns = { steady: 0, flaky: 0 };

const mostTests = 200;
const mostExamples = 5;
/** More tests than this at once: a service was down or a disk was full, and none of them is known for it. */
const mostAtOnce = 10;
/** Of what is remembered, what is left after one more: about the last 20 count. */
const kept = 0.95;
/** Where fewer of the suspects turn out to be flaky, running them again costs more than it saves. */
const worthwhile = 0.15;
/** Where more requests fail than this, failing is what is to be expected of one. */
const usual = 0.4;
/** Runs more that what is known to be flaky may have. */
const mostKnown = 2;

/** What else is known of a suspect. */
export interface Seen {
  /** The chance that a request fails, 0..1. */
  readonly rate: number;
  /** How often it was run again already. */
  readonly again: number;
  /** Other runs that held it and failed alike: such a one tells what running it again would. */
  readonly alike: number;
}

/**
 * Whether a red result is worth one more run alone: the first that anything speaks for, and one more where all that fell
 * is known to be flaky. Running again hides nothing: what fails for a reason fails again, so a known flaky test that fell
 * beside another one proves nothing for that other one, which decides alone.
 */
export function isSuspect(flaky: Flaky, reruns: Reruns, failed: CheckResult, seen: Seen): boolean {
  if (failed.outcome !== 'failed' && failed.outcome !== 'timed_out') return false;
  if (isAllKnown(flaky, failed)) return seen.again < mostKnown;
  return seen.again + seen.alike === 0 && seen.rate <= usual && shareOf(reruns) > worthwhile;
}

/** Whether two results may have one cause: the same check fell, and a test in both where they name any. */
export function isAlike(one: CheckResult, other: CheckResult): boolean {
  const [tests = [], others = []] = [one.failedTests, other.failedTests];
  if (one.name !== other.name) return false;
  return tests.length + others.length === 0 || tests.some((test) => others.includes(test));
}

/**
 * Whether every test that fell is known as flaky. What comes of running those again tells nothing of failures in
 * general: it is for `learnFlip`, not for `learnRerun`.
 */
export function isAllKnown(flaky: Flaky, { name, failedTests = [] }: CheckResult): boolean {
  return subjects(failedTests).every((test) => Object.hasOwn(flaky, keyOf(name, test)));
}

/** Before anything is known a fifth, so that the first suspect is run again; one that is steady ends that for a while. */
function shareOf({ steady, flaky }: Reruns): number {
  return (flaky + 0.2) / (flaky + steady + 1);
}

/** Told once a suspect, of what came of it in the end: flaky when any run of it passed. */
export function learnRerun(reruns: Reruns, outcome: 'steady' | 'flaky'): Reruns {
  const faded = fade(reruns);
  return { ...faded, [outcome]: faded[outcome] + 1 };
}

/** Told of each culprit that was not doubted, so that after some 20 of them one is doubted again. */
export function fade({ steady, flaky }: Reruns): Reruns {
  return { steady: steady * kept, flaky: flaky * kept };
}

/** Tests that failed and passed on one tree; none: the check as a whole did. */
export interface Flip {
  readonly check: string;
  readonly tests: readonly string[];
  readonly tree: string;
  readonly at: Instant;
}

/**
 * What two runs of one check on one tree show to be flaky; null: nothing. When both are red, a test that fell in the
 * first and not in the second has passed only if the runner goes on after failures, as one does that named two.
 */
export function flipOf(
  first: CheckResult,
  second: CheckResult,
  { tree, at }: Pick<Flip, 'tree' | 'at'>,
): Flip | null {
  const flip = { check: first.name, tree, at };
  if (first.outcome !== 'failed' && first.outcome !== 'timed_out') return null;
  const [fell = [], again = []] = [first.failedTests, second.failedTests];
  if (second.outcome === 'passed') return { ...flip, tests: fell };
  if (second.outcome !== 'failed' || fell.length < 2 || again.length === 0) return null;
  const tests = fell.filter((one) => !again.includes(one));
  return tests.length === 0 || tests.length > mostAtOnce ? null : { ...flip, tests };
}

export function learnFlip(flaky: Flaky, { check, tests, tree, at }: Flip): Flaky {
  const found = subjects(tests).map((test): readonly [string, FlakyTest] => {
    const key = keyOf(check, test);
    const before = Object.hasOwn(flaky, key) ? flaky[key] : undefined;
    const examples = [...(before?.examples ?? []).filter((one) => one !== tree), tree].slice(-mostExamples);
    return [key, { check, test, flips: (before?.flips ?? 0) + 1, lastAt: at, examples }];
  });
  return newest({ ...flaky, ...Object.fromEntries(found) });
}

type Subject = Pick<FlakyTest, 'check' | 'test'>;

export function isFlaky(flaky: Flaky, { check, test }: Subject): boolean {
  return Object.hasOwn(flaky, keyOf(check, test));
}

/** Its next failure is doubted as that of any other. */
export function forgotten(flaky: Flaky, { check, test }: Subject): Flaky {
  const key = keyOf(check, test);
  return Object.fromEntries(Object.entries(flaky).filter(([one]) => one !== key));
}

/** By which its bead is known; a label of its own, because people word titles anew. */
export function flakyLabel({ check, test }: Subject): string {
  return `flaky-${hashOf(keyOf(check, test)).toString(16).padStart(8, '0')}`;
}

/** What did it last comes first. */
export function flakyTests(flaky: Flaky = {}): readonly FlakyTest[] {
  return Object.values(flaky).toSorted((one, other) => other.lastAt - one.lastAt);
}

/** The newest bead that has it mended; undefined: none is known here. */
export function beadOfFlaky(beads: Readonly<Record<string, Bead>>, test: Subject): Bead | undefined {
  const label = flakyLabel(test);
  const own = Object.values(beads).filter(({ labels }) => labels.includes(label));
  return own.toSorted((one, other) => other.createdAt - one.createdAt)[0];
}

function newest(flaky: Flaky): Flaky {
  const all = Object.entries(flaky);
  if (all.length <= mostTests) return flaky;
  const byAge = all.toSorted(([a, one], [b, other]) => other.lastAt - one.lastAt || (a < b ? -1 : 1));
  return Object.fromEntries(byAge.slice(0, mostTests));
}

function subjects(tests: readonly string[]): readonly (string | null)[] {
  return tests.length === 0 || tests.length > mostAtOnce ? [null] : tests;
}

function keyOf(check: string, test: string | null): string {
  return JSON.stringify([check, test]);
}
