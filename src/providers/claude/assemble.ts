import { ValiError } from 'valibot';
import { type ModelAnswer, ModelError, type TextBlock, type ToolUseBlock } from '../../ports/models.ts';
import type { Usage } from '../../town/bead.ts';
import { callInput } from '../callInput.ts';
import { roomFor } from '../room.ts';
import { type WireEvent, type WireUsage, readEvent } from './events.ts';

/** A block while it grows; a tool's input arrives as pieces of JSON. */
type Growing =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; json: string };

const stops: Readonly<Partial<Record<string, ModelAnswer['stop']>>> = {
  end_turn: 'end_turn',
  stop_sequence: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
};

/**
 * Puts a streamed message together. Throws `ModelError` `protocol` when it makes no sense, and `connection` when it
 * ends in the middle.
 */
export async function assemble(
  events: AsyncIterable<unknown>,
  maxOutputTokens: number,
  onText: (piece: string) => void,
): Promise<ModelAnswer> {
  const message = new Growth();
  const take = roomFor(maxOutputTokens);
  for await (const value of events) {
    const event = read(value);
    if (event === null) continue;
    const piece = message.add(event);
    take(piece);
    if (piece !== '' && message.isText(event)) onText(piece);
    if (event.type === 'message_stop') return message.finished();
  }
  if (!message.begun)
    throw new ModelError('protocol', 'The model answered something that is not its protocol.');
  throw new ModelError('connection', 'The answer ended in the middle.');
}

function read(value: unknown): WireEvent | null {
  try {
    return readEvent(value);
  } catch (error) {
    if (!(error instanceof ValiError)) throw error;
    throw new ModelError('protocol', `The model's answer makes no sense: ${error.message}`, null, {
      cause: error,
    });
  }
}

class Growth {
  readonly #blocks = new Map<number, Growing>();
  #stop: string | null = null;
  #usage: WireUsage = {};
  #begun = false;

  get begun(): boolean {
    return this.#begun;
  }

  /** Takes an event in and returns the characters it brought. */
  add(event: WireEvent): string {
    switch (event.type) {
      case 'message_start':
        this.#begun = true;
        this.#count(event.message.usage);
        return '';
      case 'content_block_start':
        return this.#open(event.index, event.content_block);
      case 'content_block_delta':
        return this.#grow(event.index, event.delta);
      case 'message_delta':
        this.#stop = event.delta.stop_reason ?? this.#stop;
        this.#count(event.usage ?? {});
        return '';
      case 'content_block_stop':
      case 'message_stop':
        return '';
    }
  }

  isText(event: WireEvent): boolean {
    return 'index' in event && this.#blocks.get(event.index)?.type === 'text';
  }

  finished(): ModelAnswer {
    const stop = stops[this.#stop ?? ''] ?? 'other';
    const blocks = [...this.#blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    const content = blocks.flatMap((block) =>
      settled(block, stop === 'max_tokens' && block === blocks.at(-1)),
    );
    return { content, stop, usage: inOurWords(this.#usage) };
  }

  #open(index: number, block: { readonly type: string }): string {
    if (block.type === 'text' && 'text' in block && typeof block.text === 'string') {
      this.#blocks.set(index, { type: 'text', text: block.text });
      return block.text;
    }
    if (block.type === 'tool_use' && 'id' in block && 'name' in block) {
      this.#blocks.set(index, { type: 'tool_use', id: String(block.id), name: String(block.name), json: '' });
    }
    return '';
  }

  #grow(index: number, delta: { readonly type: string }): string {
    const block = this.#blocks.get(index);
    if (block?.type === 'text' && 'text' in delta && typeof delta.text === 'string') {
      block.text += delta.text;
      return delta.text;
    }
    if (block?.type === 'tool_use' && 'partial_json' in delta && typeof delta.partial_json === 'string') {
      block.json += delta.partial_json;
      return delta.partial_json;
    }
    return '';
  }

  /** Counts are cumulative; a later event repeats only some of them. */
  #count(usage: WireUsage): void {
    const said = Object.entries(usage).filter(([, tokens]) => typeof tokens === 'number');
    this.#usage = { ...this.#usage, ...Object.fromEntries(said) };
  }
}

function settled(block: Growing, cutOff: boolean): readonly (TextBlock | ToolUseBlock)[] {
  if (block.type === 'text') return block.text === '' ? [] : [{ type: 'text', text: block.text }];
  const input = callInput(block.name, block.json, cutOff);
  return input === null ? [] : [{ type: 'tool_use', id: block.id, name: block.name, input }];
}

/** Tokens written into the cache were read at full price and more, so they count as input. */
function inOurWords(usage: WireUsage): Usage {
  return {
    input: (usage.input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
    cachedInput: usage.cache_read_input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
  };
}
