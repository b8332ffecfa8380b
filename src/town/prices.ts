/** USD for a million tokens. `cached`: read from a cache; `written`: sent to one; null: the vendor does not say. */
export interface Rates {
  readonly input: number;
  readonly cached: number | null;
  readonly written?: number;
  readonly output: number;
}

/** What one vendor charges for some models from a day on. */
export interface PriceRow {
  readonly providers: readonly string[];
  /** In lower case, with `-` for every dot and without a date; `*` at one end stands for anything. */
  readonly models: readonly string[];
  /** First and last day, UTC, `YYYY-MM-DD`. */
  readonly from: string;
  readonly until?: string;
  /** Null: nobody knows. */
  readonly rates: Rates | null;
  /** The whole request costs this when more tokens than `prompt` are sent with it. */
  readonly above?: { readonly prompt: number; readonly rates: Rates };
  /** Monday to Friday, in hours of UTC: from the first to before the second. */
  readonly peak?: { readonly hours: readonly (readonly [number, number])[]; readonly rates: Rates };
  /** Who says so, and on which day it was read. */
  readonly source: string;
  readonly read: string;
  /** A person's own, which counts before all others. */
  readonly own?: true;
}

const openai = ['codex', 'openai'];
/** Above this prompt OpenAI bills a request twice for what is sent and one and a half times for what is answered. */
const long = 272_000;
/** Not on Chinese holidays, which no table here knows: those days are taken to cost more than they do. */
const deepseekPeak = [
  [1, 4],
  [6, 10],
] as const;
const anthropicPage = 'platform.claude.com, pricing';
const deepseekPage = 'api-docs.deepseek.com, pricing';

/** A person's own prices, the newest of a model first, before all that are known here. */
export function withOwn(own: readonly PriceRow[] | undefined): readonly PriceRow[] {
  return own === undefined || own.length === 0 ? prices : [...own, ...prices];
}

/**
 * List prices of vendors' APIs: data to be corrected as they change, the newest of a model first. What a subscription
 * costs is not a matter of tokens; there they say what the same would cost at the API.
 */
export const prices: readonly PriceRow[] = [
  {
    providers: ['claude'],
    models: ['claude-fable-5-1', 'fable'],
    from: '2026-09-01',
    rates: { input: 10, cached: 0.25, written: 12.5, output: 50 },
    source: anthropicPage,
    read: '2026-10-16',
  },
  {
    providers: ['claude'],
    models: ['claude-opus-5-5', 'opus'],
    from: '2026-09-01',
    rates: { input: 4, cached: 0.2, written: 5, output: 20 },
    source: anthropicPage,
    read: '2026-09-23',
  },
  {
    providers: ['claude'],
    models: ['claude-sonnet-5-5', 'sonnet'],
    from: '2026-10-07',
    rates: { input: 2, cached: 0.1, written: 2.5, output: 10 },
    source: 'PromptFuel 1.0.23',
    read: '2026-10-16',
  },
  {
    providers: ['claude'],
    models: ['claude-haiku-5-5', 'haiku'],
    from: '2026-09-01',
    rates: { input: 0.1, cached: 0.01, output: 0.5 },
    above: { prompt: 100_000, rates: { input: 0.5, cached: 0.05, output: 2.5 } },
    source: 'docs.rs, synaps',
    read: '2026-10-10',
  },
  {
    providers: ['claude'],
    models: ['claude-opus-5'],
    from: '2026-01-01',
    rates: { input: 5, cached: 0.5, output: 25 },
    source: anthropicPage,
    read: '2026-10-16',
  },
  {
    providers: ['claude'],
    models: ['claude-sonnet-5'],
    from: '2026-01-01',
    rates: { input: 2, cached: 0.2, output: 10 },
    source: anthropicPage,
    read: '2026-10-16',
  },
  {
    providers: openai,
    models: ['gpt-6-astra'],
    from: '2026-09-01',
    rates: { input: 10, cached: 1, written: 12.5, output: 50 },
    above: { prompt: long, rates: { input: 20, cached: 2, written: 25, output: 75 } },
    source: 'LiteLLM, discussion 39633',
    read: '2026-09-05',
  },
  {
    providers: openai,
    models: ['gpt-6-1-sol'],
    from: '2026-09-29',
    rates: { input: 2, cached: 0.1, written: 2.5, output: 10 },
    above: { prompt: long, rates: { input: 4, cached: 0.2, written: 5, output: 15 } },
    source: 'PromptFuel 1.0.22',
    read: '2026-10-01',
  },
  {
    providers: openai,
    models: ['gpt-6-sol'],
    from: '2026-09-01',
    rates: { input: 2, cached: 0.2, output: 10 },
    above: { prompt: long, rates: { input: 4, cached: 0.4, output: 15 } },
    source: 'docs.litellm.ai',
    read: '2026-09-22',
  },
  {
    providers: openai,
    models: ['gpt-6-luna'],
    from: '2026-09-01',
    rates: { input: 0.1, cached: 0.01, output: 0.5 },
    above: { prompt: long, rates: { input: 0.2, cached: 0.02, output: 0.75 } },
    source: 'docs.litellm.ai',
    read: '2026-09-22',
  },
  {
    providers: ['gemini'],
    models: ['gemini-3-8-flash'],
    from: '2026-09-01',
    until: '2026-12-31',
    rates: { input: 0.75, cached: 0.075, output: 3.75 },
    source: 'ai.google.dev, pricing',
    read: '2026-10-07',
  },
  {
    providers: ['gemini'],
    models: ['gemini-3-1-pro'],
    from: '2026-01-01',
    rates: { input: 2, cached: 0.2, output: 12 },
    above: { prompt: 200_000, rates: { input: 4, cached: null, output: 18 } },
    source: '@pydantic/genai-prices 0.1.8',
    read: '2026-09-23',
  },
  {
    providers: ['gemini'],
    models: ['gemini-3-5-flash-lite'],
    from: '2026-01-01',
    rates: { input: 0.3, cached: 0.03, output: 2.5 },
    source: '@pydantic/genai-prices 0.1.8',
    read: '2026-09-23',
  },
  {
    providers: ['gemini'],
    models: ['gemini-2-5-pro'],
    from: '2026-01-01',
    rates: { input: 1.25, cached: 0.125, output: 10 },
    source: '@pydantic/genai-prices 0.1.8',
    read: '2026-09-23',
  },
  {
    providers: ['deepseek'],
    models: ['deepseek-flash'],
    from: '2026-09-01',
    rates: { input: 0.15, cached: 0.003, output: 0.6 },
    peak: { hours: deepseekPeak, rates: { input: 0.3, cached: 0.006, output: 1.2 } },
    source: deepseekPage,
    read: '2026-10-16',
  },
  {
    providers: ['deepseek'],
    models: ['deepseek-v4-pro'],
    from: '2026-09-01',
    rates: { input: 0.66, cached: 0.022, output: 1.98 },
    peak: { hours: deepseekPeak, rates: { input: 1.32, cached: 0.044, output: 3.96 } },
    source: deepseekPage,
    read: '2026-10-16',
  },
  {
    providers: ['ollama'],
    models: ['*cloud'],
    from: '2025-01-01',
    rates: null,
    source: 'runs at Ollama, by a subscription',
    read: '2026-10-16',
  },
  {
    providers: ['ollama'],
    models: ['*'],
    from: '2025-01-01',
    rates: { input: 0, cached: 0, output: 0 },
    source: 'runs on the person’s own machine',
    read: '2026-10-16',
  },
];
