import * as v from 'valibot';
import type { CommentAnswer } from '../../ports/desk.ts';
import type { ToolUseBlock } from '../../ports/models.ts';
import { printCommand } from '../../system/commandLine.ts';
import type { ThreadId } from '../../town/ids.ts';
import type { Show } from '../transcript.ts';
import { type InputOf, type ToolName, inputs } from './definitions.ts';
import { edit, write } from './edit.ts';
import { read } from './read.ts';
import type { ToolResult } from './result.ts';
import { run } from './run.ts';
import { search } from './search.ts';
import { ToolError } from './toolError.ts';

/** What tools reach outside the worktree: the foreman at the door. */
export interface Foreman {
  done(
    summary: string,
  ): Promise<{ readonly accepted: boolean; readonly message: string; readonly goOn: boolean }>;
  permission(tool: string, detail: string): Promise<'allow' | 'deny'>;
  /** Null: it is answered; else why not. */
  comment(answer: CommentAnswer): Promise<string | null>;
}

export interface ToolboxParts {
  readonly worktree: string;
  /** Command lines that run without asking, as `printCommand` prints them. */
  readonly allowed: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly foreman: Foreman;
  readonly show: Show;
  readonly signal: AbortSignal;
}

/** `over`: the session ends here. */
export interface Used {
  readonly text: string;
  readonly isError: boolean;
  readonly over: boolean;
}

export type Toolbox = (call: ToolUseBlock) => Promise<Used>;

type Outcome = ToolResult & { readonly isError?: boolean; readonly over?: boolean };
type Tool = (parts: ToolboxParts, given: unknown) => Promise<Outcome>;

/** One tool behind its validator; `about` is what stands beside its name. */
function tool<N extends ToolName>(
  name: N,
  about: (input: InputOf<N>) => string,
  use: (parts: ToolboxParts, input: InputOf<N>) => Promise<Outcome>,
): Tool {
  return (parts, given) => {
    const parsed = v.safeParse(inputs[name], given);
    if (!parsed.success) {
      parts.show({ kind: 'tool', name, about: '' });
      throw new ToolError(`"${name}" was called wrongly:\n${v.summarize(parsed.issues)}`);
    }
    parts.show({ kind: 'tool', name, about: about(parsed.output) });
    return use(parts, parsed.output);
  };
}

const tools: Readonly<Record<ToolName, Tool>> = {
  read: tool(
    'read',
    ({ path, from }) => (from === undefined ? path : `${path} from line ${String(from)}`),
    ({ worktree }, input) => read(worktree, input),
  ),
  search: tool(
    'search',
    ({ pattern, path }) => `${JSON.stringify(pattern)}${path === undefined ? '' : ` in ${path}`}`,
    ({ worktree, signal }, input) => search(worktree, input, signal),
  ),
  edit: tool(
    'edit',
    ({ path }) => path,
    ({ worktree }, input) => edit(worktree, input),
  ),
  write: tool(
    'write',
    ({ path }) => path,
    ({ worktree }, input) => write(worktree, input),
  ),
  run: tool('run', ({ command, args }) => printCommand(command, args), runAllowed),
  comment: tool('comment', ({ id }) => id, answerComment),
  done: tool('done', ({ summary }) => summary, sayDone),
};

/** The door takes no longer one. */
const longestQuestion = 20_000;

async function runAllowed(parts: ToolboxParts, { command, args }: InputOf<'run'>): Promise<Outcome> {
  const line = printCommand(command, args);
  if (!parts.allowed.includes(line)) {
    if (line.length > longestQuestion)
      throw new ToolError('This command is too long for a person to judge. Write a file and run that.');
    parts.show({ kind: 'note', text: 'Waits for your permission: see Needs You.' });
    const answer = await parts.foreman.permission('run', line);
    parts.show({ kind: 'note', text: answer === 'allow' ? 'Allowed.' : 'Not allowed.' });
    if (answer === 'deny') throw new ToolError('The person said no to this command. Find a way without it.');
  }
  return run(command, args, { cwd: parts.worktree, env: parts.env, signal: parts.signal });
}

async function sayDone({ foreman, show }: ToolboxParts, { summary }: InputOf<'done'>): Promise<Outcome> {
  show({ kind: 'note', text: 'The proof is being checked…' });
  const { accepted, message, goOn } = await foreman.done(summary);
  return { text: message, shown: message.split('\n').slice(0, 12), isError: !accepted, over: !goOn };
}

async function answerComment(
  { foreman }: ToolboxParts,
  { id, words, resolve }: InputOf<'comment'>,
): Promise<Outcome> {
  // Its validator let nothing else through.
  const refusal = await foreman.comment({ thread: id as ThreadId, words, resolve });
  if (refusal !== null) throw new ToolError(refusal);
  const said = resolve ? 'Resolved.' : 'Answered.';
  return { text: said, shown: [said] };
}

/** Uses tools for a model: what it asks is checked, shown, done, and answered in words also when it fails. */
export function openToolbox(parts: ToolboxParts): Toolbox {
  return async (call) => {
    try {
      const outcome = await use(parts, call);
      const isError = outcome.isError ?? false;
      parts.show({ kind: 'result', ok: !isError, lines: outcome.shown });
      return { text: outcome.text, isError, over: outcome.over ?? false };
    } catch (error) {
      const words = failureInWords(error);
      if (words === null) throw error;
      parts.show({ kind: 'result', ok: false, lines: [words] });
      return { text: words, isError: true, over: false };
    }
  };
}

async function use(parts: ToolboxParts, { name, input }: ToolUseBlock): Promise<Outcome> {
  if (isTool(name)) return tools[name](parts, input);
  parts.show({ kind: 'tool', name, about: '' });
  throw new ToolError(`There is no tool "${name}"; there are ${Object.keys(tools).join(', ')}.`);
}

function isTool(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

/** Null for what is no answer to the model: the door's refusals, an interruption, our own mistakes. */
function failureInWords(error: unknown): string | null {
  if (error instanceof ToolError) return error.message;
  // The system said no to a file operation; it may be the model's path or the disk, and the model can react.
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return `It failed: ${String(error.code)}.`;
  return null;
}
