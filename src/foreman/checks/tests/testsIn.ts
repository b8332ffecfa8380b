import { plainLines } from '../../../words/plain.ts';
import { readCargo } from './cargo.ts';
import { readGoJson } from './goJson.ts';
import { readGoTest } from './goTest.ts';
import { readJest } from './jest.ts';
import { readJunit } from './junit.ts';
import { readMocha } from './mocha.ts';
import { readNodeSpec } from './nodeSpec.ts';
import { readPytest } from './pytest.ts';
import type { TestReader, TestResults } from './results.ts';
import { readTap } from './tap.ts';
import { readVitest } from './vitest.ts';

/** Formats made for machines first: what a test prints rarely looks like them. */
const readers: readonly TestReader[] = [
  ...[readJunit, readGoJson, readTap, readPytest, readGoTest, readCargo],
  ...[readJest, readVitest, readMocha, readNodeSpec],
];

/** Nobody names a test on a longer line, and some expressions above look at a line more than once. */
const longestLine = 4_000;

/**
 * What a check's output tells of its tests. Where several runners were at work, it is the first that names a failure.
 * Null: no runner was recognised.
 */
export function testsIn(output: string): TestResults | null {
  const lines = wholeLines(plainLines(output).split('\n'));
  let found: TestResults | null = null;
  for (const read of readers) {
    const results = read(lines);
    if (results !== null && results.failed.length > 0) return results;
    found ??= results;
  }
  return found;
}

/** Without what is left of the lines in which an output was cut (`output.ts`): half a name is a wrong one. */
function wholeLines(lines: readonly string[]): readonly string[] {
  const isCut = (line = ''): boolean => /^\.\.\. \d+ bytes of output were cut here \.\.\.$/.test(line);
  return lines
    .filter((line, index) => !isCut(line) && !isCut(lines[index - 1]) && !isCut(lines[index + 1]))
    .map((line) =>
      line.length > longestLine && !line.includes('<testcase') ? line.slice(0, longestLine) : line,
    );
}
