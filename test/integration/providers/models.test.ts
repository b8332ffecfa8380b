import assert from 'node:assert/strict';
import type { Clock } from '../../../src/ports/clock.ts';
import {
  type Message,
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type Wire,
  wires,
} from '../../../src/ports/models.ts';
import { openModels } from '../../../src/providers/models.ts';
import type { Reading } from '../../../src/town/tank.ts';
import { scenarios } from '../../harness/wire/scenarios.ts';
import type { Scenario } from '../../harness/wire/scenarios/scenario.ts';
import type { Turn } from '../../harness/wire/turn.ts';
import { type Wire as Loopback, startWire } from '../../harness/wire/wire.ts';

/** Anthropic's side of the loopback takes only who brings Claude Code's own tools for more than a side call. */
const tool = 'Read';
const key = 'a-key-of-nobody';

/** Time that passes only by sleeping; nobody's silence is waited for. */
class SleptClock implements Clock {
  readonly begun: number;
  slept = 0;

  constructor(begun: number) {
    this.begun = begun;
  }

  now(): number {
    return this.begun + this.slept;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 100_000) {
      this.slept += ms;
      return Promise.resolve();
    }
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
  }
}

function request(messages: readonly Message[] = [said('Read the file.')]): ModelRequest {
  const inputSchema = { type: 'object', properties: { path: { type: 'string' } } };
  return {
    model: 'm',
    system: 'You are an agent.',
    messages,
    tools: [{ name: tool, description: 'Reads a file.', inputSchema }],
    maxOutputTokens: 4_000,
  };
}

