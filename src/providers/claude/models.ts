import type * as Sdk from '@anthropic-ai/sdk';
import type { Clock } from '../../ports/clock.ts';
import {
  type Message,
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type Models,
} from '../../ports/models.ts';
import { assemble } from './assemble.ts';
import { failureOf } from './failure.ts';
import { limitHeaders } from './limits.ts';
import { type Patience, patiently } from './patiently.ts';

/**
 * The model when a person named none: the middle of the line-up. Its id stands in the type `Model` of
 * @anthropic-ai/sdk 1.12.0; 1M tokens of context, 128K of output.
 */
export const defaultClaudeModel = 'claude-sonnet-5-5';

/** Without a byte for this long, a connection is taken for dead; the vendor sends pings while it thinks. */
const silenceMs = 5 * 60_000;

export interface ClaudeOptions {
  readonly apiKey: string;
  /** Null: the vendor's own address. */
  readonly baseUrl: string | null;
  readonly clock: Clock;
  /** 0 ≤ n < 1, for the jitter of pauses. */
  readonly random: () => number;
  /** Called with the rate-limit headers of every answer, refusals too. */
  readonly onLimits?: (limits: Readonly<Record<string, string>>) => void;
  readonly patience?: Partial<Patience>;
  readonly silenceMs?: number;
}

type Options = Parameters<Models['complete']>[1];

/** Models that speak Anthropic's Messages protocol, through the vendor's SDK. */
export function claudeModels(options: ClaudeOptions): Models {
  return {
    complete: async (request, { signal, onText, onRestart }) => {
      const sdk = await import('@anthropic-ai/sdk');
      const client = clientOf(sdk, options);
      return patiently(
        async () => {
          try {
            return await attempt(
              client,
              request,
              options,
              onText === undefined ? { signal } : { signal, onText },
            );
          } catch (error) {
            if (signal.aborted) {
              throw new ModelError('cancelled', 'The request was cancelled.', null, { cause: error });
            }
            throw failureOf(error, sdk, options.clock.now()) ?? error;
          }
        },
        { ...options, signal, onRestart },
      );
    },
  };
}

function clientOf(sdk: typeof Sdk, options: ClaudeOptions): Sdk.Anthropic {
  return new sdk.Anthropic({
    apiKey: options.apiKey,
    // Said explicitly, because the SDK would else follow ANTHROPIC_BASE_URL with the person's key.
    baseURL: options.baseUrl ?? 'https://api.anthropic.com',
    // The SDK obeys a retry-after of hours; who waits and where else to go is ours to decide.
    maxRetries: 0,
    timeout: options.silenceMs ?? silenceMs,
    // It would write into the agent's terminal.
    logLevel: 'off',
    middleware: [
      async (request, next) => {
        const response = await next(request);
        options.onLimits?.(limitHeaders(response.headers));
        return response;
      },
    ],
  });
}

async function attempt(
  client: Sdk.Anthropic,
  request: ModelRequest,
  options: ClaudeOptions,
  { signal, onText }: Options,
): Promise<ModelAnswer> {
  const own = new AbortController();
  const either = AbortSignal.any([signal, own.signal]);
  try {
    const { data, response } = await client.messages
      .create({ ...wireRequest(request), stream: true }, { signal: either })
      .withResponse();
    const events = heard(data, options.clock, options.silenceMs ?? silenceMs);
    const answer = await assemble(events, request.maxOutputTokens, onText ?? ignore);
    // The SDK ends an aborted stream as if it were complete.
    signal.throwIfAborted();
    return { ...answer, limits: limitHeaders(response.headers) };
  } finally {
    own.abort();
  }
}

/** Passes events on as long as they come; a silence counts as a broken connection. */
async function* heard(events: AsyncIterable<unknown>, clock: Clock, longestMs: number): AsyncGenerator {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const next = await soon(iterator.next(), clock, longestMs);
    if (next.done === true) return;
    yield next.value;
  }
}

async function soon<T>(coming: Promise<T>, clock: Clock, longestMs: number): Promise<T> {
  const timer = new AbortController();
  const silence = clock.sleep(longestMs, timer.signal).then(
    () => true,
    () => false,
  );
  try {
    const first = await Promise.race([coming.then(() => false), silence]);
    if (first) throw new ModelError('connection', 'The model fell silent in the middle of an answer.');
    return await coming;
  } finally {
    timer.abort();
  }
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

function wireMessage(message: Message): Sdk.Anthropic.MessageParam {
  return {
    role: message.role,
    content: message.content.map((block) => {
      if (block.type !== 'tool_result') return block;
      const { toolUseId, text, isError } = block;
      return { type: 'tool_result', tool_use_id: toolUseId, content: text, is_error: isError };
    }),
  };
}

function ignore(): void {
  // Nobody listens to the pieces.
}
