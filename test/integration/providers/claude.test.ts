import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../src/ports/clock.ts';
import { type ModelError, type ModelRequest, type Models } from '../../../src/ports/models.ts';
import { claudeModels } from '../../../src/providers/claude/models.ts';
import { openModels } from '../../../src/providers/models.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Reading } from '../../../src/town/tank.ts';
import { Rehearsing, until } from './rehearsing.ts';

const say = 'Ünïcode 🌵 arrives whole, piece by piece, as a model says it.';
const read = { name: 'read', input: { path: 'src/index.js' } };
const fault = (title: string, fault: object) => ({ [title]: { begin: [{ say, tools: [read], fault }] } });

const book = {
  name: 'test',
  goals: [
    {
      goal: 'Make it better',
      plan: {
        beads: [
          {
            key: '1',
            title: 'Plain',
            type: 'implementation',
            priority: 'normal',
            description: '',
            acceptance: [],
            depends_on: [],
            touches: [],
            estimated_tokens: 1,
          },
        ],
      },
    },
  ],
  tasks: {
    Plain: {
      begin: [
        { say, tools: [read, { name: 'write', input: { path: 'a', content: ['one', 'two'] } }] },
        { say: 'Second.' },
      ],
    },
    ...fault('Limited', {
      status: 429,
      headers: { 'retry-after': '3600', 'anthropic-ratelimit-requests-remaining': '0' },
    }),
    ...fault('Limited until', {
      status: 429,
      headers: {
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2099-01-01T00:00:00Z',
      },
    }),
    ...fault('Busy twice', { status: 529, times: 2 }),
    ...fault('Always busy', { status: 503 }),
    ...fault('Wrong key', { status: 401 }),
    ...fault('Not wanted', { status: 400 }),
    ...fault('Drops before', { drop: 'before', times: 1 }),
    ...fault('Drops in the middle', { drop: 'mid', times: 2 }),
    ...fault('Always drops', { drop: 'mid' }),
    ...fault('Error in the stream', { play: 'error', times: 1 }),
    ...fault('Hangs', { play: 'hang' }),
    ...fault('Garbage', { play: 'garbage' }),
    ...fault('Empty', { play: 'empty' }),
    ...fault('Endless', { play: 'endless' }),
  },
};

