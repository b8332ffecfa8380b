import type { Clock } from '../ports/clock.ts';
import { ModelError } from '../ports/models.ts';
import type { Reading } from '../town/tank.ts';
import type { Asked, Dialect, Refused } from './dialect.ts';
import { dataOf, recordOf } from './said.ts';

export interface Listening {
  readonly dialect: Dialect;
  readonly model: string;
  readonly clock: Clock;
  /** Without a byte for this long, a connection is taken for dead. */
  readonly silenceMs: number;
  readonly onReadings: (readings: readonly Reading[]) => void;
  /** The answer is one JSON text and no stream. */
  readonly whole?: boolean;
}

/** Nothing that explains a refusal is longer. */
const longestRefusal = 256 * 1024;

/**
 * `fetch` as it is given to vendors' SDKs: it reads the limits of every answer, and throws a `ModelError` for what is
 * none, before an SDK could retry it. All vendors are heard in this one place, whatever their SDK keeps of an answer.
 */
export function listen(listening: Listening): typeof fetch {
  const { dialect, model, clock, silenceMs, onReadings, whole = false } = listening;
  return async (input, init) => {
    const response = await soon(reached(fetch(input, init)), clock, silenceMs);
    const asked: Asked = { model, now: clock.now() };
    const refused = await refusalIn(response, whole);
    if (refused !== null) throw failed(dialect, refused, asked, onReadings);
    tell(onReadings, dialect.readings(response.headers, asked));
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    return new Response(alive(response.body, clock, silenceMs), { status, statusText, headers });
  };
}

/** The error for an answer that is none; its readings are told. */
export function failed(
  dialect: Dialect,
  refused: Refused,
  asked: Asked,
  onReadings: Listening['onReadings'],
): ModelError {
  const told = dialect.readings(refused.headers, asked);
  const { reason, message, retryAt, readings } = dialect.failure(refused, asked, told);
  tell(onReadings, [...told, ...readings]);
  const text = refused.status === null ? message : `${message} (${String(refused.status)})`;
  return new ModelError(reason, text, retryAt);
}

/** Null for an answer. Where a stream was asked for, a whole JSON text may be an error with a good status. */
async function refusalIn(response: Response, whole: boolean): Promise<Refused | null> {
  const { ok, status, headers } = response;
  if (!ok) return { status, headers, body: dataOf(await textIn(response)) };
  if (whole || !/^application\/json\b/i.test(headers.get('content-type') ?? '')) return null;
  const body = dataOf(await textIn(response));
  const said = recordOf(Array.isArray(body) ? body[0] : body);
  if ('error' in said) return { status: null, headers, body };
  throw new ModelError('protocol', 'The model answered something that is not its protocol.');
}

async function textIn({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of body) {
      text += decoder.decode(piece as Uint8Array, { stream: true });
      if (text.length > longestRefusal) break;
    }
  } catch (error) {
    throw lost(error);
  }
  return text;
}

function tell(onReadings: Listening['onReadings'], readings: readonly Reading[]): void {
  if (readings.length > 0) onReadings(readings);
}

/** Passes bytes on as long as they come, keep-alives too. */
function alive(
  body: ReadableStream<Uint8Array>,
  clock: Clock,
  longestMs: number,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    pull: async (controller) => {
      const next = await soon(read(reader), clock, longestMs);
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

async function read<T>(reader: { read(): Promise<T> }): Promise<T> {
  try {
    return await reader.read();
  } catch (error) {
    throw lost(error);
  }
}

async function reached(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ModelError('connection', `The model could not be reached: ${root(error)}`, null, {
      cause: error,
    });
  }
}

/** Node's fetch ends a body that breaks off with a TypeError `terminated`; its cause has the socket's code. */
function lost(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  return new ModelError('connection', `The connection broke off: ${root(error)}`, null, { cause: error });
}

function root(error: Error): string {
  return error.cause instanceof Error ? root(error.cause) : error.message;
}

async function soon<T>(coming: Promise<T>, clock: Clock, longestMs: number): Promise<T> {
  const timer = new AbortController();
  const silence = clock.sleep(longestMs, timer.signal).then(
    () => true,
    () => false,
  );
  try {
    const first = await Promise.race([coming.then(() => false), silence]);
    if (first) throw new ModelError('connection', 'The model fell silent.');
    return await coming;
  } finally {
    timer.abort();
  }
}
