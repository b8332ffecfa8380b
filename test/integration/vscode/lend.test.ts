import assert from 'node:assert/strict';
import type { Message, ModelRequest, Models } from '../../../src/ports/models.ts';
import { openModels } from '../../../src/providers/models.ts';
import type { ChatBody } from '../../../src/vscode/editorModels/chatBody.ts';
import { LendError, type Lent, type Piece, type Send, lend } from '../../../src/vscode/editorModels/lend.ts';

const never = new AbortController().signal;
const say = (text: string): Piece => ({ type: 'text', text });

function request(messages: readonly Message[] = []): ModelRequest {
  const tools = [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }];
  const first: Message = { role: 'user', content: [{ type: 'text', text: 'Go.' }] };
  return { model: 'auto', system: 'Be brief.', messages: [first, ...messages], tools, maxOutputTokens: 100 };
}

describe('models that the editor lends to the built-in worker', () => {
  let lent: Lent | null = null;
  let bodies: ChatBody[];

  beforeEach(() => {
    bodies = [];
  });
  afterEach(() => {
    lent?.close();
  });

  async function models(send: (signal: AbortSignal) => AsyncIterable<Piece>, key?: string): Promise<Models> {
    const noted: Send = (body, signal) => {
      bodies.push(body);
      return send(signal);
    };
    lent = await lend(noted);
    const { baseUrl, token } = lent;
    const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
    return openModels(
      { provider: 'vscode', wire: 'compatible', model: 'auto', baseUrl, apiKey: key ?? token },
      { clock },
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- The editor's streams are asynchronous.
  async function* all(...pieces: readonly Piece[]): AsyncGenerator<Piece> {
    yield* pieces;
  }

  it('answer in pieces, call tools, and hear what came of it', async () => {
    const call: Piece = { type: 'call', id: 'c1', name: 'read', input: { path: 'a' } };
    const lentModels = await models(() => all(say('I '), say('look.'), call));
    let heard = '';
    const answer = await lentModels.complete(request(), { signal: never, onText: (text) => (heard += text) });
    assert.equal(heard, 'I look.');
    assert.equal(answer.stop, 'tool_use');
    assert.deepEqual(answer.content.at(-1), {
      type: 'tool_use',
      id: 'c1',
      name: 'read',
      input: { path: 'a' },
    });
    const result = { type: 'tool_result' as const, toolUseId: 'c1', text: 'one', isError: false };
    const next: readonly Message[] = [
      { role: 'assistant', content: answer.content },
      { role: 'user', content: [result, { type: 'text', text: 'Go on.' }] },
    ];
    await lentModels.complete(request(next), { signal: never });
    assert.deepEqual(
      bodies[1]?.messages.map(({ role, content }) => [role, content]),
      [
        ['system', 'Be brief.'],
        ['user', 'Go.'],
        ['assistant', 'I look.'],
        ['tool', 'one'],
        ['user', 'Go on.'],
      ],
    );
    assert.equal(bodies[1].tools[0]?.function.name, 'read');
  });

  it('are refused to who has not got the token of this window', async () => {
    const lentModels = await models(() => all(say('Never.')), 'guessed');
    await assert.rejects(lentModels.complete(request(), { signal: never }), { reason: 'auth' });
    assert.deepEqual(bodies, []);
  });

  it('say why the editor gives none, before and in the middle of an answer', async () => {
    const blocked = new LendError(429, 'rate_limit_exceeded', 'The quota is used up.');
    // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- It says nothing.
    async function* refusing(): AsyncGenerator<Piece> {
      throw blocked;
    }
    // eslint-disable-next-line @typescript-eslint/require-await -- As above.
    async function* breaking(): AsyncGenerator<Piece> {
      yield say('Well');
      throw blocked;
    }
    await assert.rejects((await models(refusing)).complete(request(), { signal: never }), {
      ...{ reason: 'limit', retryAt: null },
      message: 'The quota is used up. (429)',
    });
    lent?.close();
    await assert.rejects((await models(breaking)).complete(request(), { signal: never }), {
      reason: 'limit',
    });
  });

  it('are let go of when who asked has gone', async () => {
    const left = Promise.withResolvers<string>();
    const waiting = async function* (signal: AbortSignal): AsyncGenerator<Piece> {
      yield say('Well');
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          left.resolve('gone');
          resolve();
        });
      });
    };
    const lentModels = await models(waiting);
    const stop = new AbortController();
    const asked = lentModels.complete(request(), {
      signal: stop.signal,
      onText: () => {
        stop.abort();
      },
    });
    await assert.rejects(asked, { reason: 'cancelled' });
    assert.equal(await left.promise, 'gone');
  });

  it('say that nonsense is none', async () => {
    await models(() => all());
    const { baseUrl = '', token = '' } = lent ?? {};
    const post = (body: string, path = '/chat/completions'): Promise<Response> =>
      fetch(baseUrl + path, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
    assert.equal((await post('{')).status, 400);
    assert.equal((await post('{"model":1}')).status, 400);
    assert.equal((await post('{}', '/models')).status, 404);
  });
});
