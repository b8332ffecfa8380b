import type { IncomingHttpHeaders } from 'node:http';
import * as v from 'valibot';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/clock.ts';
import { DoorError } from './doorError.ts';
import { readDoor } from './home.ts';
import { type Headers, bodyOf, openLine } from './line.ts';
import { failure, replies } from './protocol.ts';
import type { ReplyOf, RequestOf, Verb } from './protocol.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long the door may stay unreachable before the call gives up; counted anew after each time it was there. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
}

/**
 * A window takes seconds to reload, and minutes when its machine is busy or it waits for a person; who waits for a
 * person's answer, which may take hours, waits for the door too. Each verb may be repeated: what must happen once
 * carries an id that its caller drew (`protocol.ts`), and the numbers of `usage` are those of the whole session.
 */
const patience: Readonly<Record<Verb, number>> = {
  task: 30_000,
  usage: 30_000,
  // What it says is soon said anew.
  fuel: 2_000,
  done: 30_000,
  note: 30_000,
  forgetCheckpoint: 30_000,
  handOff: 30_000,
  split: 30_000,
  comment: 30_000,
  permission: 60 * 60_000,
  question: 60 * 60_000,
  wish: 10_000,
};

const firstPauseMs = 100;
const longestPauseMs = 2_000;
/** What a command prints of ten thousand beads has a few MiB. */
const longestAnswer = 64 * 1024 * 1024;

/** Asks at the door that `home` tells of, which may move or be away for a while. Throws `DoorError`. */
export async function call<V extends Verb>(
  home: string,
  token: string,
  verb: V,
  body: RequestOf<V>,
  options: CallOptions = {},
): Promise<ReplyOf<V>> {
  const question = { path: verb, token, body: JSON.stringify(body) };
  return askDoor(home, question, (answer) => replyOf(verb, answer), {
    patienceMs: patience[verb],
    ...options,
  });
}

export interface DoorQuestion {
  readonly path: string;
  readonly token: string;
  readonly body: string;
  readonly headers?: Headers;
}

/** Asks until there is an answer, which `read` makes something of. Throws `DoorError`, and what `read` throws. */
export async function askDoor<R>(
  home: string,
  question: DoorQuestion,
  read: (answer: Answer) => R,
  options: CallOptions & { readonly patienceMs: number },
): Promise<R> {
  const { signal, patienceMs, clock = systemClock } = options;
  let awaySince: number | null = null;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const began = clock.now();
    const tried = await tryOnce(home, question, signal);
    if ('answer' in tried) return read(tried.answer);
    signal?.throwIfAborted();
    const now = clock.now();
    if ('busyMs' in tried) {
      // The door is there, and wants this to come slower.
      awaySince = null;
      await clock.sleep(tried.busyMs, signal);
      continue;
    }
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

type Tried = { readonly answer: Answer } | { readonly away: unknown } | { readonly busyMs: number };

async function tryOnce(
  home: string,
  { path, token, body, headers }: DoorQuestion,
  signal: AbortSignal | undefined,
): Promise<Tried> {
  let answer: Answer;
  try {
    // Read at every try: a door that reopened has another port, and one that is torn or unreadable may be mended.
    const door = await readDoor(home);
    if (door === null) return { away: new Error('no door.json') };
    const line = await openLine(door, signal);
    try {
      const head = await line.send('POST', path, token, body, headers);
      const text = await bodyOf(head, longestAnswer);
      answer = { status: head.statusCode ?? 0, headers: head.headers, text };
    } finally {
      line.close();
    }
  } catch (error) {
    if (error instanceof DoorError && error.reason !== 'unreachable') throw error;
    return { away: error };
  }
  if (answer.status === 503) return { away: new Error(answer.text) };
  if (answer.status === 429) return { busyMs: Number(answer.headers['retry-after'] ?? 1) * 1_000 };
  return { answer };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function replyOf<V extends Verb>(verb: V, { status, text }: Answer): ReplyOf<V> {
  if (status !== 200) throw refusalIn(status, text);
  const reply = v.safeParse(replies[verb], parse(status, text));
  if (reply.success) return reply.output;
  throw new DoorError('failed', `The door's answer makes no sense: ${v.summarize(reply.issues)}`);
}

/** What the door's own words say about an answer that is not 200. */
export function refusalIn(status: number, text: string): DoorError {
  const refused = v.safeParse(failure, parse(status, text));
  if (!refused.success) return new DoorError('failed', `The door answered with status ${String(status)}.`);
  return new DoorError(refused.output.error.reason, refused.output.error.message);
}

function parse(status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DoorError('failed', `The door's answer (${String(status)}) is not JSON.`, { cause: error });
  }
}
