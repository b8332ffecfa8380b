import type { Clock } from '../ports/clock.ts';
import {
  type Message,
  type ModelAnswer,
  ModelError,
  type Models,
  type ToolDefinition,
} from '../ports/models.ts';
import type { Usage } from '../town/bead.ts';
import { plain } from '../words/plain.ts';
import { AssayerError } from './assayerError.ts';
import { type Reading, answered } from './reading.ts';
import { withoutThinking } from './json.ts';

/** Who is asked, and how long. */
export interface Asking {
  readonly models: Models;
  readonly model: string;
  readonly clock: Clock;
  /** The person's cancel, or the end of what it is asked for. */
  readonly signal: AbortSignal;
  /** Pieces of what the model says, as they come. */
  readonly onText?: (piece: string) => void;
  /** Milliseconds for everything, a second asking included. */
  readonly limitMs?: number;
}

export interface Question<T> {
  readonly system: string;
  readonly prompt: string;
  /** The answer is one call of it, or, from a model without tools, its input as JSON text. */
  readonly tool: ToolDefinition;
  readonly maxOutputTokens: number;
  /** What a value amounts to; schema and sense. */
  readonly read: (value: unknown) => Reading<T>;
}

export interface Answered<T> {
  readonly value: T;
  /** Not empty when the model was wrong twice and its better answer can be used all the same. */
  readonly wrong: readonly string[];
  readonly usage: Usage;
  /** Calls of the model. */
  readonly requests: number;
}

const defaultLimitMs = 5 * 60_000;

/** One exchange: asked, and asked once more with what is wrong when the answer cannot be used as it is. Throws `AssayerError`. */
export async function ask<T>(asking: Asking, question: Question<T>): Promise<Answered<T>> {
  const limit = new AbortController();
  const timer = new AbortController();
  void asking.clock.sleep(asking.limitMs ?? defaultLimitMs, timer.signal).then(
    () => {
      limit.abort();
    },
    () => undefined, // answered in time
  );
  try {
    return await new Exchange(asking, question, limit.signal).run();
  } finally {
    timer.abort();
  }
}

class Exchange<T> {
  readonly #asking: Asking;
  readonly #question: Question<T>;
  readonly #limit: AbortSignal;
  #tools: readonly ToolDefinition[];
  #usage: Usage = { input: 0, cachedInput: 0, output: 0 };
  #requests = 0;

  constructor(asking: Asking, question: Question<T>, limit: AbortSignal) {
    this.#asking = asking;
    this.#question = question;
    this.#limit = limit;
    this.#tools = [question.tool];
  }

