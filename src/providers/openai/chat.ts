import type * as Sdk from 'openai';
import {
  type Message,
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type Models,
  type ToolUseBlock,
} from '../../ports/models.ts';
import type { Dialect } from '../dialect.ts';
import { type Attempt, type VendorOptions, modelsOver } from '../modelsOver.ts';
import { assemble } from './assemble.ts';

/** In what those who speak OpenAI's Chat Completions differ. */
export interface ChatVendor {
  /** Null: it has none, a person names one. */
  readonly address: string | null;
  readonly dialect: Dialect;
  /** What limits an answer is called. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
  /** Whether it wants its own thoughts back with what came of them. */
  readonly wantsReasoning: boolean;
}

type Params = Sdk.OpenAI.ChatCompletionCreateParamsStreaming;
type WireMessage = Sdk.OpenAI.ChatCompletionMessageParam;

/** Models that speak OpenAI's Chat Completions, through its SDK. */
export function chatModels(vendor: ChatVendor, options: VendorOptions): Models {
  return modelsOver(vendor.dialect, (attempt) => ask(vendor, attempt, options), options);
}

async function ask(
  vendor: ChatVendor,
  { request, signal, onText, fetch }: Attempt,
  { apiKey, baseUrl }: VendorOptions,
): Promise<ModelAnswer> {
  const baseURL = baseUrl ?? vendor.address;
  if (baseURL === null) throw new ModelError('refused', 'No address is set for this endpoint.');
  const sdk = await import('openai');
  const client = new sdk.OpenAI({
    // It does without only what is not empty.
    apiKey: apiKey === '' ? 'no-key' : apiKey,
    // Each said explicitly, because the SDK would else take them from the environment, to whomever it speaks.
    baseURL,
    adminAPIKey: null,
    organization: null,
    project: null,
    // The SDK obeys a retry-after of hours; who waits and where else to go is ours to decide.
    maxRetries: 0,
    // It would write into the agent's terminal.
    logLevel: 'off',
    fetch,
  });
  const chunks = await client.chat.completions.create(params(vendor, request), { signal });
  return assemble(chunks, request, onText);
}

function params({ limit, wantsReasoning }: ChatVendor, request: ModelRequest): Params {
  const { model, system, messages, tools, maxOutputTokens } = request;
  return {
    model,
    [limit]: maxOutputTokens,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      ...messages.flatMap((message) => wireMessages(message, wantsReasoning)),
    ],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: 'function' as const,
            function: { name, description, parameters: { ...inputSchema } },
          })),
        }),
  };
}

/** Results of tools are messages of their own, before what a person says. */
function wireMessages(message: Message, wantsReasoning: boolean): readonly WireMessage[] {
  if (message.role === 'assistant') return [spoken(message, wantsReasoning)];
  const results = message.content.flatMap((block): readonly WireMessage[] =>
    block.type === 'tool_result'
      ? [{ role: 'tool', tool_call_id: block.toolUseId, content: block.text }]
      : [],
  );
  const words = message.content.flatMap((block) =>
    block.type === 'text' ? [{ type: 'text' as const, text: block.text }] : [],
  );
  const [only] = words;
  if (only === undefined) return results;
  return [...results, { role: 'user', content: words.length === 1 ? only.text : words }];
}

function spoken(
  { content, reasoning }: Extract<Message, { role: 'assistant' }>,
  wantsReasoning: boolean,
): WireMessage {
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  const calls = content.filter((block) => block.type === 'tool_use').map(wireCall);
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(wantsReasoning && reasoning !== undefined ? { reasoning_content: reasoning } : {}),
  };
}

function wireCall({ id, name, input }: ToolUseBlock): Sdk.OpenAI.ChatCompletionMessageFunctionToolCall {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input) } };
}
