import type { Clock } from '../ports/clock.ts';
import { type ModelAccess, ModelError, type Wire } from '../ports/models.ts';
import { systemClock } from '../system/clock.ts';
import type { Reading } from '../town/tank.ts';
import { readBalance } from './deepseek/balance.ts';
import { deepseekAddress } from './deepseek/models.ts';
import { deepseekDialect } from './deepseek/dialect.ts';
import type { Dialect } from './dialect.ts';
import { anthropicDialect } from './claude/dialect.ts';
import { geminiDialect } from './gemini/modelsDialect.ts';
import { listen } from './listen.ts';
import { ollamaDialect } from './ollama/dialect.ts';
import { ollamaAddress } from './ollama/models.ts';
import { openaiDialect } from './openai/dialect.ts';

/** A question that costs nothing, and what its answer says of limits. */
interface Free {
  readonly dialect: Dialect;
  readonly address: string | null;
  readonly path: string;
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  readonly read: (body: unknown) => readonly Reading[];
}

const bearer = (key: string): Readonly<Record<string, string>> =>
  key === '' ? {} : { authorization: `Bearer ${key}` };
const nothing = (): readonly Reading[] => [];

/** Lists of models prove that somebody answers and takes the key; what limits they tell is in their headers. */
const free: Readonly<Record<Wire, Free>> = {
  anthropic: {
    dialect: anthropicDialect,
    address: 'https://api.anthropic.com',
    path: '/v1/models?limit=1',
    headers: (key) => ({ ...bearer(key), 'anthropic-version': '2023-06-01' }),
    read: nothing,
  },
  openai: {
    dialect: openaiDialect,
    address: 'https://api.openai.com/v1',
    path: '/models',
    headers: bearer,
    read: nothing,
  },
  gemini: {
    dialect: geminiDialect,
    address: 'https://generativelanguage.googleapis.com',
    path: '/v1beta/models?pageSize=1',
    headers: (key) => ({ 'x-goog-api-key': key }),
    read: nothing,
  },
  deepseek: {
    dialect: deepseekDialect,
    address: deepseekAddress,
    path: '/user/balance',
    headers: bearer,
    read: readBalance,
  },
  ollama: { dialect: ollamaDialect, address: ollamaAddress, path: '/api/ps', headers: bearer, read: nothing },
  compatible: { dialect: openaiDialect, address: null, path: '/models', headers: bearer, read: nothing },
};

const longestMs = 10_000;

/** A key may be good for answers and not for lists: only that it is unknown says something of it. */
function ofLists(dialect: Dialect): Dialect {
  return {
    readings: (headers, asked) => dialect.readings(headers, asked),
    failure: (refused, asked, told) => {
      const failure = dialect.failure(refused, asked, told);
      const isForbidden = refused.status === 403 && failure.reason === 'auth';
      return isForbidden ? { ...failure, reason: 'refused' } : failure;
    },
  };
}

/**
 * Asks a provider for what costs nothing: whether it answers at all, takes the key, and what it says of its limits.
 * Throws `ModelError` as a request would.
 */
export async function poll(
  { wire, model, baseUrl, apiKey }: ModelAccess,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<readonly Reading[]> {
  const { dialect, address, path, headers, read } = free[wire];
  const base = baseUrl ?? address;
  if (base === null) throw new ModelError('refused', 'No address is set for this endpoint.');
  const told: Reading[] = [];
  const onReadings = (readings: readonly Reading[]): void => {
    told.push(...readings);
  };
  const ask = listen({
    dialect: ofLists(dialect),
    model,
    clock,
    silenceMs: longestMs,
    onReadings,
    whole: true,
  });
  try {
    const response = await ask(base.replace(/\/+$/, '') + path, { headers: headers(apiKey), signal });
    return [...told, ...read(await response.json())];
  } catch (error) {
    if (signal.aborted)
      throw new ModelError('cancelled', 'The question was cancelled.', null, { cause: error });
    if (!(error instanceof SyntaxError)) throw error;
    throw new ModelError('protocol', 'The answer makes no sense.', null, { cause: error });
  }
}
