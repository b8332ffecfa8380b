import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Followed, Wish } from '../foreman/control.ts';
import { DeskError } from '../ports/desk.ts';
import {
  type Arrive,
  commandBodyOf,
  nameIn,
  refuseForeignPages,
  requestOf,
  speakerOf,
  verbNamed,
} from './admission.ts';
import type { RunCommand } from './command.ts';
import { type FollowLimits, serveFollower } from './follow.ts';
import type { CallLimits } from './limits.ts';
import { nonceHeader, proofOf } from './proof.ts';
import type { DoorFile, ReplyOf } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { commandCallOf, hookWord, runCall, runHeaders } from './run.ts';
import type { SharedRuns } from './sharedRuns.ts';
import type { Strangers } from './strangers.ts';
import type { TokenBook } from './tokens.ts';
import { type Asked, type Inside, type Speaker, admit, answer } from './verbs.ts';

/** What every request at a door is answered with. */
export interface Context {
  readonly inside: Inside;
  readonly run: RunCommand;
  readonly rig: Followed;
  readonly epoch: number;
  readonly tokens: Pick<TokenBook, 'holderOf'>;
  readonly person: string;
  /** As requests must name it; null on a socket, which has no name. */
  readonly host: string | null;
  readonly door: DoorFile;
  readonly strangers: Strangers;
  readonly calls: CallLimits;
  readonly runs: SharedRuns;
  /** Apart from those: an agent's many would have them forgotten. */
  readonly hooks: SharedRuns;
  readonly followLimits: FollowLimits;
  readonly onError?: (error: unknown) => void;
}

/** What may wait for a person, for hours. */
const patient: readonly Asked[] = ['permission', 'question', 'run'];

/** Answers one request; never rejects. */
export async function respond(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
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
  const asked = askedFor(name, request.method);
  const leave = context.calls.enter(who, patient.includes(asked) ? 'patient' : 'waiting');
  response.once('close', leave);
  admit(asked, speaker);
  const arrive: Arrive = (bytes, most) => context.calls.arrive(who, bytes, most);
  if (asked === 'follow') serveFollower(context.rig, context.epoch, response, context.followLimits);
  else if (asked === 'run') await run(context, speaker, { request, response, arrive, signal });
  else {
    const said = await requestOf(asked, request, arrive);
    send(response, 200, await answer(asked, { inside: context.inside, request: said, speaker, signal }));
  }
}

/** Throws Refusal `no_such_verb`. */
function askedFor(name: string, method: string | undefined): Asked {
  if (name === 'follow' && method === 'GET') return name;
  return name === 'run' && method === 'POST' ? name : verbNamed(name, method);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrive: Arrive;
  readonly signal: AbortSignal;
}

async function run(
  { inside: { desk }, run: command, onError, runs, hooks }: Context,
  speaker: Speaker,
  { request, response, arrive, signal }: Exchange,
): Promise<void> {
  const call = commandCallOf(request.headers, await commandBodyOf(request, arrive));
  const parts = { desk, run: command, ...(onError === undefined ? {} : { onError }) };
  const shared = call.argv[0] === hookWord ? hooks : runs;
  const { exit, out } = await shared.run(
    `${nameOf(speaker)} ${call.id}`,
    (until) => runCall(parts, speaker, call, until),
    signal,
  );
  // No shell can hold a NUL, and none belongs in what is printed.
  const dot = request.headers[runHeaders.dot] === undefined ? '' : '.';
  const body = Buffer.from(out.replaceAll('\0', '') + dot);
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': body.length,
    [runHeaders.exit]: exit,
  });
  response.end(body);
}

/** What a person's wish is answered. */
export async function answerTo(rig: Followed, wish: Wish): Promise<ReplyOf<'wish'>> {
  const answered = await rig.wish(wish);
  return answered.ok ? { ok: true, seq: seqOf(rig) } : { ok: false, refusal: answered.refusal };
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
