import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';
import type { CheckResult } from '../../town/check.ts';
import { type TestPlace, placesIn } from './firstPlace.ts';
import { testsIn } from './tests/testsIn.ts';

/** What the output of a failed check tells: its failed tests, and where the first failure lies. */
export async function findingsOf(
  file: string,
  worktree: string,
): Promise<Pick<CheckResult, 'failedTests' | 'place'>> {
  const output = await readFile(file, 'utf8');
  // Each proof runs in another worktree; a test keeps its name all the same.
  const tests = testsIn(output.replaceAll(worktree + path.sep, ''));
  const place = await firstThatIs(placesIn(output, worktree), worktree);
  return {
    ...(tests === null || tests.failed.length === 0 ? {} : { failedTests: tests.failed }),
    ...(place === null ? {} : { place }),
  };
}

/** A name may be of nothing, or of a link that leads out: it is a place only when it is a file in the worktree. */
async function firstThatIs(places: readonly TestPlace[], worktree: string): Promise<TestPlace | null> {
  const root = (await realpath(worktree)) + path.sep;
  for (const place of places) {
    const real = await realpath(path.join(worktree, place.file)).catch((error: unknown) => {
      if (codeOf(error) !== undefined) return null;
      throw error;
    });
    if (real?.startsWith(root) === true) return place;
  }
  return null;
}
