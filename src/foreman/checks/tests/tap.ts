import { NestedResults } from './nested.ts';
import type { TestReader } from './results.ts';

const header = /^TAP version 1[2-4]\s*$/;
const plan = /^1\.\.\d+/;
const point = /^((?: {4})*)(not )?ok\b(?: +(\d{1,9})\b)?(?: +-)? *(.*)$/;
const closing = /^((?: {4})*)\}\s*$/;

/** TAP 12 to 14 (testanything.org), subtests before or within the point that sums them up. */
export const readTap: TestReader = (lines) => {
  if (!lines.some((line) => header.test(line)) && !lines.some((line) => plan.test(line))) return null;
  const nested = new NestedResults();
  const buffered: { readonly depth: number; readonly name: string; readonly outcome: Outcome }[] = [];
  let points = 0;
  for (const line of withoutDetails(lines)) {
    const found = point.exec(line);
    if (found === null) {
      const depth = closing.exec(line)?.[1]?.length;
      if (depth === undefined || buffered.at(-1)?.depth !== depth / 4) continue;
      const open = buffered.pop();
      if (open !== undefined) nested.tell(open.depth, open.name, open.outcome);
      continue;
    }
    const [, indent = '', not, number = '?', rest = ''] = found;
    const depth = indent.length / 4;
    const { name, outcome } = described(rest, not !== undefined, number);
    points += 1;
    if (name.endsWith(' {')) buffered.push({ depth, name: name.slice(0, -2), outcome });
    else nested.tell(depth, name, outcome);
  }
  return points === 0 ? null : nested.results();
};

type Outcome = 'passed' | 'failed' | 'left';

/** `name # SKIP why`: neither good nor bad. Other comments, such as how long it took, are no part of the name. */
function described(rest: string, failed: boolean, number: string): { name: string; outcome: Outcome } {
  const comment = rest.search(/(?<!\\)\s#\s|^#\s/);
  const name = (comment < 0 ? rest : rest.slice(0, comment)).replaceAll(/\\([#\\])/g, '$1').trim();
  const left = comment >= 0 && /^\s?#\s+(?:skip|todo)/i.test(rest.slice(comment));
  return {
    name: name === '' ? `test ${number}` : name,
    outcome: left ? 'left' : failed ? 'failed' : 'passed',
  };
}

/** What stands between `---` and `...` is free text, in which anything may look like a result. */
function* withoutDetails(lines: readonly string[]): Generator<string> {
  let end: string | null = null;
  for (const line of lines) {
    if (end !== null) {
      if (line.trimEnd() === end) end = null;
      continue;
    }
    const begin = /^( +)---\s*$/.exec(line)?.[1];
    if (begin === undefined) yield line;
    else end = `${begin}...`;
  }
}
