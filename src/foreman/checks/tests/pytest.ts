import { FailedNames, type TestReader, countOf } from './results.ts';

const counts = /^=* ?(?:no tests ran|\d+ \w+)(?:, \d+ \w+)* in [\d.]+s(?: \([\d:]+\))? ?=*$/;
const summary = /^=+ short test summary info =+$/;
/** `-v`: `test_a.py::test_b FAILED   [ 22%]`, and under xdist `[gw0] [ 22%] FAILED test_a.py::test_b`. */
const told = / (PASSED|FAILED|ERROR)(?: +\[ *\d{1,3}%\])?$/;
const toldByWorker = /^\[gw\d+\] \[ *\d+%\] (PASSED|FAILED|ERROR) (\S.*?) *$/;

/** Pytest (measured with 9): the short summary at the end, and what `-v` says of each test. */
export const readPytest: TestReader = (lines) => {
  if (!lines.some((line) => counts.test(line) || /^=+ test session starts =+$/.test(line))) return null;
  const failed = new FailedNames();
  let [counted, listed] = [0, 0];
  let inSummary = false;
  for (const line of lines) {
    if (line.startsWith('=')) inSummary = summary.test(line);
    if (counts.test(line)) counted += countOf(line, 'passed');
    const short = inSummary ? /^(?:FAILED|ERROR) (.+)$/.exec(line)?.[1] : undefined;
    if (short !== undefined) failed.add(nameIn(short));
    const [name, outcome] = verbose(line);
    if (outcome === 'PASSED') listed += 1;
    else if (outcome !== undefined && !inSummary) failed.add(name);
  }
  return { failed: failed.list, passed: Math.max(counted, listed) };
};

function verbose(line: string): readonly [name: string, outcome: string | undefined] {
  const byWorker = toldByWorker.exec(line);
  if (byWorker !== null) return [byWorker[2] ?? '', byWorker[1]];
  const found = told.exec(line);
  const name = line.slice(0, found?.index ?? 0);
  return /^\S/.test(name) && name.includes('::') ? [name, found?.[1]] : ['', undefined];
}

/** `test_a.py::test_b[c - d] - why`: parameters may hold what stands before the reason. */
function nameIn(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '[') depth += 1;
    else if (text[at] === ']') depth -= 1;
    else if (depth <= 0 && text.startsWith(' - ', at)) return text.slice(0, at);
  }
  // Brackets that never close: then the reason begins where it seems to.
  return depth <= 0 ? text : (text.split(' - ', 1)[0] ?? text);
}
