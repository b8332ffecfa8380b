import * as v from 'valibot';
import type { ToolDefinition } from '../ports/models.ts';
import { type JudgedCriterion, type Verdict, type VerdictOutcome, verdictOutcomes } from '../town/verdict.ts';
import { plain, plainLines } from '../words/plain.ts';
import { type Reading, bySchema } from './reading.ts';

/**
 * What an inspector answers with:
 *
 *     {"code": "4f1c…", "criteria": [{"number": 1, "met": true, "why": "…", "file": "src/a.ts", "line": 12}],
 *      "verdict": "pass", "notes": "…"}
 *
 * `code` is the beginning of the inspected commit's id. No diff can hold the id of its own commit, so nothing that was
 * copied from a diff is ever read as an answer.
 */
export const inspectionTool = 'submit_inspection';

export const submitInspection: ToolDefinition = {
  name: inspectionTool,
  description: 'Hand in the inspection. Call it exactly once, with every criterion.',
  inputSchema: {
    type: 'object',
    required: ['code', 'criteria', 'verdict', 'notes'],
    properties: {
      code: { type: 'string', description: 'The inspection code, exactly as given' },
      criteria: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['number', 'met', 'why'],
          properties: {
            number: { type: 'integer', description: 'Number of the criterion' },
            met: { type: 'boolean' },
            why: { type: 'string', description: 'What in the diff shows it, or what is missing' },
            file: { type: 'string', description: 'A file of the diff' },
            line: { type: 'integer', description: 'A line of the new file' },
          },
        },
      },
      verdict: { type: 'string', enum: [...verdictOutcomes] },
      notes: { type: 'string', description: 'What the agent has to mend; empty when nothing' },
    },
  },
};

const text = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((said) => plainLines(said).slice(0, max).trim()),
  );

/** Where it was seen only helps to find it: a wrong place is none. */
const place = {
  file: v.fallback(v.nullish(v.string(), null), null),
  line: v.fallback(v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), null), null),
};

const judged = v.object({
  number: v.pipe(v.number(), v.safeInteger()),
  met: v.boolean(),
  why: text(600),
  ...place,
});

const submitted = v.object({
  code: v.pipe(v.string(), v.trim()),
  criteria: v.pipe(v.array(judged), v.maxLength(1_000)),
  verdict: v.pipe(
    v.string(),
    v.transform((said) => said.trim().toLowerCase().replace(/[ -]/g, '_')),
    v.picklist(verdictOutcomes),
  ),
  notes: v.optional(text(4_000), ''),
});

export interface Inspected {
  readonly code: string;
  readonly criteria: readonly string[];
  /** Files of the diff. */
  readonly files: readonly string[];
}

export type Judgement = Pick<Verdict, 'outcome' | 'criteria' | 'notes'>;

/** An answer that contradicts itself or leaves a criterion out is none: what passes was judged in every point. */
export function readInspection(value: unknown, about: Inspected): Reading<Judgement> {
  const reading = bySchema(submitted, value);
  if (reading.kind !== 'value') return reading;
  const { code, criteria, verdict, notes } = reading.value;
  if (code !== about.code) return garbage(`code: it is not the inspection code, ${about.code}.`);
  const wrong = [
    ...numberProblems(criteria, about.criteria.length),
    ...contradictions(verdict, criteria, notes),
  ];
  if (wrong.length > 0) return garbage(...wrong);
  const found = criteria
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, met, why, file, line }): JudgedCriterion => {
      const known = file !== null && about.files.includes(file);
      const criterion = plain(about.criteria[number - 1] ?? '', 500);
      return { criterion, met, why, file: known ? file : null, line: known ? line : null };
    });
  return { kind: 'value', value: { outcome: verdict, criteria: found, notes }, wrong: [] };
}

function garbage(...wrong: readonly string[]): Reading<never> {
  return { kind: 'garbage', wrong };
}

function numberProblems(given: readonly { readonly number: number }[], count: number): readonly string[] {
  const times = new Map<number, number>();
  for (const { number } of given) times.set(number, (times.get(number) ?? 0) + 1);
  const wanted = Array.from({ length: count }, (_, index) => index + 1);
  return [
    ...wanted
      .filter((number) => !times.has(number))
      .map((number) => `Criterion ${String(number)} is not judged.`),
    ...[...times].flatMap(([number, often]) => {
      if (number < 1 || number > count) return [`There is no criterion ${String(number)}.`];
      return often > 1 ? [`Criterion ${String(number)} is judged ${String(often)} times.`] : [];
    }),
  ];
}

function contradictions(
  verdict: VerdictOutcome,
  criteria: readonly { readonly number: number; readonly met: boolean }[],
  notes: string,
): readonly string[] {
  const unmet = criteria.filter((one) => !one.met).map((one) => String(one.number));
  if (verdict === 'pass')
    return unmet.length === 0 ? [] : [`verdict: "pass", but criteria are not met: ${unmet.join(', ')}.`];
  return unmet.length === 0 && notes === ''
    ? [`verdict: "${verdict}", but every criterion is met and the notes say nothing.`]
    : [];
}
