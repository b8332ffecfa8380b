import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { protocolVersion, requests } from './protocol.ts';
import type { RequestOf, Verb } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { runType } from './run.ts';
import { sameSecret } from './tokens.ts';
import type { TokenBook } from './tokens.ts';
import type { Speaker } from './verbs.ts';

/** Largest body that is taken, in bytes. A plan of thousands of beads is one wish. */
const maxBodyBytes: Readonly<Record<Verb, number>> = {
  task: 256 * 1024,
  done: 256 * 1024,
  permission: 256 * 1024,
  usage: 256 * 1024,
  fuel: 256 * 1024,
  question: 256 * 1024,
  note: 512 * 1024,
  forgetCheckpoint: 256 * 1024,
  handOff: 512 * 1024,
  split: 2 * 1024 * 1024,
  comment: 256 * 1024,
  wish: 32 * 1024 * 1024,
};
/** Of `run`. */
const maxCommandBytes = 8 * 1024 * 1024;
/** So many bodies of the largest size may one token have on their way. */
const bodiesAtOnce = 2;
/** Read on by so much without keeping it, because the answer to a half-read request gets lost on its way. */
const readOnBytes = 4 * 1024 * 1024;

/**
 * A page in a browser can reach loopback too: by its own origin, or by a host name that was made to point here. No page
 * reaches a socket in a person's own folder, where `host` is null.
 */
export function refuseForeignPages(host: string | null, { headers }: IncomingMessage): void {
  const page = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  if (page || (host !== null && headers.host !== host))
    throw new Refusal('forbidden', 'Only programs on this machine may ask.');
}

/** Throws Refusal `unauthorized`. */
export function speakerOf(
  tokens: Pick<TokenBook, 'holderOf'>,
  person: string,
  { headers }: IncomingMessage,
): Speaker {
  const secret = /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1];
  if (secret !== undefined) {
    if (sameSecret(secret, person)) return 'person';
    const holder = tokens.holderOf(secret);
    if (holder !== null) return holder;
  }
  throw new Refusal(
    'unauthorized',
    'This token is not known here: its session is over, or it belongs to another rig.',
  );
}

/** What stands behind the version in the path. Throws Refusal `other_version` or `no_such_verb`. */
export function nameIn({ url = '' }: IncomingMessage): string {
  const [, version, name] = /^\/v(\d{1,9})\/(\w+)$/.exec(url) ?? [];
  if (version === undefined || name === undefined) throw noSuchVerb();
  if (Number(version) === protocolVersion) return name;
  throw new Refusal(
    'other_version',
    `This window speaks version ${String(protocolVersion)} of the door's protocol and was asked in version ${version}. Use the program of the same Rigs.`,
  );
}

/** Throws Refusal `no_such_verb`. */
export function verbNamed(name: string, method: string | undefined): Verb {
  if (method === 'POST' && isVerb(name)) return name;
  throw noSuchVerb();
}

function noSuchVerb(): Refusal {
  return new Refusal('no_such_verb', 'There is no such verb.');
}

function isVerb(name: string): name is Verb {
  return Object.hasOwn(requests, name);
}

/** Counts bytes in and returns how to count them out; throws when these are too many together with others. */
export type Arrive = (bytes: number, most: number) => () => void;

/** The body of a verb's request, checked. Throws Refusal `not_json`, `too_large`, `invalid`, or what `arrive` throws. */
export async function requestOf<V extends Verb>(
  verb: V,
  message: IncomingMessage,
  arrive: Arrive,
): Promise<RequestOf<V>> {
  typed(message.headers, /^application\/json(;|$)/, 'application/json');
  const parsed = v.safeParse(
    requests[verb],
    parseJson((await bodyOf(message, maxBodyBytes[verb], arrive)).toString('utf8')),
  );
  if (parsed.success) return parsed.output;
  throw new Refusal('invalid', v.summarize(parsed.issues).slice(0, 2_000));
}

/**
 * The body of a command line. A vendor's hook comes with the whole answer of a tool, such as a file that was read; what
 * of it is needed only that vendor's code knows. Throws Refusal `not_json`, `too_large`, or what `arrive` throws.
 */
export async function commandBodyOf(message: IncomingMessage, arrive: Arrive): Promise<Buffer> {
  typed(message.headers, /^application\/octet-stream$/, runType);
  return bodyOf(message, maxCommandBytes, arrive);
}

/** A page of a browser cannot send these types without being asked first, and never is. */
function typed(headers: IncomingHttpHeaders, wanted: RegExp, name: string): void {
  if (!wanted.test(headers['content-type'] ?? '')) throw new Refusal('not_json', `The body must be ${name}.`);
}

async function bodyOf(message: IncomingMessage, most: number, arrive: Arrive): Promise<Buffer> {
  const tooLarge = new Refusal('too_large', `The body is larger than ${String(most)} bytes.`);
  if (Number(message.headers['content-length'] ?? 0) > most + readOnBytes) throw tooLarge;
  const pieces: Buffer[] = [];
  const leave: (() => void)[] = [];
  let size = 0;
  try {
    for await (const piece of message as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > most + readOnBytes) throw tooLarge;
      if (size > most) continue;
      leave.push(arrive(piece.length, bodiesAtOnce * most));
      pieces.push(piece);
    }
    if (size > most) throw tooLarge;
    return Buffer.concat(pieces);
  } finally {
    for (const one of leave) one();
  }
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('invalid', 'The body is not JSON.');
  }
  // It would pass as an object without fields.
  if (Array.isArray(value)) throw new Refusal('invalid', 'The body is not an object.');
  return value;
}
