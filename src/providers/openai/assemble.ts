import { randomUUID } from 'node:crypto';
import { ValiError } from 'valibot';
import {
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type TextBlock,
  type ToolUseBlock,
} from '../../ports/models.ts';
import type { Usage } from '../../town/bead.ts';
import { callInput } from '../callInput.ts';
import { roomFor } from '../room.ts';
import { type ChatCall, type ChatChunk, type ChatUsage, readChunk } from './wire.ts';

const stops: Readonly<Partial<Record<string, ModelAnswer['stop']>>> = {
  stop: 'end_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
};

/**
 * Puts a streamed completion together. Throws `ModelError` `protocol` when it makes no sense, `connection` when it ends
 * in the middle, `overloaded` when the vendor gave it up.
 */
export async function assemble(
  chunks: AsyncIterable<unknown>,
  request: ModelRequest,
  onText: (piece: string) => void,
): Promise<ModelAnswer> {
  const completion = new Completion();
  const take = roomFor(request.maxOutputTokens);
  for await (const value of chunks) {
    const { text, all } = completion.add(read(value));
    take(all);
    if (text !== '') onText(text);
  }
  const answer = completion.finished();
  return completion.counted ? answer : { ...answer, usage: guessed(request, answer) };
}

function read(value: unknown): ChatChunk {
  try {
    return readChunk(value);
  } catch (error) {
    if (!(error instanceof ValiError)) throw error;
    throw new ModelError('protocol', `The model's answer makes no sense: ${error.message}`, null, {
      cause: error,
    });
  }
}

interface Call {
  id: string;
  name: string;
  json: string;
}

class Completion {
  readonly #calls = new Map<number, Call>();
  #text = '';
  #reasoning = '';
  #stop: string | null = null;
  #usage: ChatUsage | null = null;
  #begun = false;

  add({ choices, usage }: ChatChunk): { readonly text: string; readonly all: string } {
    this.#usage = usage ?? this.#usage;
    const [choice] = choices ?? [];
    if (choice === undefined) return { text: '', all: '' };
    this.#begun = true;
    this.#stop = choice.finish_reason ?? this.#stop;
    const { content, reasoning_content, tool_calls } = choice.delta ?? {};
    const text = content ?? '';
    const thought = reasoning_content ?? '';
    this.#text += text;
    this.#reasoning += thought;
    return { text, all: text + thought + (tool_calls ?? []).map((call) => this.#grow(call)).join('') };
  }

  /** Whether the vendor said what it cost. */
  get counted(): boolean {
    return this.#usage !== null;
  }

  finished(): ModelAnswer {
    if (!this.#begun)
      throw new ModelError('protocol', 'The model answered something that is not its protocol.');
    if (this.#stop === null) throw new ModelError('connection', 'The answer ended in the middle.');
    // DeepSeek's word for a request that it gave up under load.
    if (this.#stop === 'insufficient_system_resource')
      throw new ModelError('overloaded', 'The vendor ran out of room for this answer.');
    const stop = stops[this.#stop] ?? 'other';
    const text: readonly TextBlock[] = this.#text === '' ? [] : [{ type: 'text', text: this.#text }];
    const calls = [...this.#calls.values()];
    const uses = calls.flatMap((call) => used(call, stop === 'max_tokens' && call === calls.at(-1)));
    return {
      content: [...text, ...uses],
      // Not everybody who speaks this protocol has a word of its own for that.
      stop: stop === 'end_turn' && uses.length > 0 ? 'tool_use' : stop,
      usage: inOurWords(this.#usage ?? {}),
      ...(this.#reasoning === '' ? {} : { reasoning: this.#reasoning }),
    };
  }

  /** A call arrives in pieces that have its number; who sends calls whole may leave that out. */
  #grow({ index, id, function: called }: ChatCall): string {
    const at = index ?? (id == null ? Math.max(0, this.#calls.size - 1) : this.#calls.size);
    const call = this.#calls.get(at) ?? { id: id ?? `call-${randomUUID()}`, name: '', json: '' };
    this.#calls.set(at, call);
    // Some repeat the name with every piece.
    if (call.name === '') call.name = called?.name ?? '';
    const json = called?.arguments ?? '';
    call.json += json;
    return json;
  }
}

function used({ id, name, json }: Call, cutOff: boolean): readonly ToolUseBlock[] {
  if (name === '' && !cutOff) throw new ModelError('protocol', 'The model called a tool without a name.');
  const input = callInput(name, json, cutOff);
  return input === null ? [] : [{ type: 'tool_use', id, name, input }];
}

function inOurWords(usage: ChatUsage): Usage {
  const { prompt_tokens, completion_tokens, prompt_tokens_details, prompt_cache_hit_tokens } = usage;
  const cachedInput = prompt_tokens_details?.cached_tokens ?? prompt_cache_hit_tokens ?? 0;
  return {
    input: Math.max(0, (prompt_tokens ?? 0) - cachedInput),
    cachedInput,
    output: completion_tokens ?? 0,
  };
}

const charactersPerToken = 4;

/** Not every endpoint counts; to a budget nothing is a worse guess than this. */
function guessed({ system, messages, tools }: ModelRequest, { content }: ModelAnswer): Usage {
  const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / charactersPerToken);
  return { input: tokens([system, messages, tools]), cachedInput: 0, output: tokens(content) };
}
