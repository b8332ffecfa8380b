import { request } from 'node:http';
import * as v from 'valibot';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/clock.ts';
import { readDoor } from './home.ts';
import { failure, replies } from './protocol.ts';
import type { ReplyOf, RequestOf, Verb } from './protocol.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long the door may stay unreachable before the call gives up; counted anew after each time it was there. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
}

/**
 * A window takes seconds to reload, and minutes when its machine is busy or it waits for a person; who waits for an
 * answer that may take hours waits for the door too. Repeating a verb has no second effect.
 */
const patience: Readonly<Record<Verb, number>> = {
  task: 30_000,
  usage: 30_000,
  status: 30_000,
  done: 60 * 60_000,
  permission: 60 * 60_000,
};

const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * The door gave no answer or refused. `reason` is the door's own (see `refusal.ts`), or `unreachable`; an abort
 * throws the signal's reason instead.
 */
export class DoorError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DoorError';
    this.reason = reason;
  }
}

/** Asks at the door that `home` tells of, which may move or be away for a while. Throws `DoorError`. */
export async function call<V extends Verb>(
  home: string,
  token: string,
  verb: V,
  body: RequestOf<V>,
  options: CallOptions = {},
): Promise<ReplyOf<V>> {
  const { signal, patienceMs = patience[verb], clock = systemClock } = options;
  let awaySince: number | null = null;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const began = clock.now();
    const tried = await tryOnce(home, token, verb, body, signal);
    if ('reply' in tried) return tried.reply;
    signal?.throwIfAborted();
    const now = clock.now();
    // Somebody had held this request before they went away.
    if (now - began > longestPauseMs) awaySince = null;
    awaySince ??= now;
    if (now - awaySince >= patienceMs)
      throw new DoorError('unreachable', 'The window that runs this rig does not answer.', {
        cause: tried.away,
      });
    await clock.sleep(pauseMs, signal);
  }
}

async function tryOnce<V extends Verb>(
  home: string,
  token: string,
  verb: V,
  body: RequestOf<V>,
  signal: AbortSignal | undefined,
): Promise<{ readonly reply: ReplyOf<V> } | { readonly away: unknown }> {
  // Read at every try: a door that reopened has another port.
  const door = await readDoor(home);
  if (door === null) return { away: new Error('no door.json') };
  let answer: Answer;
  try {
    answer = await post(`${door.address}/v1/${verb}`, token, JSON.stringify(body), signal);
  } catch (error) {
    return { away: error };
  }
  if (answer.status === 503) return { away: new Error(answer.text) };
  return { reply: replyOf(verb, answer) };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function replyOf<V extends Verb>(verb: V, { status, text }: Answer): ReplyOf<V> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DoorError('failed', `The door's answer (${String(status)}) is not JSON.`, { cause: error });
  }
  if (status === 200) {
    const reply = v.safeParse(replies[verb], value);
    if (reply.success) return reply.output;
    throw new DoorError('failed', `The door's answer makes no sense: ${v.summarize(reply.issues)}`);
  }
  const refused = v.safeParse(failure, value);
  if (!refused.success) throw new DoorError('failed', `The door answered with status ${String(status)}.`);
  throw new DoorError(refused.output.error.reason, refused.output.error.message);
}

/**
 * Rejects when the connection is not made, or cut early. Not `fetch`: it gives up on an answer after five minutes,
 * and a person may take hours.
 */
function post(url: string, token: string, body: string, signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') });
        });
      },
    );
    // A machine that slept, or a window that died without closing, must be noticed while a person thinks.
    sent.on('socket', (socket) => socket.setKeepAlive(true, 30_000));
    sent.on('error', reject);
    sent.end(body);
  });
}
