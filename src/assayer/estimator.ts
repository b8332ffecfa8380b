import * as v from 'valibot';
import type { ToolDefinition } from '../ports/models.ts';
import type { Bead, Usage } from '../town/bead.ts';
import { plain } from '../words/plain.ts';
import { quote } from '../words/quote.ts';
import { type Asking, ask } from './ask.ts';
import { promptFile } from './promptFile.ts';
import { bySchema } from './reading.ts';

export interface EstimateWish extends Asking {
  readonly bead: Pick<Bead, 'title' | 'description' | 'type' | 'criteria' | 'touches'>;
  /** Tokens known without a model: what such beads took, or `firstEstimate`. */
  readonly known: number;
  /** Files of the repository. */
  readonly files: number;
}

export interface Estimated {
  /** Halfway between what is known and what the model guesses. */
  readonly tokens: number;
  readonly guess: number;
  readonly why: string;
  readonly usage: Usage;
  /** Calls of the model. */
  readonly requests: number;
}

const tool = 'submit_estimate';

const submitEstimate: ToolDefinition = {
  name: tool,
  description: 'Hand in the estimate. Call it exactly once.',
  inputSchema: {
    type: 'object',
    required: ['tokens', 'why'],
    properties: {
      tokens: { type: 'integer', description: 'Tokens, input and output together' },
      why: { type: 'string', description: 'In one sentence' },
    },
  },
};

const submitted = v.object({
  tokens: v.pipe(v.number(), v.finite(), v.minValue(1)),
  why: v.optional(v.string(), ''),
});

/** A guess further off than this says more of the model than of the task. */
const furthest = 8;

/** What a model thinks a bead will draw, averaged with what is known. Throws `AssayerError`. */
export async function estimate(wish: EstimateWish): Promise<Estimated> {
  const { known } = wish;
  const { value, usage, requests } = await ask(
    { limitMs: 60_000, ...wish },
    {
      system: await promptFile('estimator', { tool }),
      prompt: estimatePrompt(wish),
      tool: submitEstimate,
      maxOutputTokens: 2_000,
      read: (answer) => bySchema(submitted, answer),
    },
  );
  const guess = Math.min(known * furthest, Math.max(known / furthest, value.tokens));
  const tokens = Math.round((known + guess) / 2);
  return { tokens, guess: Math.round(guess), why: plain(value.why, 300), usage, requests };
}

function estimatePrompt({ bead, known, files }: EstimateWish): string {
  const touches = bead.touches.slice(0, 20).map((one) => plain(one, 100));
  return [
    `# Task (${bead.type})\n${plain(bead.title, 300)}`,
    ...(bead.description.trim() === '' ? [] : [quote(bead.description, 8_000)]),
    ...(bead.criteria.length === 0
      ? []
      : [
          `# Criteria\n${bead.criteria
            .slice(0, 20)
            .map((one) => `- ${plain(one, 300)}`)
            .join('\n')}`,
        ]),
    ...(touches.length === 0 ? [] : [`Expected to change: ${touches.join(', ')}`]),
    `The repository has ${String(files)} files. First estimate: ${String(known)} tokens.`,
  ].join('\n\n');
}
