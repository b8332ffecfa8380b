import { DoorError } from '../gateway/doorError.ts';
import type { AskId, ThreadId } from '../town/ids.ts';
import type { Speaker, Unanswered } from './speaker.ts';
import { BadArguments, type InputOf, type ToolName, isTool, readInput } from './tools.ts';

/** What a model reads. `failed`: it is told as an error, with what to do next. */
export interface Used {
  readonly text: string;
  readonly failed: boolean;
}

export interface Parts {
  readonly door: Speaker;
  /** Of what is said once. */
  readonly calls: Unanswered<string>;
  readonly asks: Unanswered<AskId>;
}

type Use = (parts: Parts, given: unknown, signal: AbortSignal) => Promise<Used>;

/** A tool behind its validator. */
function behind<N extends ToolName>(
  name: N,
  use: (parts: Parts, input: InputOf<N>, signal: AbortSignal) => Promise<Used>,
): Use {
  return async (parts, given, signal) => use(parts, readInput(name, given), signal);
}

const kept = 'The window does not answer; it is kept and will be taken up when the window is back.';

const uses: Readonly<Record<ToolName, Use>> = {
  rigs_task: behind('rigs_task', async ({ door }, _, signal) =>
    ok((await door.ask('task', {}, signal)).frame),
  ),
  rigs_done: behind('rigs_done', ({ door, calls }, { summary }, signal) =>
    calls.say(`done ${summary}`, async (id) => {
      const said = await door.tell('done', { id, summary }, signal);
      if (said.kept) return ok(`${kept} End your turn.`);
      return { text: said.reply.message, failed: !said.reply.accepted };
    }),
  ),
  rigs_ask: behind('rigs_ask', ({ door, asks }, { question }, signal) =>
    asks.say(question, async (ask) => ok((await door.ask('question', { ask, question }, signal)).reply)),
  ),
  rigs_note: behind('rigs_note', ({ door, calls }, { text, checkpoint }, signal) => {
    const kind = checkpoint ? 'checkpoint' : 'note';
    return calls.say(`${kind} ${text}`, async (id) => {
      const said = await door.tell('note', { id, kind, text }, signal);
      return ok(said.kept ? kept : 'Kept.');
    });
  }),
  rigs_split: behind('rigs_split', ({ door, calls }, { tasks: drafts }, signal) =>
    calls.say(`split ${JSON.stringify(drafts)}`, async (id) => {
      const said = await door.tell('split', { id, drafts }, signal);
      return ok(said.kept ? kept : `Filed: ${said.reply.beads.join(', ')}. Go on with your own task.`);
    }),
  ),
  rigs_comment: behind('rigs_comment', ({ door, calls }, { id: thread, words, resolve }, signal) =>
    calls.say(`comment ${thread} ${String(resolve)} ${words}`, async (id) => {
      // Its validator let nothing else through.
      await door.ask('comment', { id, thread: thread as ThreadId, words, resolve }, signal);
      return ok(resolve ? 'Resolved.' : 'Answered.');
    }),
  ),
};

function ok(text: string): Used {
  return { text, failed: false };
}

/** Uses a tool; whatever went wrong is an answer too. Rejects only with the signal's reason. */
export async function useTool(
  parts: Parts,
  name: string,
  given: unknown,
  signal: AbortSignal,
): Promise<Used> {
  try {
    if (!isTool(name)) throw new BadArguments(`There is no tool ${name.slice(0, 60)}.`);
    return await uses[name](parts, given, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { text: told(error), failed: true };
  }
}

/** By the door's reason: what an agent can do about it. */
const nextSteps: Readonly<Record<string, string | undefined>> = {
  late: 'End your turn here.',
  unknown: 'End your turn here.',
  unauthorized: 'End your turn here.',
  forbidden: 'End your turn here.',
  unreachable: 'Go on with your work and try it again later; commit what you have.',
  unavailable: 'Try it again in a minute.',
  invalid: 'Mend what it names and call it again, or go on without it.',
};

function told(error: unknown): string {
  if (error instanceof BadArguments) return `${error.message}\nMend the arguments and call it again.`;
  const message = error instanceof Error ? error.message : String(error);
  const next = error instanceof DoorError ? nextSteps[error.reason] : undefined;
  return `${message} ${next ?? 'Try it again; if it stays so, say so to the person in your terminal.'}`;
}
