import { randomUUID } from 'node:crypto';
import type { GenerateContentResponse, Part } from '@google/genai';
import {
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type TextBlock,
  type ToolUseBlock,
} from '../../ports/models.ts';
import type { Usage } from '../../town/bead.ts';
import { roomFor } from '../room.ts';
import { recordOf } from '../said.ts';

const stops: Readonly<Partial<Record<string, ModelAnswer['stop']>>> = {
  STOP: 'end_turn',
  MAX_TOKENS: 'max_tokens',
};

/** Ids that Gemini did not give are not told to it. */
export const ownId = 'rigs-';

type Chunk = Pick<GenerateContentResponse, 'candidates' | 'promptFeedback' | 'usageMetadata'>;
type Block = TextBlock | ToolUseBlock;

/**
 * Puts a streamed answer together. Throws `ModelError` `refused` when the prompt was blocked, `protocol` when it was no
 * answer, and `connection` when it ends in the middle.
 */
export async function assemble(
  chunks: AsyncIterable<Chunk>,
  { maxOutputTokens }: ModelRequest,
  onText: (piece: string) => void,
): Promise<ModelAnswer> {
  const take = roomFor(maxOutputTokens);
  const blocks: Block[] = [];
  let usage: Chunk['usageMetadata'];
  let finish: string | null = null;
  let begun = false;
  for await (const { candidates, promptFeedback, usageMetadata } of whole(chunks)) {
    usage = usageMetadata ?? usage;
    const blocked = promptFeedback?.blockReason;
    if (blocked !== undefined) throw new ModelError('refused', `The model refuses this: ${blocked}.`);
    const [candidate] = candidates ?? [];
    if (candidate === undefined) continue;
    begun = true;
    finish = candidate.finishReason ?? finish;
    for (const part of candidate.content?.parts ?? []) {
      const piece = add(blocks, part);
      take(piece.text + piece.other);
      if (piece.text !== '') onText(piece.text);
    }
  }
  if (!begun) throw new ModelError('protocol', 'The model answered something that is not its protocol.');
  if (finish === null) throw new ModelError('connection', 'The answer ended in the middle.');
  const stop = stops[finish] ?? 'other';
  const calls = blocks.some(({ type }) => type === 'tool_use');
  return {
    content: blocks.filter((block) => block.type !== 'text' || block.text !== ''),
    stop: stop === 'end_turn' && calls ? 'tool_use' : stop,
    usage: inOurWords(usage),
  };
}

/** The SDK tells what it cannot read by plain errors with these words. */
const unreadable = /^(Incomplete JSON segment|exception parsing stream chunk)/;

async function* whole(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  let begun = false;
  try {
    for await (const chunk of chunks) {
      begun = true;
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof Error) || !unreadable.test(error.message)) throw error;
    throw begun
      ? new ModelError('connection', 'The answer ended in the middle.', null, { cause: error })
      : new ModelError('protocol', 'The model answered something that is not its protocol.', null, {
          cause: error,
        });
  }
}

/** Takes a part in; the characters that it brought. */
function add(blocks: Block[], part: Part): { readonly text: string; readonly other: string } {
  const mark = part.thoughtSignature === undefined ? {} : { signature: part.thoughtSignature };
  const { functionCall, text = '', thought = false } = part;
  if (functionCall !== undefined) {
    const { id = `${ownId}${randomUUID()}`, name = '' } = functionCall;
    if (name === '') throw new ModelError('protocol', 'The model called a tool without a name.');
    const input = recordOf(functionCall.args);
    blocks.push({ type: 'tool_use', id, name, input, ...mark });
    return { text: '', other: JSON.stringify(input) };
  }
  if (thought) return { text: '', other: text };
  const last = blocks.at(-1);
  // A signature belongs to the very part it came with.
  if (last?.type === 'text' && last.signature === undefined)
    blocks[blocks.length - 1] = { type: 'text', text: last.text + text, ...mark };
  else if (text !== '' || part.thoughtSignature !== undefined) blocks.push({ type: 'text', text, ...mark });
  return { text, other: '' };
}

function inOurWords(usage: Chunk['usageMetadata']): Usage {
  const cachedInput = usage?.cachedContentTokenCount ?? 0;
  const prompt = (usage?.promptTokenCount ?? 0) + (usage?.toolUsePromptTokenCount ?? 0);
  return {
    input: Math.max(0, prompt - cachedInput),
    cachedInput,
    output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
  };
}
