import { type Choice, choose } from '../../../src/providers/rehearsal/choose.ts';
import type { Playbook } from '../../../src/providers/rehearsal/playbook.ts';
import type { MessagesRequest } from '../../../src/providers/rehearsal/wire.ts';
import type { Purpose } from '../../../src/town/polecat.ts';
import { taskFrame } from '../../../src/words/agent.ts';

/** A worktree in memory: path → text. */
export type Tree = ReadonlyMap<string, string>;

export interface Performed {
  readonly tree: Tree;
  /** The tree at each `done`, in order. */
  readonly dones: readonly Tree[];
  /** Commands other than file tools, as `file arg arg`. */
  readonly commands: readonly string[];
  /** Calls that a worker would have answered with an error. */
  readonly errors: readonly string[];
  /** How many calls were made. */
  readonly calls: number;
}

export interface Performance {
  readonly purpose?: Purpose;
  /** The agent is killed before its call number so and so. */
  readonly killedBefore?: number;
  /** How many times done is refused. */
  readonly refusals?: number;
}

/** Plays a task's script as a worker would, over a tree in memory, with the frame a real session begins with. */
export function perform(
  book: Playbook,
  title: string,
  begun: Tree,
  performance: Performance = {},
): Performed {
  const { purpose = 'begin', killedBefore = Infinity } = performance;
  let { refusals = 0 } = performance;
  const tree = new Map(begun);
  const dones: Tree[] = [];
  const commands: string[] = [];
  const errors: string[] = [];
  let calls = 0;
  const messages: MessagesRequest['messages'] = [{ role: 'user', content: frame(title, purpose) }];
  for (;;) {
    const choice = choose(book, request(messages));
    const results: { type: string; text: string; content: string }[] = [];
    for (const { name, input } of choice.calls) {
      if (calls >= killedBefore) return { tree, dones, commands, errors, calls };
      calls += 1;
      if (name === 'run') commands.push([text(input['command']), ...(input['args'] as string[])].join(' '));
      if (name === 'done') dones.push(new Map(tree));
      const answer = fileTool(tree, name, input);
      if (answer.startsWith('Error')) errors.push(`${title}: ${name} ${JSON.stringify(input)}: ${answer}`);
      results.push({ type: 'tool_result', text: '', content: answer });
    }
    const said = choice.calls.some(({ name }) => name === 'done');
    if (choice.calls.length === 0 || (said && refusals === 0))
      return { tree, dones, commands, errors, calls };
    if (said) refusals -= 1;
    messages.push({ role: 'assistant', content: sayOf(choice) }, { role: 'user', content: results });
  }
}

function sayOf(choice: Choice): string {
  return choice.say;
}

function request(messages: MessagesRequest['messages']): MessagesRequest {
  return {
    model: 'rehearsal',
    max_tokens: 8000,
    stream: true,
    system: '',
    messages,
    tools: [{ name: 'done' }],
  };
}

export function frame(title: string, purpose: Purpose): string {
  return taskFrame({
    bead: {
      id: 'gt-abcde' as never,
      title,
      description: 'As planned.',
      type: 'implementation',
      criteria: ['It works'],
      touches: ['src/index.js'],
    },
    rig: 'almanac',
    polecat: 'nux',
    branch: 'polecat/nux/gt-abcde',
    target: 'main',
    checks: ['npm test'],
    past: purpose === 'begin' ? null : { ...nothingDone, purpose },
  });
}

const nothingDone = {
  feedback: null,
  goal: null,
  commits: [],
  changed: { files: ['src/index.js'], insertions: 1, deletions: 0 },
  uncommitted: [],
  lastCheck: null,
  output: null,
  review: [],
  questions: [],
  notes: [],
  said: [],
  ran: [],
};

type Tool = (tree: Map<string, string>, input: Readonly<Record<string, unknown>>) => string;

const fileTools = new Map<string, Tool>([
  ['read', (tree, { path }) => tree.get(text(path)) ?? `Error: there is no ${text(path)}.`],
  [
    'search',
    (tree, { pattern }) =>
      [...tree]
        .flatMap(([file, content]) => content.split('\n').map((line) => `${file}: ${line}`))
        .filter((line) => line.includes(text(pattern)))
        .join('\n'),
  ],
  [
    'edit',
    (tree, { path, find, replace }) => {
      const pieces = (tree.get(text(path)) ?? '').split(text(find));
      if (pieces.length !== 2) return `Error: found ${pieces.length - 1} times.`;
      tree.set(text(path), pieces.join(text(replace)));
      return 'Changed.';
    },
  ],
  [
    'write',
    (tree, { path, content }) => {
      tree.set(text(path), text(content));
      return 'Written.';
    },
  ],
  ['run', () => 'It ran.'],
  ['done', () => 'Not accepted: the check test failed.'],
]);

function fileTool(tree: Map<string, string>, name: string, input: Readonly<Record<string, unknown>>): string {
  return fileTools.get(name)?.(tree, input) ?? `Error: there is no tool ${name}.`;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${JSON.stringify(value)} is not a text.`);
}
