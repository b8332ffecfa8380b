import * as v from 'valibot';
import type { ToolDefinition } from '../ports/models.ts';
import type { Bead, Optimized, Usage } from '../town/bead.ts';
import { plain, plainLines } from '../words/plain.ts';
import { quote } from '../words/quote.ts';
import { type Asking, ask } from './ask.ts';
import { dropped } from './constraints.ts';
import { promptFile } from './promptFile.ts';
import { type Reading, bySchema } from './reading.ts';

export interface WordingWish extends Asking {
  /** Whose model it is. */
  readonly provider: string;
  readonly bead: Pick<Bead, 'title' | 'description' | 'type' | 'criteria'>;
}

export interface Wording {
  readonly optimized: Optimized;
  readonly usage: Usage;
  /** Calls of the model. */
  readonly requests: number;
}

const tool = 'submit_wording';

const submitWording: ToolDefinition = {
  name: tool,
  description: 'Hand in the task as you word it. Call it exactly once.',
  inputSchema: {
    type: 'object',
    required: ['prompt', 'changes'],
    properties: {
      prompt: { type: 'string', description: 'The whole task, worded better' },
      changes: {
        type: 'array',
        items: { type: 'string' },
        description: 'What you changed, one short line each',
      },
    },
  },
};

const submitted = v.object({
  prompt: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(30_000)),
  changes: v.optional(v.pipe(v.array(v.string()), v.maxLength(100)), []),
});

/** Shorter than this there is nothing to save; longer, wording it costs more than it saves. */
const [shortest, longest] = [120, 20_000] as const;

export function isWorthWording({ description }: Pick<Bead, 'description'>): boolean {
  const { length } = description.trim();
  return length >= shortest && length <= longest;
}

/**
 * A task as a model words it, beside the original. Where it lost a constraint of the original twice, it comes back with
 * what is gone, and counts for nothing until a person accepts it. Throws `AssayerError`.
 */
export async function optimize(wish: WordingWish): Promise<Wording> {
  const { bead, provider, model } = wish;
  const { value, usage, requests } = await ask(wish, {
    system: await promptFile('optimizer', { tool }),
    prompt: wordingPrompt(bead),
    tool: submitWording,
    maxOutputTokens: 8_000,
    read: (answer) => readWording(answer, bead.description),
  });
  return { optimized: { ...value, provider, model, accepted: null }, usage, requests };
}

type Worded = Pick<Optimized, 'prompt' | 'changes' | 'dropped'>;

export function readWording(value: unknown, original: string): Reading<Worded> {
  const reading = bySchema(submitted, value);
  if (reading.kind !== 'value') return reading;
  const prompt = plainLines(reading.value.prompt);
  const gone = dropped(original, prompt)
    .slice(0, 30)
    .map((one) => plain(one, 300));
  return {
    kind: 'value',
    value: {
      prompt,
      changes: reading.value.changes.slice(0, 20).map((one) => plain(one, 300)),
      dropped: gone,
    },
    wrong: gone.map((one) => `This of the original is gone, or weaker: ${one}`),
  };
}

function wordingPrompt({ title, description, type, criteria }: WordingWish['bead']): string {
  const list = criteria.slice(0, 50).map((one) => `- ${plain(one, 500)}`);
  return [
    `# Task (${type})\n${plain(title, 300)}`,
    quote(description, longest),
    ...(list.length === 0 ? [] : [`# Acceptance criteria, which stand beside it\n${list.join('\n')}`]),
  ].join('\n\n');
}
