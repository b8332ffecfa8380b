/** What `plan.rigs.md` is made of; reading and printing share it, so that they stay inverse. */

/** A line that is not part of a comment. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** `none` says that there is no dependency, so it is no key. */
export const keyPattern = /^(?!none$)[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/i;
export const providerPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;
export const maxEstimate = 1_000_000_000;

export type FieldName = 'type' | 'priority' | 'dependsOn' | 'touches' | 'estimate' | 'provider';

/** How a field is printed. */
export const fieldLabels: Readonly<Record<FieldName, string>> = {
  type: 'Type',
  priority: 'Priority',
  dependsOn: 'Depends on',
  touches: 'Touches',
  estimate: 'Estimate',
  provider: 'Provider',
};

/** How people may write it, in lower case with single spaces. */
const spellings: ReadonlyMap<string, FieldName> = new Map<string, FieldName>([
  ['type', 'type'],
  ['priority', 'priority'],
  ['depends on', 'dependsOn'],
  ['depends_on', 'dependsOn'],
  ['dependencies', 'dependsOn'],
  ['touches', 'touches'],
  ['files', 'touches'],
  ['estimate', 'estimate'],
  ['provider', 'provider'],
]);

export function fieldNamed(label: string): FieldName | null {
  return spellings.get(label.trim().toLowerCase().replace(/\s+/g, ' ')) ?? null;
}

export const acceptanceLabel = 'Acceptance:';

export function isAcceptance(line: string): boolean {
  return /^\s*(?:[*_]{2})?acceptance(?: criteria)?:(?:[*_]{2})?\s*$/i.test(line);
}

export function opensComment(line: string): boolean {
  return line.trimStart().startsWith('<!--');
}

/** A second-level heading begins a bead, wherever it stands. */
export function isBeadHeading(line: string): boolean {
  return /^##(?:\s|$)/.test(line);
}

/** Free text may hold lines that mean something in a plan; a backslash before them makes them text again. */
export function escapeLine(line: string): string {
  return means(withoutBackslashes(line)) ? `\\${line}` : line;
}

export function unescapeLine(line: string): string {
  return line.startsWith('\\') && means(withoutBackslashes(line)) ? line.slice(1) : line;
}

function withoutBackslashes(line: string): string {
  let at = 0;
  while (line[at] === '\\') at += 1;
  return line.slice(at);
}

function means(line: string): boolean {
  return isBeadHeading(line) || isAcceptance(line) || opensComment(line);
}

/** As editors count lines. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n]/);
}

/** Without blank lines before and after; those within stay. */
export function trimLines(lines: readonly string[]): readonly string[] {
  let from = 0;
  let to = lines.length;
  while (from < to && lines[from]?.trim() === '') from += 1;
  while (to > from && lines[to - 1]?.trim() === '') to -= 1;
  return lines.slice(from, to);
}
