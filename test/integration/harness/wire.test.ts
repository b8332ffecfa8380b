import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { request } from 'node:http';
import { asRecord } from '../../harness/wire/json.ts';
import { type Wire, startWire } from '../../harness/wire/wire.ts';

const bash = { name: 'Bash', input_schema: { type: 'object' as const } };
const schema = { type: 'object', properties: { title: { type: 'string' } } };

describe('The loopback server that plays the vendors', () => {
  let wire: Wire;
  before(async () => {
    wire = await startWire();
  });
  after(() => wire.close());

  const post = (path: string, body: object): Promise<Response> =>
    fetch(wire.url(path), { method: 'POST', body: JSON.stringify(body) });

  /** The data of a stream's events. */
  const events = async (response: Response): Promise<readonly Record<string, unknown>[]> =>
    (await response.text())
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => asRecord(JSON.parse(line.slice(6))));

  describe('as Anthropic', () => {
    const client = (queue: string): Anthropic =>
      new Anthropic({ apiKey: 'sk-dummy', baseURL: wire.url(queue), maxRetries: 1 });
    const ask = { model: 'claude-test', max_tokens: 100, tools: [bash] };
    const hello = { role: 'user' as const, content: 'Hello' };

    it('streams what is said and called, with its usage and headers', async () => {
      const input = { command: 'ls' };
      const usage = { input: 7, cached: 3, output: 5 };
      wire.queue('a', [
        { text: 'Looking.', tools: [{ name: 'Bash', input }], usage, headers: { 'x-it': 'here' } },
      ]);
      const stream = client('a').messages.stream({ ...ask, messages: [hello] });
      const { response } = await stream.withResponse();
      const message = await stream.finalMessage();
      equal(response.headers.get('x-it'), 'here');
      deepEqual(
        message.content.map((block) => (block.type === 'tool_use' ? block.input : block.type)),
        ['text', input],
      );
      equal(message.stop_reason, 'tool_use');
      const { input_tokens, cache_read_input_tokens, output_tokens } = message.usage;
      deepEqual([input_tokens, cache_read_input_tokens, output_tokens], [7, 3, 5]);
    });

    it('answers in one piece who asks for it, and one request a turn', async () => {
      wire.queue('b', [{ text: 'One' }, { text: 'Two' }]);
      const messages = client('b').messages;
      const first = await messages.create({ ...ask, messages: [hello] });
      const second = await messages.create({
        ...ask,
        messages: [hello, { role: 'assistant', content: first.content }, { role: 'user', content: 'More' }],
      });
      const said = [first, second].map(({ content: [block] }) => (block?.type === 'text' ? block.text : ''));
      deepEqual(said, ['One', 'Two']);
      deepEqual(
        wire.requests('b').map(({ answered, before, by }) => [answered, before, by]),
        [
          [0, 0, 'turn'],
          [1, 1, 'turn'],
        ],
      );
    });

    it('breaks off before the first word or in the middle, and is asked again', async () => {
      wire.queue('c', [{ drop: 'before' }, { text: 'Whole' }, { text: 'Never whole', drop: 'mid' }]);
      equal((await client('c').messages.create({ ...ask, messages: [hello] })).content.length, 1);
      await rejects(
        client('c')
          .messages.stream({ ...ask, messages: [hello] })
          .finalMessage(),
      );
    });

    it('fails as it is told', async () => {
      wire.queue('d', [{ status: 401 }]);
      const failed = client('d').messages.create({ ...ask, messages: [hello] });
      await rejects(failed, (error) => error instanceof APIError && error.status === 401);
    });

    it('leaves the turns to the conversation, and gives a side call a sample of its shape', async () => {
      wire.queue('e', [{ text: 'A turn' }]);
      const response = await post('e/v1/messages', {
        model: 'm',
        tools: [bash],
        messages: [hello],
        output_config: { format: { type: 'json_schema', schema } },
      });
      match(await response.text(), /{\\"title\\":\\"A sample\\"}/);
      equal(wire.left('e'), 1);
    });

    it('keeps a turn for the request that fits it', async () => {
      const tool = { type: 'tool_result' as const, tool_use_id: 'x', content: 'Tests pass' };
      wire.queue('f', [
        { text: 'Later', when: ({ results }) => results.includes('Tests pass') },
        { text: 'Now' },
      ]);
      const say = async (messages: Anthropic.MessageParam[]): Promise<string> =>
        JSON.stringify((await client('f').messages.create({ ...ask, messages })).content);
      match(await say([hello]), /Now/);
      match(await say([hello, { role: 'user', content: [tool] }]), /Later/);
      match(await say([hello]), /script is over/);
      equal(wire.requests('f').at(-1)?.by, 'over');
    });
  });

  describe('as OpenAI', () => {
    const exec = { type: 'custom', name: 'exec' };
    const hello = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] };

    it('streams what is said and called', async () => {
      wire.queue('g', [
        { text: 'On it.', tools: [{ namespace: 'functions', name: 'exec', input: 'text(1)' }] },
      ]);
      const input = [{ type: 'additional_tools', tools: [exec] }, hello];
      const [begun, ...rest] = await events(await post('g/v1/responses', { input, stream: true }));
      equal(begun?.['type'], 'response.created');
      const done = rest.filter(({ type }) => type === 'response.output_item.done');
      deepEqual(
        done.map(({ item }) => asRecord(item)['type']),
        ['message', 'custom_tool_call'],
      );
      equal(rest.at(-1)?.['type'], 'response.completed');
      deepEqual(wire.requests('g')[0]?.said, ['', 'Hello']);
    });

    it('counts how often the model spoke, and reads what tools answered', async () => {
      const call = { type: 'function_call', name: 'exec_command', call_id: '1', arguments: '{}' };
      const output = { type: 'function_call_output', call_id: '1', output: 'clean' };
      const input = [hello, { ...hello, role: 'assistant' }, call, output, call, output];
      await post('h/v1/responses', { tools: [{ type: 'function', name: 'exec_command' }], input });
      const [seen] = wire.requests('h');
      deepEqual([seen?.answered, seen?.results, seen?.main], [2, ['clean', 'clean'], true]);
    });

    it('takes no WebSocket', async () => {
      const status = await new Promise((resolve, reject) => {
        const headers = { connection: 'Upgrade', upgrade: 'websocket' };
        const asked = request(`${wire.url('i')}/v1/responses`, { headers });
        asked.on('response', ({ statusCode }) => {
          resolve(statusCode);
        });
        asked.on('error', reject).end();
      });
      equal(status, 426);
    });

    it('has no models to list', async () => {
      equal((await fetch(`${wire.url('i')}/v1/models`)).status, 200);
    });
  });

  describe('as Gemini', () => {
    const tools = [{ functionDeclarations: [{ name: 'run_shell_command' }] }];
    const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];
    const models = 'v1beta/models/gemini-test';

    it('streams what is said and called', async () => {
      wire.queue('j', [{ text: 'On it.', tools: [{ name: 'run_shell_command', input: { command: 'ls' } }] }]);
      const answer = await post(`j/${models}:streamGenerateContent?alt=sse`, { tools, contents });
      const parts = (await events(answer)).flatMap(({ candidates }) => candidates as object[]);
      match(JSON.stringify(parts), /On it.*run_shell_command.*STOP/);
      equal(wire.requests('j')[0]?.model, 'gemini-test');
    });

    it('answers its router with a sample, which is no turn', async () => {
      wire.queue('k', [{ text: 'A turn' }]);
      const generationConfig = { responseJsonSchema: schema };
      const answer = await post(`k/${models}:generateContent`, { contents, generationConfig });
      match(await answer.text(), /{\\"title\\":\\"A sample\\"}/);
      equal(wire.left('k'), 1);
    });
  });

  it('answers each request of a function, which may take its time', async () => {
    let release: (text: string) => void = () => undefined;
    wire.queue('l', async () => ({ text: await new Promise<string>((resolve) => (release = resolve)) }));
    const asked = post('l/v1/messages', { messages: [], tools: [bash] });
    while (wire.requests('l').length === 0) await new Promise(setImmediate);
    release('Released');
    match(await (await asked).text(), /Released/);
  });

  it('never ends a request that hangs, until it is closed', async () => {
    const own = await startWire();
    own.queue('m', [{ hang: true }]);
    const body = JSON.stringify({ messages: [], tools: [bash] });
    const asked = fetch(`${own.url('m')}/v1/messages`, { method: 'POST', body });
    const failed = rejects(asked);
    while (own.requests('m').length === 0) await new Promise(setImmediate);
    await own.close();
    await failed;
  });

  it('refuses to connect to anybody else, and notes who was wanted', async () => {
    const refused = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(wire.proxy);
      const asked = request({ hostname, port, method: 'CONNECT', path: 'api.example.com:443' });
      asked.on('connect', ({ statusCode }) => {
        resolve(statusCode);
      });
      asked.on('error', reject).end();
    });
    equal(refused, 403);
    ok(wire.wanted.includes('CONNECT api.example.com:443'));
  });
});
