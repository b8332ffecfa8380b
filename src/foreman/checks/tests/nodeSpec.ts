import { NestedResults } from './nested.ts';
import type { TestReader } from './results.ts';

/** `  ✖ name (1.2ms)`; what is skipped or still to do says so behind it. */
const line = /^((?: {2})*)([✔✖﹣⚠]) (.*?)(?: \([\d.]+ms\))?( # (?:SKIP|TODO).*)?$/u;

/** The `spec` reporter of node:test (measured with Node 24). */
export const readNodeSpec: TestReader = (lines) => {
  if (!lines.some((one) => /^ℹ tests \d+$/.test(one))) return null;
  const nested = new NestedResults();
  for (const [index, one] of lines.entries()) {
    const [, indent = '', mark = '', name = '', directive = ''] = line.exec(one) ?? [];
    // Each failure is told once more at the end, after the place of its test and without the names around it.
    const again = lines[index - 1]?.startsWith('test at ') === true;
    if (mark === '' || again || (mark === '✖' && name === 'failing tests:')) continue;
    const left = mark === '﹣' || mark === '⚠' || directive !== '';
    nested.tell(indent.length / 2, name, left ? 'left' : mark === '✖' ? 'failed' : 'passed');
  }
  return nested.results();
};
