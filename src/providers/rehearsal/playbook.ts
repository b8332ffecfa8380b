import * as v from 'valibot';
import { RehearsalError } from './error.ts';

/**
 * A playbook: what the rehearsal's model answers. One goal has one plan; one task, found by its bead's title, has a
 * script for each purpose of a session; a script has one turn for each time the model is asked.
 */
const text = v.pipe(v.string(), v.minLength(1));
/** Long texts may be written as lists of lines, so that people can read and review them. */
const lines = v.union([
  v.string(),
  v.pipe(
    v.array(v.string()),
    v.transform((list) => list.join('\n')),
  ),
]);
const milliseconds = v.pipe(v.number(), v.minValue(0));
const words = v.union([
  v.pipe(
    text,
    v.transform((one): readonly string[] => [one]),
  ),
  v.pipe(v.array(text), v.readonly()),
]);

/** Holds when everything in `seen` and nothing in `unseen` stands in what tools answered in this session. */
const condition = v.strictObject({ seen: v.optional(words, []), unseen: v.optional(words, []) });

const call = v.strictObject({
  name: text,
  when: v.optional(condition),
  input: v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform((input) => ({ ...input, ...joined(input) })),
  ),
});

/** What goes wrong instead of an answer, for rehearsing that too. Without `times` it goes wrong for ever. */
const times = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)));
const fault = v.union([
  v.strictObject({
    status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
    headers: v.optional(v.record(v.string(), v.string()), {}),
    body: v.optional(v.looseObject({})),
    times,
  }),
  v.strictObject({ drop: v.picklist(['before', 'mid']), times }),
  v.strictObject({ play: v.picklist(['hang', 'garbage', 'empty', 'endless', 'error']), times }),
]);

const turn = v.strictObject({
  say: v.optional(lines, ''),
  tools: v.optional(v.array(call), []),
  /** How long the model thinks before its first word. */
  pauseMs: v.optional(milliseconds, 600),
  fault: v.optional(fault),
});
const script = v.pipe(v.array(turn), v.minLength(1));

const bead = v.strictObject({
  key: text,
  title: text,
  type: text,
  priority: text,
  description: v.string(),
  acceptance: v.array(v.string()),
  depends_on: v.array(v.string()),
  touches: v.array(v.string()),
  estimated_tokens: v.number(),
});

const task = v.strictObject({
  begin: script,
  resume: v.optional(script),
  revise: v.optional(script),
  remind: v.optional(script),
});

const playbook = v.strictObject({
  name: text,
  /** 2 plays twice as fast. */
  speed: v.optional(v.pipe(v.number(), v.minValue(0.01)), 1),
  goals: v.array(
    v.strictObject({
      goal: text,
      say: v.optional(lines, 'This is a rehearsal: the plan comes from a script.'),
      plan: v.strictObject({ beads: v.pipe(v.array(bead), v.minLength(1)) }),
      pauseMs: v.optional(milliseconds, 1500),
      fault: v.optional(fault),
    }),
  ),
  tasks: v.record(v.string(), task),
});

export type Playbook = v.InferOutput<typeof playbook>;
export type Turn = v.InferOutput<typeof turn>;
export type Call = v.InferOutput<typeof call>;
export type Fault = v.InferOutput<typeof fault>;
export type Condition = v.InferOutput<typeof condition>;

/** A playbook from the text of its file. Throws `RehearsalError` `playbook_invalid`, naming the place. */
export function parsePlaybook(json: string): Playbook {
  const result = v.safeParse(playbook, parsed(json));
  if (result.success) return complete(result.output);
  const [issue] = result.issues;
  throw invalid(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
}

/** Inputs of the worker's file tools that may be written as lists of lines. */
const longInputs = ['find', 'replace', 'content'];

function joined(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const lists = Object.entries(input).filter(
    ([name, value]) => longInputs.includes(name) && Array.isArray(value),
  );
  return Object.fromEntries(lists.map(([name, value]) => [name, v.parse(lines, value)]));
}

/** A plan whose beads nobody can play would stop in the middle. */
function complete(book: Playbook): Playbook {
  for (const { goal, plan } of book.goals) {
    for (const { title } of plan.beads) {
      if (!Object.hasOwn(book.tasks, title))
        throw invalid(`"${goal}" plans "${title}", which has no script.`);
    }
  }
  return book;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function invalid(why: string, options?: ErrorOptions): RehearsalError {
  return new RehearsalError('playbook_invalid', `The playbook makes no sense: ${why}`, options);
}
