import { FailedNames, type TestReader, countOf } from './results.ts';

/** Vitest (measured with 5): ` FAIL  file > outer > test` for each failure, at the end the counts. */
export const readVitest: TestReader = (lines) => {
  if (!lines.some((one) => /^ *Test Files +.*\(\d+\)$/.test(one))) return null;
  const failed = new FailedNames();
  let passed = 0;
  for (const line of lines) {
    const name = /^ FAIL {2}(.+)$/.exec(line)?.[1];
    // A file that could not be loaded is named twice.
    if (name !== undefined) failed.add(name.replace(/ \[ .* \]$/, ''));
    else if (/^ *Tests +\d/.test(line)) passed += countOf(line, 'passed');
  }
  return { failed: failed.list, passed };
};
