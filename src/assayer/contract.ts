import * as v from 'valibot';
import type { ToolDefinition } from '../ports/models.ts';
import { beadTypes, priorities } from '../town/bead.ts';

/**
 * What a model answers a goal with: one call of the tool `submit_plan` with
 *
 *     {"beads": [{"key": "1", "title": "…", "type": "implementation", "priority": "normal",
 *                 "description": "…", "acceptance": ["…"], "depends_on": ["…"], "touches": ["src/x.js"],
 *                 "estimated_tokens": 12000}]}
 *
 * or, from a model without tools, the same object (or its bare array) as JSON text. `key` is local to the plan;
 * `depends_on` holds keys. Rehearsal playbooks answer by this contract too.
 */
export const planTool = 'submit_plan';

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

export const maxBeads = 40;

/** One bead of an answer. What only shows between beads (keys, circles) is found by reading the printed plan. */
export const answeredBead = v.object({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300)),
  type: v.picklist(beadTypes),
  priority: v.optional(v.picklist(priorities), 'normal'),
  description: v.optional(text(20_000), ''),
  acceptance: v.optional(v.array(text(2_000)), []),
  depends_on: v.optional(v.array(text(300)), []),
  touches: v.optional(v.array(text(300)), []),
  estimated_tokens: v.optional(v.nullable(v.pipe(v.number(), v.minValue(1))), null),
});

const strings = { type: 'array', items: { type: 'string' } } as const;

export const submitPlan: ToolDefinition = {
  name: planTool,
  description: 'Hand in the plan. Call it exactly once, with all beads.',
  inputSchema: {
    type: 'object',
    required: ['beads'],
    properties: {
      beads: {
        type: 'array',
        minItems: 1,
        maxItems: maxBeads,
        items: {
          type: 'object',
          required: ['key', 'title', 'type', 'description', 'acceptance', 'depends_on', 'touches'],
          properties: {
            key: { type: 'string', description: 'Short and unique in this plan: 1, 2, auth-api' },
            title: { type: 'string', description: 'What will be true, in at most ten words' },
            type: { type: 'string', enum: [...beadTypes] },
            priority: { type: 'string', enum: [...priorities] },
            description: {
              type: 'string',
              description: 'All that somebody who sees only this bead must know',
            },
            acceptance: { ...strings, description: 'Criteria that can be checked' },
            depends_on: {
              ...strings,
              description: 'Keys of beads that must have landed before this one starts',
            },
            touches: { ...strings, description: 'Globs of the files it will change' },
            estimated_tokens: { type: 'integer', description: 'Tokens an agent will need, input and output' },
          },
        },
      },
    },
  },
};
