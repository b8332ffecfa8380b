import { Agent, ClientRequest, type IncomingMessage } from 'node:http';
import { type NetConnectOpts, type Socket, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { DoorError } from './doorError.ts';
import { hello, newNonce, nonceHeader, proves } from './proof.ts';
import { type DoorFile, versioned } from './protocol.ts';

/** A program that took the port over may accept and say nothing. */
const helloMs = 5_000;
/** A hello is a hundred bytes; what is longer is none. */
const longestHello = 4_096;

/** A connection to a door that proved that it is the one `door.json` speaks of. Carries one request. */
export interface Line {
  /** Resolves with the answer's head; its body is still to be read. Rejects when the connection is cut before. */
  send(
    method: 'GET' | 'POST',
    path: string,
    token: string,
    body: string | null,
    headers?: Headers,
  ): Promise<IncomingMessage>;
  close(): void;
}

/** Connects and asks for the proof. Rejects when nobody is there, or somebody else. */
export async function openLine(door: DoorFile, signal: AbortSignal | undefined): Promise<Line> {
  const agent = new OneConnection();
  const ask = (method: string, path: string, headers: Headers, body: string | null, until?: AbortSignal) =>
    exchange(agent, `${door.address}${versioned}/${path}`, method, headers, body, until);
  try {
    const nonce = newNonce();
    const within = AbortSignal.any([AbortSignal.timeout(helloMs), ...(signal === undefined ? [] : [signal])]);
    const answer = await ask('GET', 'hello', { [nonceHeader]: nonce }, null, within);
    const said = v.safeParse(hello, parse(await bodyOf(answer, longestHello)));
    if (!said.success || !proves(said.output.proof, door.key, door.address, nonce))
      throw new DoorError('unreachable', `Another program answers at ${door.address}.`);
  } catch (error) {
    agent.destroy();
    throw error;
  }
  return {
    send: (method, path, token, body, headers) => {
      const kind = body === null ? {} : { 'content-type': 'application/json' };
      return ask(method, path, { authorization: `Bearer ${token}`, ...kind, ...headers }, body, signal);
    },
    close: () => {
      agent.destroy();
    },
  };
}

/** Reads an answer whole. Rejects when it is cut, or longer than `most` bytes. */
export async function bodyOf(answer: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > most) throw new DoorError('failed', `The door's answer is longer than ${String(most)} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Connects once: what was proven is true for this connection and no other. */
class OneConnection extends Agent {
  #connected = false;

  constructor() {
    super({ keepAlive: true, maxSockets: 1 });
  }

  override createConnection(
    options: NetConnectOpts,
    done?: (error: Error | null, stream: Duplex) => void,
  ): Socket | undefined {
    if (!this.#connected) {
      this.#connected = true;
      return connect(options);
    }
    // Told by the callback: a throw from here would reach nobody who waits.
    const cut: (error: Error) => void = done as (error: Error) => void;
    cut(new Error('The door hung up.'));
    return undefined;
  }
}

export type Headers = Readonly<Record<string, string>>;

/** Not `fetch`: it gives up on an answer after five minutes, and a person may take hours. */
function exchange(
  agent: Agent,
  url: string,
  method: string,
  headers: Headers,
  body: string | null,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
  const until = signal === undefined ? {} : { signal };
  return new Promise((resolve, reject) => {
    // Not `request`: in an extension host that one goes by the editor's proxy settings, and through an agent of the
    // editor's own, which asks each time on a new connection.
    const { hostname, port, pathname } = new URL(url);
    const where = { host: hostname, port, path: pathname };
    const sent = new ClientRequest(
      { ...where, method, agent, headers: { ...headers, ...length }, ...until },
      resolve,
    );
    // A machine that slept, or a window that died without closing, must be noticed while a person thinks.
    sent.on('socket', (socket) => socket.setKeepAlive(true, 30_000));
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever it is, it is no hello; the caller says so.
    return null;
  }
}
