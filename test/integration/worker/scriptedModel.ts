import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the model. `hang`: it begins and never ends. */
export interface Turn {
  readonly say?: string;
  readonly tools?: readonly { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[];
  readonly hang?: boolean;
}

export interface ScriptedModel {
  readonly address: string;
  /** Bodies of the requests so far, as JSON. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A loopback server that streams answers in the Messages protocol; the script's turns come one after another. */
export async function scriptedModel(script: readonly Turn[]): Promise<ScriptedModel> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      asked.push(body);
      stream(response, script[asked.length - 1] ?? { say: 'The script is over.' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function stream(response: ServerResponse, { say, tools = [], hang = false }: Turn): void {
  const send = (event: Readonly<Record<string, unknown>> & { readonly type: string }): void => {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const usage = {
    input_tokens: 100,
    output_tokens: 1,
    cache_read_input_tokens: 20,
    cache_creation_input_tokens: 0,
  };
  const message = {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [],
    stop_reason: null,
    usage,
  };
  send({ type: 'message_start', message });
  const texts =
    say === undefined
      ? []
      : [{ start: { type: 'text', text: '' }, delta: { type: 'text_delta', text: say } }];
  const calls = tools.map(({ name, input }, at) => ({
    start: { type: 'tool_use', id: `call-${String(at)}`, name, input: {} },
    delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) },
  }));
  for (const [index, { start, delta }] of [...texts, ...calls].entries()) {
    send({ type: 'content_block_start', index, content_block: start });
    send({ type: 'content_block_delta', index, delta });
    if (hang) return;
    send({ type: 'content_block_stop', index });
  }
  const stop_reason = tools.length > 0 ? 'tool_use' : 'end_turn';
  send({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 30 } });
  send({ type: 'message_stop' });
  response.end();
}
