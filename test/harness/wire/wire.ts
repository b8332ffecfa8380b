/**
 * A loopback server that plays the models of all vendors' command lines: one queue of turns a path prefix, everything
 * recorded. The same port is a proxy that refuses, and notes who was wanted: nothing that runs against it reaches more.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import { anthropic } from './anthropic.ts';
import { answer, sendJson } from './answer.ts';
import { gemini } from './gemini.ts';
import { type Json, asRecord } from './json.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { openaiChat } from './openaiChat.ts';
import type { Protocol } from './protocol.ts';
import { Queue } from './queue.ts';
import { sampleOf } from './sample.ts';
import type { Answered, Play, Turn, WireRequest } from './turn.ts';

export type { Answered, Play, Speech, ToolCall, Turn, Usage, WireRequest, WireVendor } from './turn.ts';

export interface Wire {
  /** Base URL of a queue, for Claude Code and Gemini CLI; Codex wants `/v1` behind it. */
  readonly url: (queue: string) => string;
  /** For `HTTPS_PROXY`: refuses whatever is asked. */
  readonly proxy: string;
  /** Sets what a queue answers from now on. When a list is over, requests are answered with a plain last word. */
  readonly queue: (name: string, script: readonly Turn[] | Play) => void;
  /** What a queue answers to whoever asks for this path; `/user/balance`, `/api/tags`. */
  readonly page: (queue: string, path: string, page: Page) => void;
  /** Turns of a queue that nobody came for. */
  readonly left: (name: string) => number;
  /** All requests of a queue, side calls too, oldest first. */
  readonly requests: (name: string) => readonly Answered[];
  /** Who was asked for besides the queues: `CONNECT api.example.com:443`, `GET http://…`. */
  readonly wanted: readonly string[];
  readonly close: () => Promise<void>;
}

const protocols: readonly (readonly [RegExp, Protocol])[] = [
  [/^\/v1\/messages$/, anthropic],
  [/^(\/v1)?\/responses$/, openai],
  [/^(\/v1)?\/chat\/completions$/, openaiChat],
  [/^\/api\/chat$/, ollama],
  [/:(streamG|g)enerateContent$/, gemini],
];
/** Lists of models and other questions before the first turn; an empty list contents all three. */
const otherAnswers: readonly (readonly [RegExp, object])[] = [
  [/\/models$/, { data: [], models: [], has_more: false }],
  [/\/count_tokens$|:countTokens$/, { input_tokens: 1, totalTokens: 1 }],
];

export interface Page {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startWire(): Promise<Wire> {
  const playing = new Playing();
  const server = createServer((request, response) => {
    playing.serve(request, response).catch((error: unknown) => {
      // A script that throws, or a body that is no JSON: the client's next try would not change it.
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { error: { message: String(error) } });
    });
  });
  refuse(server, playing.wanted);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: (queue) => `${address}/s/${queue}`,
    proxy: address,
    queue: (name, script) => {
      playing.queueOf(name).set(script);
    },
    page: (name, path, page) => {
      playing.pages.set(name + path, page);
    },
    left: (name) => playing.queueOf(name).left,
    requests: (name) => playing.answered.filter(({ queue }) => queue === name),
    wanted: playing.wanted,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** CONNECT is refused; a WebSocket is answered with 426, upon which Codex goes on with plain HTTP at once. */
function refuse(server: Server, wanted: string[]): void {
  server.on('connect', ({ url = '' }, socket) => {
    wanted.push(`CONNECT ${url}`);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
}

class Playing {
  readonly wanted: string[] = [];
  readonly answered: Answered[] = [];
  /** By queue and path. */
  readonly pages = new Map<string, Page>();
  readonly #queues = new Map<string, Queue>();

  queueOf(name: string): Queue {
    const queue = this.#queues.get(name) ?? new Queue();
    this.#queues.set(name, queue);
    return queue;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const [, name, rest] = /^\/s\/([^/?]+)([^?]*)/.exec(url) ?? [];
    if (name === undefined || rest === undefined) {
      this.wanted.push(`${method} ${url}`);
      sendJson(response, 403, {});
      return;
    }
    const body = parsed(await textFrom(request));
    const page = this.pages.get(name + rest);
    if (page !== undefined) {
      sendJson(response, page.status, page.body, page.headers);
      return;
    }
    const protocol = protocols.find(([path]) => path.test(rest))?.[1];
    if (protocol === undefined) {
      const other = otherAnswers.find(([path]) => path.test(rest))?.[1];
      sendJson(response, other === undefined ? 404 : 200, other ?? {});
      return;
    }
    const queue = this.queueOf(name);
    const read: WireRequest = {
      ...protocol.see(body, rest),
      vendor: protocol.vendor,
      queue: name,
      method,
      path: rest,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
      ),
      body,
      at: Date.now(),
      before: queue.taken,
    };
    await this.#answer(response, protocol, read, queue);
  }

  async #answer(
    response: ServerResponse,
    protocol: Protocol,
    read: WireRequest,
    queue: Queue,
  ): Promise<void> {
    const place = this.answered.push({ ...read, by: read.main ? 'turn' : 'sample' }) - 1;
    let turn = read.main ? await queue.take(read) : sideTurn(read);
    if (turn === undefined) {
      this.answered[place] = { ...read, by: 'over' };
      turn = { text: 'The script is over.' };
    }
    await answer(response, protocol, read, turn, `${read.queue.replaceAll(/\W/g, '')}${place}`);
  }
}

function sideTurn({ schema }: WireRequest): Turn {
  return { text: schema === undefined ? 'A sample' : JSON.stringify(sampleOf(schema)) };
}

function parsed(body: string): Json {
  return body === '' ? {} : asRecord(JSON.parse(body));
}
