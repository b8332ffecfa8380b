import { type BeadType, type Priority, beadTypes, priorities } from '../bead.ts';
import type { PlanBead, PlanPlace, PlanProblem, PlanProblemCode } from '../plan.ts';
import {
  type FieldName,
  type Line,
  fieldNamed,
  isAcceptance,
  keyPattern,
  providerPattern,
} from './syntax.ts';
import { isAny, tidyEstimate } from './tidy.ts';
import { readGlobs } from './globs.ts';

export type FieldValues = Pick<
  PlanBead,
  'type' | 'priority' | 'dependsOn' | 'touches' | 'estimate' | 'provider'
>;

/** Where each value stands, as far as it was written. */
export type FieldPlaces = Readonly<Partial<Record<FieldName, PlanPlace>>> & {
  /** One place for each of `dependsOn`. */
  readonly dependencies: readonly PlanPlace[];
};

interface Field {
  readonly name: FieldName | null;
  readonly label: string;
  readonly value: string;
  readonly place: PlanPlace;
  readonly source: Line;
}

/** The list right under a heading; it ends at the first line that is no field. */
export function readFields(
  body: readonly Line[],
  problems: PlanProblem[],
): { readonly values: FieldValues; readonly places: FieldPlaces; readonly rest: readonly Line[] } {
  const { fields, end } = fieldBlock(body);
  const report = (place: PlanPlace, code: PlanProblemCode, facts: PlanProblem['facts']): void => {
    problems.push({ ...place, code, facts, severity: code === 'unknown_field' ? 'warning' : 'error' });
  };
  const known = new Map<FieldName, Field>();
  const strange: Line[] = [];
  for (const field of fields) {
    if (field.name === null) {
      report(field.place, 'unknown_field', { field: field.label });
      strange.push(field.source);
    } else if (known.has(field.name)) report(field.place, 'duplicate_field', { field: field.label });
    else known.set(field.name, field);
  }
  const { values, dependencies } = valuesOf(known, report);
  const places = Object.fromEntries([...known].map(([name, field]) => [name, field.place]));
  // A misspelt field is not lost: the bead's agent reads it in the description.
  return { values, places: { ...places, dependencies }, rest: [...strange, ...body.slice(end)] };
}

function fieldBlock(body: readonly Line[]): { readonly fields: readonly Field[]; readonly end: number } {
  const from = body.findIndex((one) => one.text.trim() !== '');
  const fields: Field[] = [];
  let end = Math.max(from, 0);
  for (; end < body.length; end += 1) {
    const field = fieldOf(body[end]);
    if (field === null) break;
    fields.push(field);
  }
  // A list without any known field is a description that begins with a list.
  return fields.some((one) => one.name !== null) ? { fields, end } : { fields: [], end: 0 };
}

function fieldOf(source: Line | undefined): Field | null {
  if (source === undefined || isAcceptance(source.text)) return null;
  const match = /^\s*([-*+]\s+)?([A-Za-z][A-Za-z_ ]{0,30}):(.*)$/.exec(source.text);
  const [, dash, label, raw] = match ?? [];
  if (label === undefined || raw === undefined) return null;
  const name = fieldNamed(label);
  if (name === null && dash === undefined) return null;
  const { line, text } = source;
  const value = raw.trim();
  const start = value === '' ? text.indexOf(label) : text.length - raw.trimStart().length;
  const endColumn = value === '' ? text.trimEnd().length : start + value.length;
  return { name, label: label.trim(), value, place: { line, startColumn: start, endColumn }, source };
}

type Report = (place: PlanPlace, code: PlanProblemCode, facts: PlanProblem['facts']) => void;

function valuesOf(
  fields: ReadonlyMap<FieldName, Field>,
  report: Report,
): { readonly values: FieldValues; readonly dependencies: readonly PlanPlace[] } {
  const depends = keysOf(fields.get('dependsOn'));
  const values: FieldValues = {
    type: chosen<BeadType>(fields.get('type'), typeNamed, 'implementation', 'unknown_type', report),
    priority: chosen<Priority>(fields.get('priority'), priorityNamed, 'normal', 'unknown_priority', report),
    dependsOn: depends.map((one) => one.key),
    touches: readGlobs(fields.get('touches')?.value ?? ''),
    estimate: chosen(fields.get('estimate'), estimateOf, null, 'bad_estimate', report),
    provider: chosen(fields.get('provider'), providerOf, null, 'bad_provider', report),
  };
  return { values, dependencies: depends.map((one) => one.place) };
}

/** A field's value, its default when it is left out or empty, or a problem when it means nothing. */
function chosen<T>(
  field: Field | undefined,
  read: (value: string) => T | undefined,
  otherwise: T,
  code: PlanProblemCode,
  report: Report,
): T {
  if (field === undefined || /^(?:|-|–|—|\?|any|none|unknown)$/i.test(field.value)) return otherwise;
  const value = read(field.value);
  if (value === undefined) report(field.place, code, { value: field.value.slice(0, 60) });
  return value ?? otherwise;
}

function typeNamed(value: string): BeadType | undefined {
  return beadTypes.find((one) => one === value.toLowerCase());
}

/** `p0` to `p3` are the same four. */
function priorityNamed(value: string): Priority | undefined {
  const word = value.toLowerCase();
  return priorities.find((one, index) => one === word || `p${String(index)}` === word);
}

/** `12000`, `12,000`, `12k`, `~1.5M tokens`. */
function estimateOf(value: string): number | undefined {
  const plain = value
    .slice(0, 60)
    .toLowerCase()
    .replace(/tokens?$/, '')
    .replace(/^~|[\s_,]/g, '');
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,6})?)([km])?$/.exec(plain) ?? [];
  if (digits === undefined) return undefined;
  return tidyEstimate(Number(digits) * (unit === 'k' ? 1e3 : unit === 'm' ? 1e6 : 1)) ?? undefined;
}

/** The first word; why the planner foresees it may follow. */
function providerOf(value: string): string | null | undefined {
  const [word = ''] = value.replaceAll('`', '').split(/[\s,;(—–]/, 1);
  if (isAny(word)) return null;
  return providerPattern.test(word) ? word : undefined;
}

function keysOf(field: Field | undefined): readonly { readonly key: string; readonly place: PlanPlace }[] {
  if (field === undefined || /^(?:-|–|—|none)$/i.test(field.value)) return [];
  const found = new Map<string, PlanPlace>();
  let column = field.place.startColumn;
  for (const part of field.value === '' ? [] : field.value.split(',')) {
    const key = part.replaceAll('`', '').trim().replace(/^#/, '');
    const startColumn = column + part.length - part.trimStart().length;
    const place = { line: field.place.line, startColumn, endColumn: startColumn + part.trim().length };
    if (key !== '' && !found.has(key)) found.set(keyPattern.test(key) ? key : key.slice(0, 60), place);
    column += part.length + 1;
  }
  return [...found].map(([key, place]) => ({ key, place }));
}
