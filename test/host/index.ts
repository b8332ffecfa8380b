/** What VS Code calls inside the extension host: runs the bundled host tests that lie beside this file. */
import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runMocha } from '../harness/mochaRun.ts';
import { count, emptyTally } from '../harness/outcome.ts';

/** Rejects when a test failed; VS Code turns that into its exit code. */
export async function run(): Promise<void> {
  const here = import.meta.dirname;
  const names = await readdir(here, { recursive: true });
  const outcomes = await runMocha({
    files: names
      .filter((name) => name.endsWith('.test.cjs'))
      .sort()
      .map((name) => join(here, name)),
    timeoutMs: 20_000,
    grep: process.env['RIGS_TEST_GREP'],
    nameOf: (path) => `test/host/${basename(path, '.cjs')}.ts`,
  });
  await writeFile(process.env['RIGS_TEST_TALLY'] ?? '', JSON.stringify({ ...emptyTally, outcomes }));
  const failed = count(outcomes, 'failed');
  if (failed > 0) throw new Error(`${String(failed)} host tests failed`);
}
