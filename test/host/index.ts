/** What VS Code calls inside the extension host: runs the bundled host tests that lie beside this file. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runMocha } from '../harness/mochaRun.ts';

/** Rejects when a test failed; VS Code turns that into its exit code. */
export async function run(): Promise<void> {
  const here = import.meta.dirname;
  const names = await readdir(here, { recursive: true });
  const { failed } = await runMocha({
    files: names
      .filter((name) => name.endsWith('.test.cjs'))
      .sort()
      .map((name) => join(here, name)),
    tallyFile: process.env['RIGS_TEST_TALLY'] ?? '',
    timeoutMs: 20_000,
    grep: process.env['RIGS_TEST_GREP'],
  });
  if (failed > 0) throw new Error(`${String(failed)} host tests failed`);
}
