import * as v from 'valibot';
import type { BeadWords } from '../town/plan.ts';
import { plain, plainLines } from '../words/plain.ts';
import { answeredBead, maxBeads, planTool } from './contract.ts';
import { jsonIn } from './json.ts';
import { type Reading, issueWords } from './reading.ts';

/** The beads of an answer. What only shows between them is found by reading the printed plan. */
export function readBeads(value: unknown): Reading<readonly BeadWords[]> {
  const list = listIn(value);
  if (list === null)
    return { kind: 'garbage', wrong: [`There is no list "beads". Call ${planTool} with one.`] };
  return list.length === 0 ? { kind: 'empty' } : readList(list);
}

function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (typeof value !== 'object' || value === null || !('beads' in value)) return null;
  // Some models hand a nested value over as text.
  const beads: unknown = typeof value.beads === 'string' ? jsonIn(value.beads) : value.beads;
  return Array.isArray(beads) ? (beads as readonly unknown[]) : null;
}

function readList(list: readonly unknown[]): Reading<readonly BeadWords[]> {
  const wrong: string[] = [];
  if (list.length > maxBeads)
    wrong.push(`There are ${String(list.length)} beads; at most ${String(maxBeads)} fit a plan.`);
  const objects = list.slice(0, maxBeads).flatMap((one, index) => {
    if (typeof one === 'object' && one !== null && !Array.isArray(one)) return [familiar(one, index)];
    wrong.push(`beads[${String(index)}] is no object.`);
    return [];
  });
  if (objects.length === 0) return { kind: 'garbage', wrong };
  const keys = keysOf(objects);
  const beads = objects.map((one, index) => {
    const result = v.safeParse(answeredBead, one);
    for (const issue of result.issues ?? []) wrong.push(issueWords(issue, `beads[${String(index)}].`));
    return worded(one, keys);
  });
  return { kind: 'value', value: beads, wrong: wrong.slice(0, 30) };
}

type Loose = Readonly<Record<string, unknown>>;

/** By what others may call a bead: its key in any capitals, or its title. */
function keysOf(beads: readonly Loose[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const bead of beads) {
    const key = slug(bead['key']);
    keys.set(`key ${key.toLowerCase()}`, key);
    if (typeof bead['title'] === 'string') keys.set(titleKey(bead['title']), key);
  }
  return keys;
}

function dependency(words: string, keys: ReadonlyMap<string, string>): string {
  const key = slug(words);
  return keys.get(titleKey(words)) ?? keys.get(`key ${key.toLowerCase()}`) ?? key;
}

/** Names other planners use for the same fields; models have read about those too. */
function familiar(bead: object, index: number): Loose {
  const found = bead as Loose;
  const key = found['key'] ?? found['id'];
  return {
    ...found,
    key: typeof key === 'string' || typeof key === 'number' ? String(key) : String(index + 1),
    type: found['type'] ?? found['task_type'],
    acceptance: found['acceptance'] ?? found['acceptance_criteria'] ?? undefined,
    depends_on: asTexts(found['depends_on'] ?? found['dependencies']),
    touches: found['touches'] ?? found['files'] ?? undefined,
    estimated_tokens: found['estimated_tokens'] ?? complexity(found['estimated_complexity']),
  };
}

/** Planners of other programs say a word instead; what fills a half-hour session is `high`. */
function complexity(word: unknown): number | null {
  if (word === 'low') return 15_000;
  if (word === 'medium') return 40_000;
  return word === 'high' ? 100_000 : null;
}

/** A single dependency, or one given by its number, is what it says. */
function asTexts(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => (typeof one === 'number' ? String(one) : one));
}

/** As much as can be used; the printed plan shows the rest as problems where a person can mend them. */
function worded(bead: Loose, keys: ReadonlyMap<string, string>): BeadWords {
  const estimate = bead['estimated_tokens'];
  return {
    key: slug(bead['key']),
    title: line(bead['title'], 300),
    type: line(bead['type'], 60) || 'implementation',
    priority: line(bead['priority'], 60) || 'normal',
    dependsOn: lines(bead['depends_on']).map((one) => dependency(one, keys)),
    touches: lines(bead['touches']),
    estimate: typeof estimate === 'number' ? estimate : null,
    provider: null,
    description:
      typeof bead['description'] === 'string' ? plainLines(bead['description'].slice(0, 20_000)) : '',
    criteria: lines(bead['acceptance']),
  };
}

function line(value: unknown, max: number): string {
  return typeof value === 'string' || typeof value === 'number' ? plain(String(value), max) : '';
}

function lines(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  return list.slice(0, 100).map((one) => line(one, 2_000));
}

/** A key as the plan's format allows it; the same text gives the same key, so dependencies still meet. */
export function slug(value: unknown): string {
  const words = line(value, 200)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 40);
  return words === '' || words.toLowerCase() === 'none' ? `bead-${words}`.replace(/-$/, '') : words;
}

function titleKey(title: string): string {
  return `title ${plain(title, 300).toLowerCase()}`;
}
