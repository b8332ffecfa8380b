import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { DeskError } from '../ports/desk.ts';
import type { Desk } from '../ports/desk.ts';
import { ensurePersonToken, prepareHome, removeDoor, writeDoor } from './home.ts';
import { protocolVersion, requests } from './protocol.ts';
import type { ReplyOf, Verb } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { sameSecret } from './tokens.ts';
import type { TokenBook } from './tokens.ts';
import { answer } from './verbs.ts';
import type { Speaker } from './verbs.ts';

export interface DoorParts {
  /** The folder that `RIGS_HOME` names. */
  readonly home: string;
  readonly desk: Desk;
  readonly status: () => ReplyOf<'status'>;
  readonly tokens: Pick<TokenBook, 'callerOf'>;
  readonly epoch: number;
  /** Told of what is our own mistake; the caller only hears that it failed. */
  readonly onError?: (error: unknown) => void;
}

export interface Door {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  close(): Promise<void>;
}

const maxBodyBytes = 256 * 1024;
/** Read on to here without keeping it, because the answer to a half-read request gets lost on its way. */
const maxReadBytes = 4 * 1024 * 1024;
/** For a request to arrive; answers may take hours. */
const arrivalMs = 30_000;

/** Opens the door for agents and the command line: HTTP on the loopback interface, its address in `door.json`. */
export async function openDoor(parts: DoorParts): Promise<Door> {
  await prepareHome(parts.home);
  const person = await ensurePersonToken(parts.home);
  const server = createServer({ requestTimeout: arrivalMs, headersTimeout: arrivalMs });
  const port = await listen(server);
  const address = `http://127.0.0.1:${String(port)}`;
  server.on('request', (request, response) => {
    void respond({ ...parts, person, host: `127.0.0.1:${String(port)}` }, request, response);
  });
  await writeDoor(parts.home, { version: protocolVersion, address, epoch: parts.epoch });
  return {
    address,
    close: async () => {
      await removeDoor(parts.home, address);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Context = DoorParts & { readonly person: string; readonly host: string };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function respond(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const away = new AbortController();
  response.on('close', () => {
    away.abort();
  });
  try {
    send(response, 200, await handle(context, request, away.signal));
  } catch (error) {
    if (away.signal.aborted) return;
    const refusal = refusalOf(error, context);
    // The rest of a body that was not read must not be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close');
    send(response, refusal.status, { error: { reason: refusal.reason, message: refusal.message } });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function refusalOf(error: unknown, { onError }: Context): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DeskError) return new Refusal(error.reason, error.message);
  onError?.(error);
  return new Refusal('failed', 'Rigs could not answer; its log says why.');
}

async function handle(context: Context, request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  refuseForeignPages(context, request);
  const speaker = speakerOf(context, request);
  const verb = verbOf(request);
  if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? ''))
    throw new Refusal('not_json', 'The body must be application/json.');
  const parsed = v.safeParse(requests[verb], parseJson(await bodyOf(request)));
  if (!parsed.success) throw new Refusal('invalid', v.summarize(parsed.issues));
  return answer(verb, context, speaker, parsed.output, signal);
}

/** A page in a browser can reach loopback too: by its own origin, or by a host name that points here. */
function refuseForeignPages({ host }: Context, { headers }: IncomingMessage): void {
  if (headers.host !== host || headers.origin !== undefined)
    throw new Refusal('forbidden', 'Only programs on this machine may ask.');
}

function speakerOf({ tokens, person }: Context, { headers }: IncomingMessage): Speaker {
  const secret = /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1];
  if (secret !== undefined) {
    if (sameSecret(secret, person)) return 'person';
    const caller = tokens.callerOf(secret);
    if (caller !== null) return caller;
  }
  throw new Refusal('unauthorized', 'This token is not known here; its session may have ended.');
}

function verbOf({ method, url = '' }: IncomingMessage): Verb {
  const verb = /^\/v1\/(\w+)$/.exec(url)?.[1];
  if (method === 'POST' && verb !== undefined && isVerb(verb)) return verb;
  throw new Refusal('no_such_verb', 'There is no such verb.');
}

function isVerb(name: string): name is Verb {
  return Object.hasOwn(requests, name);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const tooLarge = new Refusal('too_large', `The body is larger than ${String(maxBodyBytes)} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maxReadBytes) throw tooLarge;
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxReadBytes) throw tooLarge;
    if (size <= maxBodyBytes) pieces.push(piece);
  }
  if (size > maxBodyBytes) throw tooLarge;
  return Buffer.concat(pieces).toString('utf8');
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
