import * as v from 'valibot';
import type { ModelAnswer } from '../ports/models.ts';
import { plain } from '../words/plain.ts';
import { jsonIn, withoutThinking } from './json.ts';

/** What a model's answer amounts to. `wrong`: what to tell the model when it is asked again. */
export type Reading<T> =
  | { readonly kind: 'empty' }
  | { readonly kind: 'garbage'; readonly wrong: readonly string[] }
  | { readonly kind: 'value'; readonly value: T; readonly wrong: readonly string[] };

/** What a model handed in: by a call of the tool, or as JSON in its text. */
export function answered(answer: ModelAnswer, tool: string): Reading<unknown> {
  const call = answer.content.find((block) => block.type === 'tool_use' && block.name === tool);
  if (call?.type === 'tool_use') return { kind: 'value', value: call.input, wrong: [] };
  const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  if (withoutThinking(text).trim() === '') return { kind: 'empty' };
  const value = jsonIn(text);
  if (value !== undefined) return { kind: 'value', value, wrong: [] };
  return { kind: 'garbage', wrong: [`It holds no JSON. Call ${tool}.`] };
}

/** A value by its schema, or what is wrong with it. */
export function bySchema<S extends v.GenericSchema>(schema: S, value: unknown): Reading<v.InferOutput<S>> {
  const result = v.safeParse(schema, value);
  return result.success
    ? { kind: 'value', value: result.output, wrong: [] }
    : { kind: 'garbage', wrong: result.issues.slice(0, 20).map((issue) => issueWords(issue)) };
}

/** One harmless line; `within` is said before the place. */
export function issueWords(issue: v.BaseIssue<unknown>, within = ''): string {
  return plain(`${within}${v.getDotPath(issue) ?? ''}: ${issue.message}`, 200);
}
