import { FailedNames, type TestReader, countOf } from './results.ts';

const first = /^ {2}\d+\) (.*)$/;
const further = /^ {7,}(\S.*)$/;
/** More names than suites are nested in. */
const mostLines = 20;

/** What the reporters of mocha that people read end with: counts, and each failure with all its names. */
export const readMocha: TestReader = (lines) => {
  if (!lines.some((one) => /^ {2}\d+ (?:passing|failing)(?: \(|$)/.test(one))) return null;
  const failed = new FailedNames();
  let passed = 0;
  let telling = false;
  for (const [index, line] of lines.entries()) {
    // Before the counts the same numbers stand in the tree, with one name only.
    if (/^ {2}\d+ passing/.test(line)) [telling, passed] = [false, passed + countOf(line, 'passing')];
    else if (/^ {2}\d+ failing/.test(line)) telling = true;
    else if (telling && first.test(line)) failed.add(...titles(lines, index));
  }
  return { failed: failed.list, passed };
};

/** `  1) outer`, `       inner`, `         test:`: the last one ends with a colon, or the rest was cut away. */
function titles(lines: readonly string[], from: number): readonly string[] {
  const found: string[] = [];
  let title = first.exec(lines[from] ?? '')?.[1];
  while (title !== undefined && found.length < mostLines) {
    if (title.endsWith(':')) return [...found, title.slice(0, -1)];
    found.push(title.trimEnd());
    title = further.exec(lines[from + found.length] ?? '')?.[1];
  }
  return [];
}