function said(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

interface Heard {
  readonly answer: ModelAnswer | null;
  readonly error: ModelError | null;
  readonly pieces: string;
  readonly restarts: readonly string[];
  readonly told: readonly { readonly reading: Reading; readonly at: number }[];
  readonly clock: SleptClock;
}

describe("vendors' models, through their own SDKs and a real server", () => {
  let wire: Loopback;
  let queues = 0;

  before(async () => {
    wire = await startWire();
  });
  after(() => wire.close());

  async function ask(
    by: Wire,
    turns: readonly ((when: { readonly now: number }) => Turn)[],
    own: Partial<{ request: ModelRequest; signal: AbortSignal; queue: string }> = {},
  ): Promise<Heard> {
    const { queue = `q${String((queues += 1))}` } = own;
    const clock = new SleptClock(Math.floor(Date.now() / 1000) * 1000);
    let nth = 0;
    wire.queue(queue, () => {
      const now = clock.now();
      const turn = turns[(nth += 1) - 1]?.({ now }) ?? { status: 500 };
      return { ...turn, headers: { date: new Date(now).toUTCString(), ...turn.headers } };
    });
    const told: { reading: Reading; at: number }[] = [];
    const restarts: string[] = [];
    let pieces = '';
    const models = openModels(
      { provider: by, wire: by, model: 'm', baseUrl: wire.url(queue), apiKey: key },
      {
        clock,
        random: () => 0.5,
        onReadings: (all) => told.push(...all.map((reading) => ({ reading, at: clock.now() }))),
      },
    );
    const asked = models.complete(own.request ?? request(), {
      signal: own.signal ?? new AbortController().signal,
      onText: (piece) => (pieces += piece),
      onRestart: ({ reason }) => {
        restarts.push(reason);
        pieces = '';
      },
    });
    const [answer, error] = await asked.then(
      (one) => [one, null] as const,
      (why: unknown) => {
        if (!(why instanceof ModelError)) throw why;
        return [null, why] as const;
      },
    );
    return { answer, error, pieces, restarts, told, clock };
  }

  function textIn({ answer }: Heard): string {
    return (answer?.content ?? []).map((block) => (block.type === 'text' ? block.text : '')).join('');
  }

  const inWords = ({ gauge, used, model }: Reading): string =>
    `${gauge} ${used === null ? '?' : String(Number(used.toFixed(4)))}${model === null ? '' : ` of ${model}`}`;
  const away = (at: number | null, from: number): number | null =>
    at === null ? null : at - from > 50 * 3_600_000 ? Infinity : at - from;

  function meets(heard: Heard, { fails, restarts = [], told, slept = [0, 1_000] }: Scenario): void {
    const { answer, error, clock } = heard;
    if (fails === null) {
      assert.equal(error, null);
      assert.equal(textIn(heard), 'All is well.');
      assert.equal(heard.pieces, 'All is well.');
      const { input = 0, cachedInput = 0, output } = answer?.usage ?? {};
      assert.deepEqual([input + cachedInput, output], [140, 20]);
    } else {
      assert.equal(error?.reason, fails[0], error?.message);
      const retryIn = away(error.retryAt, clock.now());
      assert.ok(near(retryIn, fails[1]), `may come back after ${String(retryIn)} ms`);
      assert.ok(!error.message.includes(key));
    }
    assert.deepEqual(heard.restarts, restarts);
    assert.deepEqual(
      heard.told.map(({ reading }) => inWords(reading)),
      told.map(([words]) => words),
    );
    for (const [nth, { reading, at }] of heard.told.entries()) {
      const resetsIn = away(reading.resetsAt, at);
      assert.ok(near(resetsIn, told[nth]?.[1] ?? null), `${reading.gauge} is back in ${String(resetsIn)} ms`);
    }
    assert.ok(clock.slept >= slept[0] && clock.slept <= slept[1], `slept ${String(clock.slept)} ms`);
  }

  /** A day ends within a day; headers have whole seconds. */
  function near(found: number | null, wanted: number | null): boolean {
    if (wanted === Infinity) return found !== null && found > 1_000;
    return found === null || wanted === null ? found === wanted : Math.abs(found - wanted) <= 1_000;
  }

  for (const by of wires) {
    describe(`of ${by}`, () => {
      for (const [name, scenario] of Object.entries(scenarios[by]))
        it(`meet ${name}`, async () => {
          meets(await ask(by, scenario.turns), scenario);
        });

      it('call tools, and hear what came of it in the next turn', async () => {
        const queue = `tools-${by}`;
        const calls = [
          { name: tool, input: { path: 'a.txt' } },
          { name: tool, input: { path: 'ünï/b.txt', lines: [1, 2] } },
        ];
        const first = await ask(by, [() => ({ text: 'I look.', tools: calls })], { queue });
        assert.equal(first.answer?.stop, 'tool_use');
        const { content } = first.answer;
        const uses = content.filter((block) => block.type === 'tool_use');
        assert.deepEqual(
          uses.map(({ name, input }) => ({ name, input })),
          calls,
        );
        assert.equal(new Set(uses.map(({ id }) => id)).size, 2);
        const results = uses.map(({ id }, nth) => ({
          ...{ type: 'tool_result' as const, toolUseId: id },
          ...{ text: `Result ${String(nth)}.`, isError: false },
        }));
        const next: Message = { role: 'user', content: [...results, { type: 'text', text: 'Go on.' }] };
        const messages: readonly Message[] = [...request().messages, { role: 'assistant', content }, next];
        const second = await ask(by, [() => ({ text: 'Done.' })], { queue, request: request(messages) });
        assert.equal(second.error, null);
        assert.equal(second.answer?.stop, 'end_turn');
        const seen = wire.requests(queue).at(-1);
        assert.deepEqual(seen?.results, ['Result 0.', 'Result 1.']);
        assert.deepEqual(seen.said, ['You are an agent.', 'Read the file.', 'Go on.']);
        assert.deepEqual([seen.answered, seen.tools], [1, [tool]]);
      });

      it('begin again when the connection breaks in the middle', async () => {
        const heard = await ask(by, [
          () => ({ text: 'All is lost.', drop: 'mid' }),
          () => ({ text: 'All is well.' }),
        ]);
        assert.deepEqual([textIn(heard), heard.restarts], ['All is well.', ['connection']]);
      });

      it('are let go of when somebody stops', async () => {
        const stop = new AbortController();
        const asked = ask(by, [() => ({ text: 'One two three', hang: 'mid' })], { signal: stop.signal });
        setTimeout(() => {
          stop.abort();
        }, 100);
        assert.equal((await asked).error?.reason, 'cancelled');
      });

      it('say that garbage is no answer', async () => {
        const { error } = await ask(by, [
          () => ({ status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }),
        ]);
        assert.equal(error?.reason, 'protocol');
      });
    });
  }

  const stream = (...chunks: readonly object[]): Turn => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''),
  });

  /** What the vendor hears of its own first answer in the second request. */
  async function heardAgain(by: Wire, first: Turn): Promise<string> {
    const queue = `again-${by}`;
    const { answer } = await ask(by, [() => first], { queue });
    assert.ok(answer !== null);
    const { content, reasoning } = answer;
    const results = content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, toolUseId: block.id, text: 'x', isError: false }]
        : [],
    );
    const messages: readonly Message[] = [
      ...request().messages,
      { role: 'assistant', content, ...(reasoning === undefined ? {} : { reasoning }) },
      { role: 'user', content: results },
    ];
    await ask(by, [() => ({ text: 'Done.' })], { queue, request: request(messages) });
    return JSON.stringify(wire.requests(queue).at(-1)?.body);
  }

  it('give Gemini its signatures back, with the parts they came with', async () => {
    const part = (one: object, more: object = {}): object => ({
      candidates: [{ index: 0, content: { role: 'model', parts: [one] }, ...more }],
    });
    const first = stream(
      part({ text: 'I think of the file.', thought: true }),
      part({ text: 'I look.' }),
      part({ functionCall: { name: tool, args: { path: 'a' } }, thoughtSignature: 'c2lnbmVk' }),
      part({ functionCall: { name: tool, args: { path: 'b' } } }, { finishReason: 'STOP' }),
    );
    const again = await heardAgain('gemini', first);
    assert.match(
      again,
      /\{"functionCall":\{"args":\{"path":"a"\},"name":"Read"\},"thoughtSignature":"c2lnbmVk"\}/,
    );
    assert.equal(again.split('thoughtSignature').length, 2);
    assert.doesNotMatch(again, /rigs-|I think/);
  });

  it('give DeepSeek its thoughts back, which it wants with its calls', async () => {
    const delta = (one: object, finish_reason: string | null = null): object => ({
      choices: [{ index: 0, delta: one, finish_reason }],
    });
    const call = { index: 0, id: 'c1', type: 'function', function: { name: tool, arguments: '{}' } };
    const first = stream(
      delta({ reasoning_content: 'The file ' }),
      delta({ reasoning_content: 'first.' }),
      delta({ tool_calls: [call] }),
      delta({}, 'tool_calls'),
    );
    assert.match(await heardAgain('deepseek', first), /"reasoning_content":"The file first\."/);
    assert.doesNotMatch(await heardAgain('openai', first), /reasoning_content/);
  });

  it('guess what an endpoint used that does not count', async () => {
    const silent = stream({ choices: [{ index: 0, delta: { content: 'Well.' }, finish_reason: 'stop' }] });
    const { answer } = await ask('compatible', [() => silent]);
    assert.ok(answer !== null && answer.usage.input > 20 && answer.usage.output > 1);
  });
});
