import type { PlanPlace, PlanProblem } from '../plan.ts';
import { type Line, keyPattern } from './syntax.ts';
import { oneLine } from './tidy.ts';

export interface Heading {
  readonly line: number;
  /** Null when the person wrote only a title. */
  readonly key: string | null;
  readonly keyPlace: PlanPlace | null;
  readonly title: string;
  readonly titlePlace: PlanPlace;
}

/** `## key · title`; also `## 3. title`, as people number lists, and `## title` alone. */
export function readHeading({ text, line }: Line, problems: PlanProblem[]): Heading {
  const start = /^##\s*/.exec(text)?.[0].length ?? 0;
  const { key, keyEnd, titleStart } = split(text, start);
  const end = text.trimEnd().length;
  const title = oneLine(text.slice(titleStart));
  const keyPlace = key === null ? null : { line, startColumn: start, endColumn: Math.max(keyEnd, start + 1) };
  const titlePlace =
    title === ''
      ? { line, startColumn: 0, endColumn: Math.max(end, 2) }
      : { line, startColumn: end - text.slice(titleStart, end).trimStart().length, endColumn: end };
  if (title === '') problems.push({ ...titlePlace, code: 'empty_title', facts: {}, severity: 'error' });
  if (key !== null && keyPlace !== null && !keyPattern.test(key))
    problems.push({ ...keyPlace, code: 'bad_key', facts: { key: key.slice(0, 60) }, severity: 'error' });
  return { line, key, keyPlace, title, titlePlace };
}

function split(
  text: string,
  start: number,
): { readonly key: string | null; readonly keyEnd: number; readonly titleStart: number } {
  const dot = text.indexOf('·', start);
  if (dot >= 0) {
    const key = text.slice(start, dot).trimEnd();
    return { key, keyEnd: start + key.length, titleStart: dot + 1 };
  }
  const numbered = /^(\d{1,9})(?:\s*[.:)|–—-](?=\s|$)|\s*$)/.exec(text.slice(start));
  const [whole, number] = numbered ?? [];
  if (whole === undefined || number === undefined) return { key: null, keyEnd: start, titleStart: start };
  return { key: number, keyEnd: start + number.length, titleStart: start + whole.length };
}

/** Beads without a key are called by their place in the plan, or the next number that nobody bears. */
export function assignKeys(headings: readonly Heading[]): readonly string[] {
  const taken = new Set(headings.map((one) => one.key));
  let number = 0;
  return headings.map(({ key }, index) => {
    if (key !== null) return key;
    number = Math.max(number, index) + 1;
    while (taken.has(String(number))) number += 1;
    return String(number);
  });
}
