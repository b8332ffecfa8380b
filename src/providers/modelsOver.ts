import type { Clock } from '../ports/clock.ts';
import { type ModelAnswer, ModelError, type ModelRequest, type Models } from '../ports/models.ts';
import type { Reading } from '../town/tank.ts';
import type { Dialect, Refused } from './dialect.ts';
import { failed, listen } from './listen.ts';
import { type Patience, patiently } from './patiently.ts';
import { dataOf, recordOf } from './said.ts';

/** Vendors send pings while they think, and empty lines while they queue. */
const silenceMs = 5 * 60_000;

export interface VendorOptions {
  readonly apiKey: string;
  /** Null: the vendor's own address. */
  readonly baseUrl: string | null;
  readonly clock: Clock;
  /** 0 ≤ n < 1, for the jitter of pauses. */
  readonly random: () => number;
  /** What every answer says of limits, refusals too; not called for one that says nothing. */
  readonly onReadings?: (readings: readonly Reading[]) => void;
  readonly patience?: Partial<Patience>;
  readonly silenceMs?: number;
}

/** One request, once. */
export interface Attempt {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly onText: (piece: string) => void;
  readonly fetch: typeof fetch;
}

/** Models over a vendor's way to be asked once: limits are read, failures told in our words, passing ones tried again. */
export function modelsOver(
  dialect: Dialect,
  ask: (attempt: Attempt) => Promise<ModelAnswer>,
  options: VendorOptions,
): Models {
  return {
    complete: (request, { signal, onText = ignore, onRestart }) =>
      patiently(() => once(dialect, ask, options, { request, signal, onText }), {
        ...options,
        signal,
        onRestart,
      }),
  };
}

async function once(
  dialect: Dialect,
  ask: (attempt: Attempt) => Promise<ModelAnswer>,
  options: VendorOptions,
  asked: Omit<Attempt, 'fetch'>,
): Promise<ModelAnswer> {
  const { clock, onReadings = ignore } = options;
  const { model } = asked.request;
  const own = new AbortController();
  const listening = listen({
    ...{ dialect, model, clock, onReadings },
    silenceMs: options.silenceMs ?? silenceMs,
  });
  try {
    const answer = await ask({
      ...asked,
      signal: AbortSignal.any([asked.signal, own.signal]),
      fetch: listening,
    });
    // SDKs end an aborted stream as if it were complete.
    asked.signal.throwIfAborted();
    return answer;
  } catch (error) {
    if (asked.signal.aborted)
      throw new ModelError('cancelled', 'The request was cancelled.', null, { cause: error });
    const known = modelErrorIn(error);
    if (known !== null) throw known;
    const refused = refusedInStream(error);
    if (refused === null) throw error;
    throw failed(dialect, refused, { model, now: clock.now() }, onReadings);
  } finally {
    own.abort();
  }
}

/** SDKs wrap what their `fetch` throws. */
function modelErrorIn(error: unknown): ModelError | null {
  if (error instanceof ModelError) return error;
  if (error instanceof SyntaxError)
    return new ModelError('protocol', 'The model answered something that is not its protocol.', null, {
      cause: error,
    });
  return error instanceof Error && error.cause !== undefined ? modelErrorIn(error.cause) : null;
}

/**
 * An error that a stream carries, as SDKs throw it; by its shape, because their classes are loaded late. Anthropic's and
 * OpenAI's have `error`, the body or what is within it; Google's has the body as text in its message.
 */
function refusedInStream(error: unknown): Refused | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const headers = new Headers();
  if ('error' in error && error.error !== undefined) {
    const inner = recordOf(error.error);
    return { status: null, headers, body: 'error' in inner ? inner : { error: inner } };
  }
  const start = error.message.indexOf('{');
  return start < 0 ? null : { status: null, headers, body: dataOf(error.message.slice(start)) };
}

function ignore(): void {
  // Nobody listens.
}
