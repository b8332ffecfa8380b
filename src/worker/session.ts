import {
  type Message,
  ModelError,
  type Models,
  type TextBlock,
  type ToolResultBlock,
  type ToolUseBlock,
} from '../ports/models.ts';
import type { ModelAnswer, ModelErrorReason } from '../ports/models.ts';
import type { Usage } from '../town/bead.ts';
import { workerExit } from './exitCodes.ts';
import { cutOff, nudge, systemPrompt, typedBefore } from './prompt.ts';
import { toolDefinitions } from './tools/definitions.ts';
import type { Toolbox } from './tools/toolbox.ts';
import type { Show } from './transcript.ts';

export interface SessionParts {
  readonly frame: string;
  readonly model: string;
  readonly models: Models;
  readonly use: Toolbox;
  /** What a person typed since it was last asked. */
  readonly typed: () => readonly string[];
  /** Tokens of the whole session so far. */
  readonly report: (usage: Usage) => Promise<void>;
  readonly show: Show;
  readonly onText: (piece: string) => void;
  readonly signal: AbortSignal;
}

/** How a session ended, in words for the terminal. */
export interface SessionEnd {
  readonly text: string;
  readonly exitCode: number;
}

/** A model that never finishes is stopped here; what it did is kept, and the foreman decides how it goes on. */
export const maxSteps = 100;
const maxOutputTokens = 16_000;

type UserContent = TextBlock | ToolResultBlock;

/** Model, tools, model, … until it is done, gives up, or somebody stops it (then the signal's reason is thrown). */
export async function runSession(parts: SessionParts): Promise<SessionEnd> {
  const { show, signal } = parts;
  const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: parts.frame }] }];
  let session: Usage = { input: 0, cachedInput: 0, output: 0 };
  let nudged = false;
  for (let step = 1; step <= maxSteps; step += 1) {
    show({ kind: 'step', number: step });
    let answer: ModelAnswer;
    try {
      answer = await ask(parts, messages);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ModelError) return endFor(error);
      throw error;
    }
    session = sum(session, answer.usage);
    showAnswer(show, answer, session);
    await parts.report(session);
    const turn = await react(parts, answer, nudged);
    if (turn.end !== null) return turn.end;
    nudged ||= turn.nudged;
    append(messages, answer, turn.content);
  }
  return {
    text: `Stops after ${String(maxSteps)} steps without being done. The work is kept.`,
    exitCode: workerExit.ended,
  };
}

function ask(
  { models, model, onText, signal, show }: SessionParts,
  messages: readonly Message[],
): Promise<ModelAnswer> {
  return models.complete(
    { model, system: systemPrompt, messages: [...messages], tools: toolDefinitions, maxOutputTokens },
    {
      signal,
      onText,
      onRestart: ({ message }) => {
        show({ kind: 'note', text: `${message} Asked again.` });
      },
    },
  );
}

function showAnswer(show: Show, { content, usage }: ModelAnswer, session: Usage): void {
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  if (text !== '') show({ kind: 'text', text });
  show({ kind: 'tokens', answer: usage, session });
}

interface Turn {
  readonly content: readonly UserContent[];
  readonly nudged: boolean;
  readonly end: SessionEnd | null;
}

/** What the model gets to hear after its answer: results, what was typed, or that it is not finished. */
async function react(parts: SessionParts, answer: ModelAnswer, nudged: boolean): Promise<Turn> {
  const results: UserContent[] = [];
  for (const call of answer.content.filter((block) => block.type === 'tool_use')) {
    parts.signal.throwIfAborted();
    const used = await useTool(parts, call, results);
    if (used)
      return { content: [], nudged: false, end: { text: 'Ends its turn.', exitCode: workerExit.ended } };
  }
  const typed = parts.typed().map(asText);
  const cut = answer.stop === 'max_tokens' ? [{ type: 'text' as const, text: cutOff }] : [];
  const content = [...results, ...cut, ...typed];
  if (content.length > 0) return { content, nudged: false, end: null };
  if (nudged)
    return {
      content,
      nudged,
      end: { text: 'Ended its turn twice without being done. The work is kept.', exitCode: workerExit.ended },
    };
  parts.show({ kind: 'note', text: 'Ended its turn without being done; it is asked to go on.' });
  return { content: [{ type: 'text', text: nudge }], nudged: true, end: null };
}

async function useTool({ use }: SessionParts, call: ToolUseBlock, results: UserContent[]): Promise<boolean> {
  const { text, isError, over } = await use(call);
  results.push({ type: 'tool_result', toolUseId: call.id, text, isError });
  return over;
}

function asText(typed: string): TextBlock {
  return { type: 'text', text: typedBefore + typed };
}

/** No vendor takes an answer without content, nor two messages of one side in a row. */
function append(messages: Message[], answer: ModelAnswer, next: readonly UserContent[]): void {
  const { content, reasoning } = answer;
  const last = messages.at(-1);
  if (content.length > 0)
    messages.push(
      { role: 'assistant', content, ...(reasoning === undefined ? {} : { reasoning }) },
      { role: 'user', content: next },
    );
  else if (last?.role === 'user')
    messages[messages.length - 1] = { role: 'user', content: [...last.content, ...next] };
}

function sum(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
  };
}

const endings: Readonly<Record<ModelErrorReason, { readonly words: string; readonly exitCode: number }>> = {
  limit: { words: 'The provider is at a limit.', exitCode: workerExit.tryLater },
  overloaded: { words: 'The provider is overloaded.', exitCode: workerExit.tryLater },
  connection: { words: 'The provider cannot be reached.', exitCode: workerExit.tryLater },
  cancelled: { words: 'The request was cancelled.', exitCode: workerExit.tryLater },
  auth: { words: 'The provider does not take the key.', exitCode: workerExit.auth },
  credit: { words: 'There is no credit left at the provider.', exitCode: workerExit.auth },
  refused: { words: 'The provider refuses the request.', exitCode: workerExit.protocol },
  protocol: { words: "The model's answer makes no sense.", exitCode: workerExit.protocol },
};

/** How a session ends when its model does not answer. */
export function endFor({ reason, message, retryAt }: ModelError): SessionEnd {
  const { words, exitCode } = endings[reason];
  const when = retryAt === null ? '' : ` It can go on at ${new Date(retryAt).toISOString()}.`;
  return { text: `${words} ${message}${when} The work is kept.`, exitCode };
}