describe("Claude's models, through the vendor's SDK and a real server", () => {
  let rehearsing: Rehearsing;
  let models: Models;
  let baseUrl: string;
  let told: Reading[];
  let restarts: ModelError[];
  const never = new AbortController().signal;

  before(async () => {
    rehearsing = await Rehearsing.open();
    ({ address: baseUrl } = await rehearsing.start(await rehearsing.playbook(book)));
  });

  after(async () => {
    await rehearsing.close();
  });

  beforeEach(() => {
    told = [];
    restarts = [];
    models = claudeModels({
      apiKey: 'rehearsal',
      baseUrl,
      clock: systemClock,
      random: () => 0,
      patience: { retries: 3, firstPauseMs: 10 },
      onReadings: (readings) => told.push(...readings),
    });
  });

  function request(title: string, changes: Partial<ModelRequest> = {}): ModelRequest {
    return {
      model: 'rehearsal',
      system: 'You are an agent.',
      messages: [{ role: 'user', content: [{ type: 'text', text: `You have one task.\n\n# ${title}` }] }],
      tools: [{ name: 'read', description: 'Reads a file.', inputSchema: { type: 'object' } }],
      maxOutputTokens: 4000,
      ...changes,
    };
  }

  function ask(title: string, signal = never): ReturnType<Models['complete']> {
    return models.complete(request(title), { signal, onRestart: (why) => restarts.push(why) });
  }

  it('stream text in pieces and calls whole', async () => {
    const pieces: string[] = [];
    const answer = await models.complete(request('Plain'), {
      signal: never,
      onText: (piece) => pieces.push(piece),
    });
    assert.equal(pieces.join(''), say);
    assert.ok(pieces.length > 3);
    assert.equal(answer.stop, 'tool_use');
    assert.deepEqual(
      answer.content.map((block) => (block.type === 'text' ? block.text : [block.name, block.input])),
      [say, ['read', { path: 'src/index.js' }], ['write', { path: 'a', content: 'one\ntwo' }]],
    );
  });

  it('say what it cost, and read from the cache what was said before', async () => {
    const first = await ask('Plain');
    assert.ok(first.usage.input > 0 && first.usage.output > 0);
    assert.equal(first.usage.cachedInput, 0);
    const [call] = first.content.filter((block) => block.type === 'tool_use');
    const { messages } = request('Plain');
    const second = await models.complete(
      request('Plain', {
        messages: [
          ...messages,
          { role: 'assistant', content: first.content },
          {
            role: 'user',
            content: [{ type: 'tool_result', toolUseId: call?.id ?? '', text: 'x', isError: false }],
          },
        ],
      }),
      { signal: never },
    );
    assert.deepEqual(second.content, [{ type: 'text', text: 'Second.' }]);
    assert.equal(second.stop, 'end_turn');
    assert.ok(second.usage.cachedInput > 0);
  });

  it('tell what the answer says of limits', async () => {
    await ask('Plain');
    const requests = told.find(({ gauge }) => gauge === 'requests/min');
    assert.ok(requests?.used != null && requests.used > 0 && requests.used < 1);
    assert.ok((told.find(({ gauge }) => gauge === 'input-tokens/min')?.resetsAt ?? 0) > Date.now() - 5_000);
  });

  it('plan a goal with the planner’s tool', async () => {
    const tools = [{ name: 'submit_plan', description: 'Plan.', inputSchema: { type: 'object' } }];
    const messages = [
      { role: 'user' as const, content: [{ type: 'text' as const, text: 'Goal: make it  better' }] },
    ];
    const answer = await models.complete(request('', { tools, messages }), { signal: never });
    const call = answer.content.find((block) => block.type === 'tool_use');
    assert.deepEqual(call?.input, book.goals[0]?.plan);
  });

  it('do not wait for a limit, but say until when it holds, and show what the refusal says of it', async () => {
    const begun = Date.now();
    await assert.rejects(ask('Limited'), (error: ModelError) => {
      assert.equal(error.reason, 'limit');
      assert.ok(error.retryAt !== null && Math.abs(error.retryAt - begun - 3_600_000) < 60_000);
      return true;
    });
    assert.equal(told.find(({ gauge }) => gauge === 'requests/min')?.used, 1);
    await assert.rejects(ask('Limited until'), { reason: 'limit', retryAt: Date.UTC(2099, 0) });
    assert.deepEqual(restarts, []);
  });

  it('ask again while the vendor is overloaded', async () => {
    assert.equal((await ask('Busy twice')).stop, 'tool_use');
    assert.deepEqual(
      restarts.map(({ reason }) => reason),
      ['overloaded', 'overloaded'],
    );
  });

  it('give up after a few times', async () => {
    await assert.rejects(ask('Always busy'), { reason: 'overloaded' });
    assert.equal(restarts.length, 3);
    await assert.rejects(ask('Always drops'), { reason: 'connection' });
  });

  it('begin again when the connection breaks before the answer or in the middle of it', async () => {
    assert.equal((await ask('Drops before')).content.length, 2);
    const answer = await ask('Drops in the middle');
    assert.deepEqual(answer.content[0], { type: 'text', text: say });
    assert.deepEqual(
      restarts.map(({ reason }) => reason),
      ['connection', 'connection', 'connection'],
    );
  });

  it('begin again when the stream itself says that the vendor is overloaded', async () => {
    assert.equal((await ask('Error in the stream')).content.length, 2);
    assert.deepEqual(
      restarts.map(({ reason }) => reason),
      ['overloaded'],
    );
  });

  it('tell a wrong key from a request that is refused, and repeat neither', async () => {
    await assert.rejects(ask('Wrong key'), { reason: 'auth' });
    await assert.rejects(ask('Not wanted'), { reason: 'refused' });
    assert.deepEqual(restarts, []);
  });

  it('let go of a model that hangs when asked to', async () => {
    const stop = new AbortController();
    const asked = ask('Hangs', stop.signal);
    setTimeout(() => {
      stop.abort();
    }, 100);
    await assert.rejects(asked, { reason: 'cancelled' });
  });

  it('take a long silence for a broken connection', async () => {
    models = claudeModels({
      apiKey: 'rehearsal',
      baseUrl,
      clock: systemClock,
      random: () => 0,
      patience: { retries: 0 },
      silenceMs: 100,
    });
    await assert.rejects(ask('Hangs'), { reason: 'connection' });
  });

  it('leave no timer behind that would keep a worker from ending', async () => {
    let open = 0;
    const clock: Clock = {
      now: () => systemClock.now(),
      sleep: async (ms, signal) => {
        open += 1;
        await systemClock.sleep(ms, signal).finally(() => (open -= 1));
      },
    };
    models = claudeModels({ apiKey: 'rehearsal', baseUrl, clock, random: () => 0, patience: { retries: 0 } });
    await ask('Plain');
    await assert.rejects(ask('Always drops'), { reason: 'connection' });
    await until(() => open === 0, 1_000);
  });

  it('say that garbage is no answer', async () => {
    await assert.rejects(ask('Garbage'), { reason: 'protocol' });
  });

  it('report an empty answer as one', async () => {
    const answer = await ask('Empty');
    assert.deepEqual([answer.content, answer.stop], [[], 'end_turn']);
  });

  it('cut an endless answer at its limit, or when asked to', async () => {
    const answer = await models.complete(request('Endless', { maxOutputTokens: 50 }), { signal: never });
    assert.equal(answer.stop, 'max_tokens');
    const stop = new AbortController();
    let pieces = 0;
    const endless = models.complete(request('Endless', { maxOutputTokens: 1_000_000 }), {
      signal: stop.signal,
      onText: () => {
        pieces += 1;
        if (pieces === 20) stop.abort();
      },
    });
    await assert.rejects(endless, { reason: 'cancelled' });
  });

  it('say that nobody is there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const gone = openModels(
      {
        provider: 'rehearsal',
        wire: 'anthropic',
        model: 'rehearsal',
        baseUrl: `http://127.0.0.1:${port}`,
        apiKey: 'rehearsal',
      },
      { clock: { now: () => 0, sleep: () => Promise.resolve() } },
    );
    await assert.rejects(gone.complete(request('Plain'), { signal: never }), { reason: 'connection' });
  });
});
