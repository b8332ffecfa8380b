import { findCycle } from '../cycle.ts';
import type { Plan, PlanBead, PlanPlace, PlanProblem } from '../plan.ts';
import { type FieldPlaces, readFields } from './fields.ts';
import { type Heading, assignKeys, readHeading } from './heading.ts';
import { type Line, isAcceptance, isBeadHeading, linesOf, opensComment, unescapeLine } from './syntax.ts';
import { criterion, freeText, oneLine } from './tidy.ts';

/** A bead of the plan and where it stands in the text. */
export interface ParsedBead extends PlanBead {
  readonly at: {
    /** Its heading's line, from 0. */
    readonly line: number;
    /** The last line that belongs to it. */
    readonly endLine: number;
    readonly title: PlanPlace;
    readonly fields: FieldPlaces;
  };
}

export interface ParsedPlan extends Plan {
  readonly beads: readonly ParsedBead[];
  /** In the order of the text. */
  readonly problems: readonly PlanProblem[];
}

/**
 * Reads `plan.rigs.md`. Never throws and never drops a bead: what is wrong is a problem at its line, and a
 * value that cannot be read has its default. Takes time in proportion to the text.
 */
export function parsePlan(text: string): ParsedPlan {
  const problems: PlanProblem[] = [];
  const all = linesOf(text.startsWith('\ufeff') ? text.slice(1) : text);
  const lines = withoutComments(all, problems);
  const starts = lines.flatMap((one, index) => (isBeadHeading(one.text) ? [index] : []));
  const headings = starts.flatMap((start) => {
    const line = lines[start];
    return line === undefined ? [] : [readHeading(line, problems)];
  });
  const keys = assignKeys(headings);
  const beads = headings.map((heading, index) => {
    const body = lines.slice((starts[index] ?? 0) + 1, starts[index + 1] ?? lines.length);
    return readBead(heading, keys[index] ?? '', body, problems);
  });
  checkKeys(beads, headings, problems);
  if (beads.length === 0) problems.push({ ...noPlace, code: 'no_beads', facts: {}, severity: 'error' });
  problems.sort((a, b) => a.line - b.line || a.startColumn - b.startColumn);
  return { goal: goalOf(lines.slice(0, starts[0] ?? lines.length)), beads, problems };
}

const noPlace: PlanPlace = { line: 0, startColumn: 0, endColumn: 0 };

/** A person's notes to themselves. One that is never closed must not swallow the beads below it. */
function withoutComments(lines: readonly string[], problems: PlanProblem[]): readonly Line[] {
  const kept: Line[] = [];
  const lastEnd = lines.findLastIndex((line) => line.includes('-->'));
  for (let line = 0; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    if (!opensComment(text)) kept.push({ text, line });
    else if (lastEnd < line) {
      const place = { line, startColumn: text.indexOf('<!--'), endColumn: text.length };
      problems.push({ ...place, code: 'open_comment', facts: {}, severity: 'error' });
    } else while (lines[line]?.includes('-->') === false) line += 1;
  }
  return kept;
}

function goalOf(lines: readonly Line[]): string {
  const texts = lines.map((one) => unescapeLine(one.text));
  const first = texts.findIndex((text) => text.trim() !== '');
  const title = /^#\s+(.*)$/.exec(texts[first] ?? '')?.[1]?.trim();
  if (title === undefined) return freeText(texts.join('\n'));
  const rest = texts.slice(first + 1);
  return freeText(title.toLowerCase() === 'goal' ? rest.join('\n') : [title, ...rest].join('\n'));
}

function readBead(heading: Heading, key: string, body: readonly Line[], problems: PlanProblem[]): ParsedBead {
  const { values, places, rest } = readFields(body, problems);
  const { description, criteria } = readText(rest);
  const last = body.findLast((one) => one.text.trim() !== '');
  const at = {
    line: heading.line,
    endLine: last?.line ?? heading.line,
    title: heading.titlePlace,
    fields: places,
  };
  return { key, title: heading.title, ...values, description, criteria, at };
}

/** Free text and the criteria under `Acceptance:`; text that follows the criteria belongs to the description. */
function readText(lines: readonly Line[]): Pick<PlanBead, 'description' | 'criteria'> {
  const description: string[] = [];
  const criteria: string[][] = [];
  let listing = false;
  for (const { text } of lines) {
    const bullet = listing ? /^\s*(?:[-*+]|\d{1,4}[.)])(?:\s+(.*))?$/.exec(text) : null;
    if (isAcceptance(text)) {
      listing = true;
    } else if (!listing) {
      description.push(unescapeLine(text));
    } else if (bullet !== null) {
      criteria.push([bullet[1] ?? '']);
    } else if (/^\s+\S/.test(text) && criteria.length > 0) {
      criteria.at(-1)?.push(text);
    } else if (text.trim() !== '') {
      listing = false;
      if (description.at(-1)?.trim() !== '') description.push('');
      description.push(unescapeLine(text));
    }
  }
  return {
    description: freeText(description.join('\n')),
    criteria: criteria.map((parts) => criterion(oneLine(parts.join(' ')))).filter((one) => one !== ''),
  };
}

/** What only shows when all beads are known: keys used twice, dependencies on nothing or in a circle. */
function checkKeys(
  beads: readonly ParsedBead[],
  headings: readonly Heading[],
  problems: PlanProblem[],
): void {
  const byKey = new Map<string, ParsedBead>();
  beads.forEach((bead, index) => {
    const place = headings[index]?.keyPlace ?? bead.at.title;
    if (byKey.has(bead.key))
      problems.push({ ...place, code: 'duplicate_key', facts: { key: bead.key }, severity: 'error' });
    else byKey.set(bead.key, bead);
  });
  for (const { dependsOn, at } of beads) {
    for (const [index, key] of dependsOn.entries()) {
      const place = at.fields.dependencies[index] ?? at.title;
      if (!byKey.has(key))
        problems.push({ ...place, code: 'unknown_dependency', facts: { key }, severity: 'error' });
    }
  }
  const cycle = findCycle([...byKey.keys()], (key) => byKey.get(key)?.dependsOn ?? []);
  for (const key of cycle ?? []) {
    const place = byKey.get(key)?.at.fields.dependsOn ?? noPlace;
    problems.push({ ...place, code: 'cycle', facts: { keys: cycle ?? [] }, severity: 'error' });
  }
}
