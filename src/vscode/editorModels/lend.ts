import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ValiError } from 'valibot';
import type { LentModels } from '../../providers/apiProvider.ts';
import { type ChatBody, readChatBody } from './chatBody.ts';

/** A piece of an answer. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly id: string; readonly name: string; readonly input: object };

/** Asks a model. Throws `LendError` for what its asker should be told. */
export type Send = (body: ChatBody, signal: AbortSignal) => AsyncIterable<Piece>;

/** A model was not asked, or broke off; `status` and `code` are those of OpenAI's protocol. */
export class LendError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LendError';
    this.status = status;
    this.code = code;
  }
}

export interface Lent extends LentModels {
  close(): void;
}

/** More than any model reads. */
const longestBody = 32 * 1024 * 1024;

/**
 * Lends models of this process to the built-in worker, which is another one: a door on the loopback interface that
 * speaks as much of OpenAI's Chat Completions as Rigs itself asks for, to who has its token.
 */
export async function lend(send: Send): Promise<Lent> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    serve(request, response, token, send).catch((error: unknown) => {
      refuse(response, failureOf(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${String(port)}/v1`,
    token,
    close: () => {
      hangUp(server);
    },
  };
}

function hangUp(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  send: Send,
): Promise<void> {
  if (!isToken(request.headers.authorization ?? '', token))
    throw new LendError(401, 'invalid_api_key', 'This is no token of this window.');
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
    throw new LendError(404, 'not_found', 'Only chat completions are served here.');
  const gone = new AbortController();
  response.on('close', () => {
    gone.abort();
  });
  const body = readChatBody(await textOf(request));
  const pieces = send(body, gone.signal)[Symbol.asyncIterator]();
  // A refusal comes before the first piece, and has a status as long as nothing was said.
  let next = await pieces.next();
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let calls = 0;
  for (; next.done !== true; next = await pieces.next()) {
    const piece = next.value;
    write(response, piece.type === 'text' ? { content: piece.text } : wireCall(piece, calls));
    if (piece.type === 'call') calls += 1;
  }
  write(response, {}, calls > 0 ? 'tool_calls' : 'stop');
  response.end('data: [DONE]\n\n');
}

function isToken(authorization: string, token: string): boolean {
  const [given, known] = [Buffer.from(authorization), Buffer.from(`Bearer ${token}`)];
  return given.length === known.length && timingSafeEqual(given, known);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > longestBody) throw new LendError(413, 'too_large', 'The conversation is too long.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function write(response: ServerResponse, delta: object, finish_reason: string | null = null): void {
  const chunk = { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

function wireCall({ id, name, input }: Extract<Piece, { type: 'call' }>, index: number): object {
  const called = { name, arguments: JSON.stringify(input) };
  return { tool_calls: [{ index, id, type: 'function', function: called }] };
}

function failureOf(error: unknown): LendError {
  if (error instanceof LendError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ValiError || error instanceof SyntaxError)
    return new LendError(400, 'invalid_request_error', message);
  return new LendError(500, 'server_error', message, { cause: error });
}

function refuse(response: ServerResponse, { status, code, message }: LendError): void {
  const error = { code, message };
  if (response.headersSent) {
    response.end(`data: ${JSON.stringify({ error })}\n\n`);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