  async run(): Promise<Answered<T>> {
    const opening: Message = { role: 'user', content: [{ type: 'text', text: this.#question.prompt }] };
    const first = await this.#complete([opening]);
    const read = this.#read(first);
    if (read.kind === 'value' && read.wrong.length === 0) return this.#answered(read);
    const again = await this.#complete([opening, ...followUp(first, askAgain(this.#question.tool, read))]);
    const reread = this.#read(again);
    const better = betterOf(read, reread);
    if (better !== null) return this.#answered(better);
    throw this.#useless([read, reread], textOf(again) || textOf(first));
  }

  #read(answer: ModelAnswer): Reading<T> {
    const found = answered(answer, this.#question.tool.name);
    return found.kind === 'value' ? this.#question.read(found.value) : found;
  }

  #answered({ value, wrong }: Extract<Reading<T>, { kind: 'value' }>): Answered<T> {
    return { value, wrong, ...this.#spent() };
  }

  #spent(): Pick<Answered<T>, 'usage' | 'requests'> {
    return { usage: this.#usage, requests: this.#requests };
  }

  #useless(readings: readonly Reading<T>[], said: string): AssayerError {
    const about = { answer: plain(said, 500), ...this.#spent() };
    return readings.every((one) => one.kind === 'empty')
      ? new AssayerError('empty', 'The model answered with nothing.', about)
      : new AssayerError('garbage', 'The model answered twice with something that cannot be used.', about);
  }

  async #complete(messages: readonly Message[]): Promise<ModelAnswer> {
    try {
      return await this.#once(messages);
    } catch (error) {
      if (this.#tools.length === 0 || !saysNoTools(error)) throw this.#asError(error);
      this.#tools = [];
    }
    try {
      return await this.#once(messages);
    } catch (error) {
      throw this.#asError(error);
    }
  }

  async #once(messages: readonly Message[]): Promise<ModelAnswer> {
    const { models, model, onText } = this.#asking;
    const signal = AbortSignal.any([this.#asking.signal, this.#limit]);
    signal.throwIfAborted();
    const { tool, maxOutputTokens } = this.#question;
    const system = this.#tools.length > 0 ? this.#question.system : inWords(this.#question.system, tool);
    const request = { model, system, messages, tools: this.#tools, maxOutputTokens };
    const given = onText === undefined ? { signal } : { signal, onText };
    this.#requests += 1;
    const answer = await Promise.race([models.complete(request, given), aborted(signal)]);
    this.#usage = sum(this.#usage, answer.usage);
    if (answer.stop !== 'max_tokens') return answer;
    const about = { answer: plain(textOf(answer), 500), ...this.#spent() };
    throw new AssayerError('too_long', 'The answer did not end within its limit.', about);
  }

  #asError(error: unknown): unknown {
    if (AssayerError.is(error)) return error;
    const [about, cause] = [this.#spent(), { cause: error }];
    if (this.#asking.signal.aborted) return new AssayerError('cancelled', 'It was cancelled.', about, cause);
    if (this.#limit.aborted) return new AssayerError('timed_out', 'The model took too long.', about, cause);
    if (!ModelError.is(error)) return error; // a defect of ours, not an answer
    const message = `The model did not answer: ${plain(error.message, 300)}`;
    return new AssayerError('model', message, about, cause);
  }
}

/** The second answer, unless it is worse: what was usable before is not thrown away. */
function betterOf<T>(
  first: Reading<T>,
  second: Reading<T>,
): Extract<Reading<T>, { readonly kind: 'value' }> | null {
  if (second.kind !== 'value') return first.kind === 'value' ? first : null;
  if (first.kind !== 'value') return second;
  return second.wrong.length <= first.wrong.length ? second : first;
}

/** Ollama says so of models whose template knows none; their small answers are asked for as text. */
function saysNoTools(error: unknown): boolean {
  return ModelError.is(error) && /does not support tools/i.test(error.message);
}

function inWords(system: string, tool: ToolDefinition): string {
  return `${system}\n\nYou cannot call tools here. Instead of the call, write its input: one JSON object of this schema and nothing else.\n${JSON.stringify(tool.inputSchema)}`;
}

function askAgain<T>({ name }: ToolDefinition, read: Reading<T>): string {
  const wrong = read.kind === 'empty' ? ['It held nothing.'] : read.wrong;
  const list = wrong.slice(0, 40).map((one) => `- ${one}`);
  return `This answer cannot be used yet:\n${list.join('\n')}\n\nAnswer again with the whole of ${name}, mended.`;
}

/** A model that does not heed the signal must not keep anybody waiting. */
async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new ModelError('cancelled', 'The exchange was given up.'));
      },
      { once: true },
    );
  });
}

/** Every tool call gets its result, or vendors refuse the next message. */
function followUp(answer: ModelAnswer, wrong: string): readonly Message[] {
  // A block without words is refused by vendors when it is sent back, and thoughts only fill the context.
  const { reasoning } = answer;
  const content = answer.content
    .map((block) => (block.type === 'text' ? { ...block, text: withoutThinking(block.text) } : block))
    .filter((block) => block.type !== 'text' || block.text.trim() !== '');
  if (content.length === 0) return [];
  const results = content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ type: 'tool_result' as const, toolUseId: block.id, text: wrong, isError: true }]
      : [],
  );
  const reply = results.length > 0 ? results : [{ type: 'text' as const, text: wrong }];
  return [
    { role: 'assistant', content, ...(reasoning === undefined ? {} : { reasoning }) },
    { role: 'user', content: reply },
  ];
}

function textOf(answer: ModelAnswer): string {
  return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function sum(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
  };
}
