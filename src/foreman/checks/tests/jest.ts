import { FailedNames, type TestReader, countOf } from './results.ts';

/** Jest (measured with 30): `FAIL file`, below it `● outer › test`, at the end the counts. */
export const readJest: TestReader = (lines) => {
  if (!lines.some((one) => /^Tests: +(?:\d+ \w+, )*\d+ total$/.test(one))) return null;
  const failed = new FailedNames();
  let passed = 0;
  let file = '';
  for (const line of lines) {
    if (/^(?:FAIL|PASS) /.test(line)) file = fileIn(line);
    else if (line.startsWith('Tests:')) passed += countOf(line, 'passed');
    const name = /^ {2}● (.+)$/.exec(line)?.[1];
    if (name !== undefined && name !== 'Console') failed.add(file, ...name.split(' › '));
  }
  return { failed: failed.list, passed };
};

/** `FAIL project src/a.test.js (5.2 s)`. */
function fileIn(line: string): string {
  const words = line.replace(/ \([\d.]+ m?s\)\s*$/, '').split(' ');
  return words.at(-1) ?? '';
}
