import type * as Sdk from '@anthropic-ai/sdk';
import type { Message, ModelAnswer, ModelRequest, Models } from '../../ports/models.ts';
import { type Attempt, type VendorOptions, modelsOver } from '../modelsOver.ts';
import { assemble } from './assemble.ts';
import { anthropicDialect } from './dialect.ts';

/**
 * The model when a person named none: the middle of the line-up. Its id stands in the type `Model` of
 * @anthropic-ai/sdk 1.12.0; 1M tokens of context, 128K of output.
 */
export const defaultClaudeModel = 'claude-sonnet-5-5';

/** Models that speak Anthropic's Messages protocol, through the vendor's SDK. */
export function claudeModels(options: VendorOptions): Models {
  return modelsOver(anthropicDialect, (attempt) => ask(attempt, options), options);
}

async function ask(
  { request, signal, onText, fetch }: Attempt,
  { apiKey, baseUrl }: VendorOptions,
): Promise<ModelAnswer> {
  const sdk = await import('@anthropic-ai/sdk');
  const client = new sdk.Anthropic({
    apiKey,
    // Said explicitly, because the SDK would else follow ANTHROPIC_BASE_URL with the person's key.
    baseURL: baseUrl ?? 'https://api.anthropic.com',
    // The SDK obeys a retry-after of hours; who waits and where else to go is ours to decide.
    maxRetries: 0,
    // It would write into the agent's terminal.
    logLevel: 'off',
    fetch,
  });
  const events = await client.messages.create({ ...wireRequest(request), stream: true }, { signal });
  return assemble(events, request.maxOutputTokens, onText);
}

function wireRequest(request: ModelRequest): Sdk.Anthropic.MessageCreateParamsNonStreaming {
  const { model, system, messages, tools, maxOutputTokens } = request;
  return {
    model,
    max_tokens: maxOutputTokens,
    // Everything up to the newest message is read from the cache in the next turn, at a tenth of the price or less.
    cache_control: { type: 'ephemeral' },
    ...(system === '' ? {} : { system }),
    messages: messages.map(wireMessage),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            name,
            description,
            input_schema: { ...inputSchema, type: 'object' as const },
          })),
        }),
  };
}

function wireMessage({ role, content }: Message): Sdk.Anthropic.MessageParam {
  return {
    role,
    content: content.map((block) => {
      if (block.type === 'text') return { type: 'text', text: block.text };
      if (block.type === 'tool_use')
        return { type: 'tool_use', id: block.id, name: block.name, input: block.input };
      const { toolUseId, text, isError } = block;
      return { type: 'tool_result', tool_use_id: toolUseId, content: text, is_error: isError };
    }),
  };
}
