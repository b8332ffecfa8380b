import { createHash } from 'node:crypto';
import type { Choice } from './choose.ts';
import type { MessagesRequest } from './wire.ts';

/** One server-sent event, and how long to wait before it; milliseconds at speed 1. */
export interface Beat {
  readonly waitMs: number;
  readonly data: { readonly type: string; readonly [key: string]: unknown };
}

export interface WireCounts {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
}

/** About what today's tokenizers make of English and code. */
const charactersPerToken = 3.3;

/** A quick model writes a hundred tokens a second; calls are shown at once, so they may come faster. */
const text = { pieceLength: 9, waitMs: 30 };
const json = { pieceLength: 60, waitMs: 25 };

export function tokensOf(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

/** What this request costs: all up to the last answer was read from the cache, the rest is new. */
export function inputOf(request: MessagesRequest): Omit<WireCounts, 'output_tokens'> {
  const lastAnswer = request.messages.map(({ role }) => role).lastIndexOf('assistant');
  const setting = lengthOf(request.system) + lengthOf(request.tools);
  const known = lastAnswer < 1 ? 0 : setting + lengthOf(request.messages.slice(0, lastAnswer));
  const all = setting + lengthOf(request.messages);
  return {
    input_tokens: 4,
    cache_creation_input_tokens: tokensOf(all - known),
    cache_read_input_tokens: tokensOf(known),
  };
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value).length;
}

/** The message as a stream, cut where the request's limit on tokens cuts it. */
export function* speech(choice: Choice, request: MessagesRequest): Generator<Beat> {
  const id = `msg_rehearsal_${digest(choice.key)}`;
  const usage = { ...inputOf(request), output_tokens: 1 };
  const message = { id, type: 'message', role: 'assistant', model: request.model, content: [] };
  yield {
    waitMs: choice.pauseMs,
    data: { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, usage } },
  };
  let spent = 0;
  let index = 0;
  for (const block of blocksOf(choice)) {
    yield { waitMs: 0, data: { type: 'content_block_start', index, content_block: block.start } };
    for (const piece of piecesOf(block.pieces, block.pace.pieceLength)) {
      spent += piece.length;
      if (tokensOf(spent) > request.max_tokens) {
        yield* end(index, 'max_tokens', request.max_tokens);
        return;
      }
      yield {
        waitMs: block.pace.waitMs,
        data: { type: 'content_block_delta', index, delta: block.delta(piece) },
      };
    }
    yield { waitMs: 0, data: { type: 'content_block_stop', index } };
    index += 1;
  }
  yield* end(null, choice.calls.length > 0 ? 'tool_use' : 'end_turn', Math.max(1, tokensOf(spent)));
}

function* end(openBlock: number | null, reason: string, output: number): Generator<Beat> {
  if (openBlock !== null) yield { waitMs: 0, data: { type: 'content_block_stop', index: openBlock } };
  const delta = { stop_reason: reason, stop_sequence: null };
  yield { waitMs: 0, data: { type: 'message_delta', delta, usage: { output_tokens: output } } };
  yield { waitMs: 0, data: { type: 'message_stop' } };
}

interface Spoken {
  readonly start: object;
  readonly pieces: Iterable<string>;
  readonly pace: typeof text;
  delta(piece: string): object;
}

function* blocksOf({ key, say, calls, fault }: Choice): Generator<Spoken> {
  const endless = fault !== null && 'play' in fault && fault.play === 'endless';
  if (say !== '' || endless) {
    yield {
      start: { type: 'text', text: '' },
      pieces: endless ? forEver() : [say],
      pace: text,
      delta: (piece) => ({ type: 'text_delta', text: piece }),
    };
  }
  for (const [index, { name, input }] of calls.entries()) {
    yield {
      start: { type: 'tool_use', id: `toolu_${digest(`${key}:${index}`)}`, name, input: {} },
      pieces: [JSON.stringify(input)],
      pace: json,
      delta: (piece) => ({ type: 'input_json_delta', partial_json: piece }),
    };
  }
}

function* forEver(): Generator<string> {
  for (let round = 1; ; round += 1) yield `I go on and on, for the ${round}th time. `;
}

function* piecesOf(texts: Iterable<string>, length: number): Generator<string> {
  for (const one of texts) {
    for (let at = 0; at < one.length;) {
      let to = at + length;
      // Half a character never arrives from a model.
      if (/[\uD800-\uDBFF]/.test(one.charAt(to - 1))) to += 1;
      yield one.slice(at, to);
      at = to;
    }
  }
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 20);
}
