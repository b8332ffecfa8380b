import * as v from 'valibot';

const long = (max: number) => v.pipe(v.string(), v.trim(), v.nonEmpty('is empty'), v.maxLength(max));

/** What each tool takes, no longer than the door takes it (`gateway/protocol.ts`). */
export const inputs = {
  rigs_task: v.object({}),
  rigs_done: v.object({ summary: long(20_000) }),
  rigs_ask: v.object({ question: long(20_000) }),
  rigs_note: v.object({ text: long(60_000), checkpoint: v.optional(v.boolean(), false) }),
  rigs_split: v.object({
    tasks: v.pipe(
      v.array(
        v.object({
          title: long(2_000),
          description: v.pipe(v.string(), v.maxLength(200_000)),
          criteria: v.optional(v.pipe(v.array(long(2_000)), v.maxLength(1_000)), []),
        }),
      ),
      v.minLength(1, 'is empty'),
      v.maxLength(50),
    ),
  }),
  rigs_comment: v.object({
    id: v.pipe(v.string(), v.regex(/^rt-[0-9a-z]{5}$/, 'is no comment’s id')),
    words: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2_000)), ''),
    resolve: v.optional(v.boolean(), false),
  }),
} as const;
export type ToolName = keyof typeof inputs;
export type InputOf<N extends ToolName> = v.InferOutput<(typeof inputs)[N]>;

export interface Tool {
  readonly name: ToolName;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, object>>;
    readonly required?: string[];
  };
}

const text = { type: 'string' };

/** The same for a model; every word of it is paid for in each of its calls. */
export const tools: readonly Tool[] = [
  {
    name: 'rigs_task',
    description: 'Your task with all its rules and what was done so far, again.',
    inputSchema: { type: 'object', properties: {} },
  },
  {
    name: 'rigs_done',
    description:
      'Says that your task is done. Waits for the checks; the answer is what is missing, if anything.',
    inputSchema: { type: 'object', properties: { summary: text }, required: ['summary'] },
  },
  {
    name: 'rigs_ask',
    description: 'Asks the person who owns the task and waits for the answer. For what only they can decide.',
    inputSchema: { type: 'object', properties: { question: text }, required: ['question'] },
  },
  {
    name: 'rigs_note',
    description:
      'Keeps a fact for whoever goes on with this task. A checkpoint says where the work stands, and replaces the last one.',
    inputSchema: {
      type: 'object',
      properties: { text, checkpoint: { type: 'boolean' } },
      required: ['text'],
    },
  },
  {
    name: 'rigs_split',
    description: 'Files further tasks for other agents, for work you found that is not yours.',
    inputSchema: {
      type: 'object',
      properties: {
        tasks: {
          type: 'array',
          items: {
            type: 'object',
            properties: { title: text, description: text, criteria: { type: 'array', items: text } },
            required: ['title', 'description'],
          },
        },
      },
      required: ['tasks'],
    },
  },
  {
    name: 'rigs_comment',
    description: 'Answers a review comment. Resolve it when it is done; else say why not.',
    inputSchema: {
      type: 'object',
      properties: { id: text, words: text, resolve: { type: 'boolean' } },
      required: ['id', 'words'],
    },
  },
];

/** A tool's arguments after their validator. Throws `BadArguments`. */
export function readInput<N extends ToolName>(name: N, given: unknown): InputOf<N> {
  const read = v.safeParse(inputs[name], given ?? {});
  if (read.success) return read.output;
  throw new BadArguments(v.summarize(read.issues));
}

export function isTool(name: string): name is ToolName {
  return Object.hasOwn(inputs, name);
}

/** What a model sent is not what the tool takes. */
export class BadArguments extends Error {
  readonly reason = 'bad_arguments';

  constructor(message: string) {
    super(message);
    this.name = 'BadArguments';
  }
}
