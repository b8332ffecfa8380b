import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Protocol, Utterance } from './protocol.ts';
import type { Speech, Turn, Usage, WireRequest } from './turn.ts';

/** What was written last is on its way before the connection breaks. */
const flushMs = 80;
const plainUsage: Usage = { input: 100, cached: 0, output: 20 };

function utteranceOf(
  turn: Speech & { readonly usage?: Partial<Usage> },
  model: string,
  id: string,
): Utterance {
  const { text = '', tools = [], usage } = turn;
  return { text, tools, usage: { ...plainUsage, ...usage }, model, id };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: object = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function write(response: ServerResponse, { event, data }: Frame, { lines }: Protocol): void {
  const json = JSON.stringify(data);
  const name = event === undefined ? '' : `event: ${event}\n`;
  response.write(lines === true ? `${json}\n` : `${name}data: ${json}\n\n`);
}

async function stream(
  response: ServerResponse,
  protocol: Protocol,
  turn: Turn,
  frames: readonly Frame[],
): Promise<void> {
  const type = protocol.lines === true ? 'application/x-ndjson' : 'text/event-stream';
  response.writeHead(200, { 'content-type': type, ...turn.headers });
  for (const frame of frames) {
    if (turn.eventMs !== undefined) await sleep(turn.eventMs);
    write(response, frame, protocol);
  }
}

/** Answers a request with a turn. The client may leave at any time; what is written after that goes nowhere. */
export async function answer(
  response: ServerResponse,
  protocol: Protocol,
  request: WireRequest,
  turn: Turn,
  id: string,
): Promise<void> {
  if (turn.delayMs !== undefined) await sleep(turn.delayMs);
  if ('status' in turn) {
    sendJson(response, turn.status, turn.body ?? protocol.failure(turn.status), turn.headers);
    return;
  }
  const utterance = utteranceOf(turn, request.model, id);
  const frames = protocol.frames(utterance);
  const half = frames.slice(0, Math.ceil(frames.length / 2));
  if ('hang' in turn) {
    if (turn.hang === 'mid') await stream(response, protocol, turn, half);
    return;
  }
  if ('drop' in turn) {
    if (turn.drop === 'mid') await stream(response, protocol, turn, half);
    await sleep(flushMs);
    response.destroy();
    return;
  }
  if (!request.stream) {
    sendJson(response, 200, protocol.whole(utterance), turn.headers);
    return;
  }
  await stream(response, protocol, turn, frames);
  response.end(protocol.end);
}
