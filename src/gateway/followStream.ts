import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { refusalIn } from './client.ts';
import { DoorError } from './doorError.ts';
import { type FollowMessage, followMessage } from './followMessages.ts';
import { bodyOf, openLine } from './line.ts';
import type { DoorFile } from './protocol.ts';

/** Characters of one line; a plan of thousands of beads is one entry. */
const longestLine = 128 * 1024 * 1024;
const longestRefusal = 64 * 1024;

export interface StreamParts {
  readonly door: DoorFile;
  readonly token: string;
  /** So long, in ms, may nothing be heard. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  /** All that arrived at once. What it throws ends the stream. */
  readonly take: (messages: readonly FollowMessage[]) => void;
}

/** Follows one connection. Always rejects in the end: with `DoorError`, with what cut it, or with what `take` threw. */
export async function followStream({ door, token, silenceMs, signal, take }: StreamParts): Promise<never> {
  const line = await openLine(door, signal);
  const silence = setTimeout(() => {
    line.close();
  }, silenceMs);
  try {
    const answer = await line.send('GET', 'follow', token, null);
    if (answer.statusCode !== 200)
      throw refusalIn(answer.statusCode ?? 0, await bodyOf(answer, longestRefusal));
    for await (const messages of messagesIn(answer)) {
      silence.refresh();
      take(messages);
    }
    throw new Error('The door hung up.');
  } finally {
    clearTimeout(silence);
    line.close();
  }
}

async function* messagesIn(answer: IncomingMessage): AsyncGenerator<readonly FollowMessage[]> {
  let begun: string[] = [];
  let length = 0;
  answer.setEncoding('utf8');
  for await (const piece of answer as AsyncIterable<string>) {
    const [rest = '', ...more] = piece.split('\n');
    begun.push(rest);
    length += rest.length;
    if (length > longestLine)
      throw new DoorError('failed', 'The door says more in one line than can be true.');
    const last = more.pop();
    // Also an empty one: something was heard.
    if (last === undefined) {
      yield [];
      continue;
    }
    const lines = [begun.join(''), ...more];
    begun = [last];
    length = last.length;
    yield lines.map(parse);
  }
}

function parse(line: string): FollowMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new DoorError('failed', 'The door said something that is not JSON.', { cause: error });
  }
  const parsed = v.safeParse(followMessage, value);
  if (parsed.success) return parsed.output;
  throw new DoorError(
    'failed',
    `The door said something strange: ${v.summarize(parsed.issues).slice(0, 500)}`,
  );
}
