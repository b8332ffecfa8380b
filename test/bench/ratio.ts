/** Milliseconds that something took; awaited, so that subject and baseline pay the same for being asynchronous. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

interface Turns<T> {
  readonly subject: () => T;
  readonly baseline: () => T;
  /** Rounds that are run first and not counted, until everything is compiled and warm. */
  readonly warmUp: number;
  readonly rounds: number;
}

export type Interleaved = Turns<unknown>;

/** Medians of both. */
export interface Medians {
  readonly subjectMs: number;
  readonly baselineMs: number;
  readonly runs: number;
}

/**
 * Measures both in turns, the one and then the other first, so that whatever else the machine does hits both alike.
 */
export async function interleaved({ subject, baseline, ...rounds }: Interleaved): Promise<Medians> {
  return inTurns({ subject: () => timed(subject), baseline: () => timed(baseline), ...rounds });
}

/** As `interleaved`, for what says itself how many ms counted: another process, or work with tidying behind it. */
export async function inTurns({
  subject,
  baseline,
  warmUp,
  rounds,
}: Turns<Promise<number>>): Promise<Medians> {
  const subjects: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    if (round === warmUp) {
      subjects.length = 0;
      baselines.length = 0;
    }
    if (round % 2 === 0) subjects.push(await subject());
    baselines.push(await baseline());
    if (round % 2 === 1) subjects.push(await subject());
  }
  return { subjectMs: median(subjects), baselineMs: median(baselines), runs: subjects.length };
}
