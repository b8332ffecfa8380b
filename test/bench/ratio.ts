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

export interface Interleaved {
  readonly subject: () => unknown;
  readonly baseline: () => unknown;
  /** Rounds that are run first and not counted, until everything is compiled and warm. */
  readonly warmUp: number;
  readonly rounds: number;
}

/**
 * Measures both in turns, the one and then the other first, so that whatever else the machine does hits both alike.
 */
export async function interleaved({
  subject,
  baseline,
  warmUp,
  rounds,
}: Interleaved): Promise<{ readonly subjectMs: number; readonly baselineMs: number; readonly runs: number }> {
  const subjects: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    if (round === warmUp) {
      subjects.length = 0;
      baselines.length = 0;
    }
    if (round % 2 === 0) subjects.push(await timed(subject));
    baselines.push(await timed(baseline));
    if (round % 2 === 1) subjects.push(await timed(subject));
  }
  return { subjectMs: median(subjects), baselineMs: median(baselines), runs: subjects.length };
}
