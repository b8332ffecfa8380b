import { randomUUID } from 'node:crypto';
import { ValiError } from 'valibot';
import {
  type Message,
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type Models,
  type ToolUseBlock,
} from '../../ports/models.ts';
import { type Attempt, type VendorOptions, modelsOver } from '../modelsOver.ts';
import { roomFor } from '../room.ts';
import { ollamaDialect } from './dialect.ts';
import { linesOf } from './lines.ts';
import { type ChatLine, readLine } from './wire.ts';

export const ollamaAddress = 'http://localhost:11434';

/** Models of an Ollama server, through its own protocol. */
export function ollamaModels(options: VendorOptions): Models {
  return modelsOver(ollamaDialect, (attempt) => ask(attempt, options), options);
}

const stops: Readonly<Partial<Record<string, ModelAnswer['stop']>>> = {
  stop: 'end_turn',
  length: 'max_tokens',
};

async function ask(
  { request, signal, onText, fetch }: Attempt,
  { apiKey, baseUrl }: VendorOptions,
): Promise<ModelAnswer> {
  const { body } = await fetch(`${(baseUrl ?? ollamaAddress).replace(/\/+$/, '')}/api/chat`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(params(request)),
    signal,
  });
  if (body === null) throw new ModelError('protocol', 'The model answered nothing.');
  return assemble(linesOf(body), request, onText);
}

async function assemble(
  lines: AsyncIterable<unknown>,
  { maxOutputTokens }: ModelRequest,
  onText: (piece: string) => void,
): Promise<ModelAnswer> {
  const take = roomFor(maxOutputTokens);
  const calls: ToolUseBlock[] = [];
  let [text, reasoning] = ['', ''];
  for await (const value of lines) {
    const line = read(value);
    const { content, thinking, tool_calls } = line.message ?? {};
    for (const { id, function: called } of tool_calls ?? [])
      calls.push({
        type: 'tool_use',
        id: id ?? `call-${randomUUID()}`,
        name: called.name,
        input: called.arguments ?? {},
      });
    take((content ?? '') + (thinking ?? ''));
    text += content ?? '';
    reasoning += thinking ?? '';
    if (content != null && content !== '') onText(content);
    if (line.done === true) return finished(line, text, calls, reasoning);
  }
  throw new ModelError('connection', 'The answer ended in the middle.');
}

function read(value: unknown): ChatLine {
  try {
    return readLine(value);
  } catch (error) {
    if (!(error instanceof ValiError)) throw error;
    throw new ModelError('protocol', `The model's answer makes no sense: ${error.message}`, null, {
      cause: error,
    });
  }
}

function finished(
  { done_reason, prompt_eval_count, eval_count }: ChatLine,
  text: string,
  calls: readonly ToolUseBlock[],
  reasoning: string,
): ModelAnswer {
  const stop = stops[done_reason ?? 'stop'] ?? 'other';
  return {
    content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls],
    stop: stop === 'end_turn' && calls.length > 0 ? 'tool_use' : stop,
    // It does not say what it had read before.
    usage: { input: prompt_eval_count ?? 0, cachedInput: 0, output: eval_count ?? 0 },
    ...(reasoning === '' ? {} : { reasoning }),
  };
}

function params(request: ModelRequest): object {
  const { model, system, messages, tools, maxOutputTokens } = request;
  const names = new Map(
    messages.flatMap(({ role, content }) =>
      role === 'assistant'
        ? content.flatMap((block) => (block.type === 'tool_use' ? [[block.id, block.name] as const] : []))
        : [],
    ),
  );
  return {
    model,
    stream: true,
    options: { num_predict: maxOutputTokens, num_ctx: contextFor(request) },
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...messages.flatMap((message) => wireMessages(message, names)),
    ],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: 'function',
            function: { name, description, parameters: inputSchema },
          })),
        }),
  };
}

function wireMessages(message: Message, names: ReadonlyMap<string, string>): readonly object[] {
  if (message.role === 'assistant') {
    const text = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
    const calls = message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ function: { name: block.name, arguments: block.input } }] : [],
    );
    const { reasoning } = message;
    return [
      {
        role: 'assistant',
        content: text,
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
        ...(reasoning === undefined ? {} : { thinking: reasoning }),
      },
    ];
  }
  const results = message.content.flatMap((block) =>
    block.type === 'tool_result'
      ? [{ role: 'tool', tool_name: names.get(block.toolUseId) ?? '', content: block.text }]
      : [],
  );
  const words = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return [...results, ...(words.length === 0 ? [] : [{ role: 'user', content: words.join('\n\n') }])];
}

const smallestContext = 8_192;
const largestContext = 131_072;
const charactersPerToken = 3;

/**
 * Room for the conversation and its answer: without being told, the server takes a few thousand tokens and silently
 * forgets the beginning. Doubled when it is short, because the server loads the model anew for every other size.
 */
export function contextFor({ system, messages, tools, maxOutputTokens }: ModelRequest): number {
  const characters = JSON.stringify([system, messages, tools]).length;
  const needed = Math.ceil(characters / charactersPerToken) + maxOutputTokens;
  const doubled = 2 ** Math.ceil(Math.log2(needed));
  return Math.min(largestContext, Math.max(smallestContext, doubled));
}
