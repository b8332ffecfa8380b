import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import * as v from 'valibot';
import type { Clock } from '../../ports/clock.ts';
import { type Choice, choose } from './choose.ts';
import { errorBody, play, sendJson } from './play.ts';
import type { ReadPlaybook } from './playbooks.ts';
import { RateHeaders } from './rateHeaders.ts';
import { inputOf, tokensOf } from './speech.ts';
import { type MessagesRequest, messagesRequest } from './wire.ts';

export interface RehearsalParts {
  readonly book: ReadPlaybook;
  readonly clock: Clock;
  /** Multiplies the playbook's own speed. */
  readonly speed: number;
}

/** A conversation longer than this is none of ours. */
const maxBodyBytes = 32 * 1024 * 1024;

/** The rehearsal's HTTP server; who made it lets it listen and closes it. */
export class Rehearsal {
  readonly server: Server;
  readonly #parts: RehearsalParts;
  readonly #rates = new RateHeaders();
  /** How often a turn has gone wrong already; the one thing a restart forgets. */
  readonly #faults = new Map<string, number>();
  #open = 0;
  #lastAsked: number;

  constructor(parts: RehearsalParts) {
    this.#parts = parts;
    this.#lastAsked = parts.clock.now();
    this.server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  /** Milliseconds since anybody was served. */
  idleMs(): number {
    return this.#open > 0 ? 0 : this.#parts.clock.now() - this.#lastAsked;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0];
    if (request.method === 'GET' && path === '/health') {
      sendJson(response, 200, { pid: process.pid, playbook: this.#parts.book.hash });
      return;
    }
    this.#open += 1;
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    try {
      if (request.method === 'POST' && path === '/v1/messages')
        await this.#messages(request, response, gone.signal);
      else sendJson(response, 404, errorBody('not_found_error', `The rehearsal has no ${path ?? ''}.`));
    } catch (error) {
      // A client that went away is no failure; anything else the client has to hear of.
      if (gone.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else
        sendJson(
          response,
          500,
          errorBody('api_error', error instanceof Error ? error.message : String(error)),
        );
    } finally {
      this.#open -= 1;
      this.#lastAsked = this.#parts.clock.now();
    }
  }

  async #messages(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const parsed = v.safeParse(messagesRequest, await jsonOf(request));
    if (!parsed.success) {
      sendJson(response, 400, errorBody('invalid_request_error', v.summarize(parsed.issues)));
      return;
    }
    const { clock, speed, book } = this.#parts;
    const choice = this.#spared(choose(book.playbook, parsed.output));
    const headers = {
      'request-id': `req_${String(clock.now())}`,
      ...this.#rates.after(spentOn(choice, parsed.output), clock.now()),
    };
    await play(response, choice, parsed.output, {
      clock,
      speed: speed * book.playbook.speed,
      signal,
      headers,
    });
  }

  /** The turn without its fault once that has happened often enough. */
  #spared(choice: Choice): Choice {
    if (choice.fault === null) return choice;
    const happened = this.#faults.get(choice.key) ?? 0;
    this.#faults.set(choice.key, happened + 1);
    return happened < (choice.fault.times ?? Infinity) ? choice : { ...choice, fault: null };
  }
}

function spentOn(choice: Choice, request: MessagesRequest): Parameters<RateHeaders['after']>[0] {
  const { input_tokens, cache_creation_input_tokens } = inputOf(request);
  const said = choice.say.length + JSON.stringify(choice.calls).length;
  return {
    requests: 1,
    'input-tokens': input_tokens + cache_creation_input_tokens,
    'output-tokens': tokensOf(said),
  };
}

/** The body as JSON; undefined when it is none. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBodyBytes) throw new Error('The request is too long.');
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
