import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Followed, Wish } from '../foreman/control.ts';
import { DeskError } from '../ports/desk.ts';
import type { Desk } from '../ports/desk.ts';
import { nameIn, refuseForeignPages, requestOf, speakerOf, verbNamed } from './admission.ts';
import { type FollowLimits, serveFollower, usualFollowLimits } from './follow.ts';
import { ensurePersonToken, prepareHome, removeDoor, writeDoor } from './home.ts';
import { CallLimits, type Limits, usualLimits } from './limits.ts';
import { onceEach } from './onceEach.ts';
import { newDoorKey, nonceHeader, proofOf } from './proof.ts';
import { type DoorFile, type ReplyOf, protocolVersion } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { Strangers } from './strangers.ts';
import type { TokenBook } from './tokens.ts';
import { type Inside, type Speaker, admit, answer } from './verbs.ts';

export interface DoorParts {
  /** The folder that `RIGS_HOME` names. */
  readonly home: string;
  readonly desk: Desk;
  /** What windows follow, and where a person's wishes go. */
  readonly rig: Followed;
  readonly status: () => ReplyOf<'status'>;
  readonly tokens: Pick<TokenBook, 'holderOf'>;
  /** The owner's. */
  readonly epoch: number;
  /** Told of what is our own mistake; the caller only hears that it failed. */
  readonly onError?: (error: unknown) => void;
  readonly limits?: Limits;
  readonly followLimits?: FollowLimits;
}

export interface Door {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** Never rejects. */
  close(): Promise<void>;
}

/** For a request to arrive; answers may take hours. */
const arrivalMs = 30_000;

/**
 * Opens the door for agents, the command line and other windows: HTTP on the loopback interface, its address in
 * `door.json`. Not a Unix socket: measured side by side (medians of 1,200 calls, a connection each) a call over TCP
 * takes 0.41 ms and one over a socket 0.39 ms, 5 % less, for a path that must stay below 104 bytes, a second
 * way on Windows, and a file that a killed window leaves behind.
 */
export async function openDoor(parts: DoorParts): Promise<Door> {
  await prepareHome(parts.home);
  const person = await ensurePersonToken(parts.home);
  const server = createServer({
    requestTimeout: arrivalMs,
    headersTimeout: arrivalMs,
    connectionsCheckingInterval: arrivalMs / 6,
  });
  const port = await listen(server);
  // Such as a connection that cannot be taken because the process has no file descriptor left; others can.
  server.on('error', (error) => parts.onError?.(error));
  const host = `127.0.0.1:${String(port)}`;
  const door: DoorFile = {
    version: protocolVersion,
    address: `http://${host}`,
    epoch: parts.epoch,
    key: newDoorKey(),
  };
  const context: Context = {
    ...parts,
    inside: { ...parts, wish: onceEach((wish: Wish) => answerTo(parts.rig, wish)) },
    person,
    host,
    door,
    strangers: new Strangers(),
    calls: new CallLimits(parts.limits ?? usualLimits),
  };
  server.on('connection', (socket) => {
    // A caller that is gone cannot be told so.
    socket.on('error', () => undefined);
    context.strangers.add(socket);
  });
  server.on('request', (request, response) => void respond(context, request, response));
  try {
    await writeDoor(parts.home, door);
  } catch (error) {
    await hangUp(server);
    throw error;
  }
  return {
    address: door.address,
    close: async () => {
      await hangUp(server);
      // An address that stays behind leads nowhere, and the next door writes its own over it.
      await removeDoor(parts.home, door).catch((error: unknown) => parts.onError?.(error));
    },
  };
}

async function hangUp(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

interface Context extends DoorParts {
  readonly inside: Inside;
  readonly person: string;
  readonly host: string;
  readonly door: DoorFile;
  readonly strangers: Strangers;
  readonly calls: CallLimits;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

async function respond(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const away = new AbortController();
  response.on('close', () => {
    away.abort();
  });
  try {
    await handle(context, request, response, away.signal);
  } catch (error) {
    if (away.signal.aborted) return;
    refuse(request, response, refusalOf(error, context));
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { reason, message, retryAfterMs } = refusal;
  // The rest of a body that was not read must not be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  if (retryAfterMs !== null) response.setHeader('retry-after', Math.ceil(retryAfterMs / 1_000));
  send(response, refusal.status, { error: { reason, message } });
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

async function handle(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  refuseForeignPages(context.host, request);
  const name = nameIn(request);
  if (name === 'hello' && request.method === 'GET') {
    sayHello(context.door, request, response);
    return;
  }
  const speaker = speakerOf(context.tokens, context.person, request);
  context.strangers.known(request.socket);
  const who = nameOf(speaker);
  const leave = context.calls.enter(who);
  response.once('close', leave);
  if (name === 'follow' && request.method === 'GET') {
    admit(name, speaker);
    serveFollower(context.rig, context.epoch, response, context.followLimits ?? usualFollowLimits);
    return;
  }
  const verb = verbNamed(name, request.method);
  admit(verb, speaker);
  const said = await requestOf(verb, request, (bytes, most) => context.calls.arrive(who, bytes, most));
  send(response, 200, await answer(verb, { inside: context.inside, request: said, speaker, signal }));
}

async function answerTo(rig: Followed, wish: Wish): Promise<ReplyOf<'wish'>> {
  const answer = await rig.wish(wish);
  return answer.ok ? { ok: true, seq: seqOf(rig) } : { ok: false, refusal: answer.refusal };
}

/** Not the read model's: it may be behind what followers were told. */
function seqOf(rig: Followed): number {
  const now = rig.follow({ entry: () => undefined, facts: () => undefined, notice: () => undefined });
  now.stop();
  return now.seq;
}

function sayHello(door: DoorFile, request: IncomingMessage, response: ServerResponse): void {
  const proof = proofOf(door.key, door.address, request.headers[nonceHeader]);
  if (proof === null) throw new Refusal('invalid', `The header ${nonceHeader} must hold a draw.`);
  send(response, 200, { proof });
}

function nameOf(speaker: Speaker): string {
  return speaker === 'person' ? speaker : `${speaker.polecat}.${String(speaker.token)}`;
}
