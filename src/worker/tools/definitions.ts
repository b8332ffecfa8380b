import * as v from 'valibot';
import type { ToolDefinition } from '../../ports/models.ts';

const text = v.string();
const position = v.pipe(v.number(), v.integer(), v.minValue(1));
const word = v.pipe(
  v.string(),
  v.check((value) => !value.includes('\0'), 'holds a NUL character'),
);

/** What each tool takes; what a model sends passes these before anything is done with it. */
export const inputs = {
  read: v.object({ path: text, from: v.optional(position), lines: v.optional(position) }),
  search: v.object({ pattern: text, path: v.optional(text), regex: v.optional(v.boolean()) }),
  edit: v.object({ path: text, find: text, replace: text }),
  write: v.object({ path: text, content: text }),
  run: v.object({ command: v.pipe(word, v.nonEmpty()), args: v.optional(v.array(word), []) }),
  comment: v.object({
    id: v.pipe(text, v.regex(/^rt-[0-9a-z]{5}$/)),
    words: v.pipe(text, v.maxLength(2_000)),
    resolve: v.optional(v.boolean(), false),
  }),
  done: v.object({ summary: v.pipe(text, v.maxLength(20_000)) }),
} as const;
export type ToolName = keyof typeof inputs;
export type InputOf<N extends ToolName> = v.InferOutput<(typeof inputs)[N]>;

const path = { type: 'string', description: 'Relative to the worktree.' };
const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** The same for the model. */
export const toolDefinitions: readonly (ToolDefinition & { readonly name: ToolName })[] = [
  {
    name: 'read',
    description: 'Reads a text file (500 lines unless told otherwise), or lists a folder.',
    inputSchema: object(
      {
        path,
        from: { type: 'integer', minimum: 1, description: 'First line.' },
        lines: { type: 'integer', minimum: 1, description: 'How many lines.' },
      },
      ['path'],
    ),
  },
  {
    name: 'search',
    description: 'Finds lines that hold a text, or with regex a JavaScript regular expression.',
    inputSchema: object({ pattern: { type: 'string' }, path, regex: { type: 'boolean' } }, ['pattern']),
  },
  {
    name: 'edit',
    description: 'Replaces the only place in a file that reads exactly "find".',
    inputSchema: object({ path, find: { type: 'string' }, replace: { type: 'string' } }, [
      'path',
      'find',
      'replace',
    ]),
  },
  {
    name: 'write',
    description: 'Creates a file, or replaces all of it.',
    inputSchema: object({ path, content: { type: 'string' } }, ['path', 'content']),
  },
  {
    name: 'run',
    description:
      'Runs one program in the worktree, without a shell: no pipes, redirections, globs or &&. At most 10 minutes.',
    inputSchema: object({ command: { type: 'string' }, args: { type: 'array', items: { type: 'string' } } }, [
      'command',
    ]),
  },
  {
    name: 'comment',
    description: 'Answers a review comment. Resolve it when it is done; else say why not.',
    inputSchema: object({ id: { type: 'string' }, words: { type: 'string' }, resolve: { type: 'boolean' } }, [
      'id',
      'words',
    ]),
  },
  {
    name: 'done',
    description: 'Says that the task is done. The answer says whether it was accepted, or what is missing.',
    inputSchema: object({ summary: { type: 'string' } }, ['summary']),
  },
];
