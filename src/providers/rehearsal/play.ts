import type { ServerResponse } from 'node:http';
import type { Clock } from '../../ports/clock.ts';
import type { Choice } from './choose.ts';
import { collected } from './collected.ts';
import type { Fault } from './playbook.ts';
import { type Beat, speech } from './speech.ts';
import type { MessagesRequest } from './wire.ts';

export interface Stage {
  readonly clock: Clock;
  readonly speed: number;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

/** After so many events a stream that has to break breaks. */
const beatsBeforeDrop = 6;

/** No timer keeps shorter ones. */
const shortestWaitMs = 5;

/** Answers a request, or goes wrong as the fault says. Resolves when nothing more will be sent. */
export async function play(
  response: ServerResponse,
  choice: Choice,
  request: MessagesRequest,
  stage: Stage,
): Promise<void> {
  const { fault } = choice;
  if (fault !== null && 'status' in fault) {
    refuse(response, fault, stage.headers);
  } else if (fault !== null && 'drop' in fault && fault.drop === 'before') {
    response.destroy();
  } else if (fault !== null && 'play' in fault && fault.play === 'hang') {
    response.writeHead(200, { ...stage.headers, 'content-type': 'text/event-stream' }).flushHeaders();
    await closed(stage.signal);
  } else if (fault !== null && 'play' in fault && fault.play === 'garbage') {
    response.writeHead(200, { ...stage.headers, 'content-type': 'text/event-stream' });
    response.end(
      'event: message_start\ndata: {"type":"message_start","message":\n\nevent: nonsense\ndata: ~\n\n',
    );
  } else if (!request.stream) {
    sendJson(response, 200, collected(speech(choice, request)), stage.headers);
  } else {
    await stream(response, beatsOf(choice, request), fault, stage);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function errorBody(type: string, message: string): object {
  return { type: 'error', error: { type, message }, request_id: 'req_rehearsal' };
}

function refuse(
  response: ServerResponse,
  fault: Extract<Fault, { status: number }>,
  headers: Readonly<Record<string, string>>,
): void {
  const named: Readonly<Partial<Record<number, string>>> = {
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  const body = fault.body ?? errorBody(named[fault.status] ?? 'api_error', 'Rehearsed.');
  sendJson(response, fault.status, body, { ...headers, ...fault.headers });
}

function beatsOf(choice: Choice, request: MessagesRequest): Iterable<Beat> {
  const empty = choice.fault !== null && 'play' in choice.fault && choice.fault.play === 'empty';
  return speech(empty ? { ...choice, say: '', calls: [] } : choice, request);
}

async function stream(
  response: ServerResponse,
  beats: Iterable<Beat>,
  fault: Fault | null,
  { clock, speed, signal, headers }: Stage,
): Promise<void> {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let left = fault === null ? Infinity : beatsBeforeDrop;
  let owedMs = 0;
  for (const { waitMs, data } of beats) {
    owedMs += waitMs / speed;
    if (owedMs >= shortestWaitMs) {
      await clock.sleep(owedMs, signal);
      owedMs = 0;
    }
    if (signal.aborted) return;
    response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
    left -= 1;
    if (left > 0) continue;
    if (fault !== null && 'drop' in fault) return void response.destroy();
    if (fault !== null && 'play' in fault && fault.play === 'error') break;
  }
  if (fault !== null && 'play' in fault && fault.play === 'error') {
    const body = errorBody('overloaded_error', 'Overloaded.');
    response.write(`event: error\ndata: ${JSON.stringify(body)}\n\n`);
  }
  response.end();
}

async function closed(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
