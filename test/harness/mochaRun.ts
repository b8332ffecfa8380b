/** Runs test files with mocha, here and inside an extension host alike, and counts them into a file. */
import { writeFile } from 'node:fs/promises';
import Mocha from 'mocha';

export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

export type MochaRun = {
  readonly files: readonly string[];
  /** Where the tally goes. That file is the result: what was printed is for people only. */
  readonly tallyFile: string;
  readonly timeoutMs: number;
  readonly grep?: string | undefined;
};

/** Runs the files in order, prints as it goes, and leaves the tally behind. */
export async function runMocha({ files, tallyFile, timeoutMs, grep }: MochaRun): Promise<Tally> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.stdout.isTTY,
    timeout: timeoutMs,
    slow: timeoutMs / 50,
    forbidOnly: process.env['CI'] !== undefined,
    ...(grep === undefined ? {} : { grep }),
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const tally = await new Promise<Tally>((resolve) => {
    const runner = mocha.run((failed) => {
      resolve({ passed: runner.stats?.passes ?? 0, failed, skipped: runner.stats?.pending ?? 0 });
    });
  });
  await writeFile(tallyFile, JSON.stringify(tally));
  return tally;
}
