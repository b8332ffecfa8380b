import assert from 'node:assert/strict';
import type { ApiSettings, Apis } from '../../../src/ports/apis.ts';
import { type LentModels, apiProviders } from '../../../src/providers/apiProvider.ts';
import { Roster, type RosterParts } from '../../../src/providers/roster.ts';
import { type Wire, startWire } from '../../harness/wire/wire.ts';

const off: ApiSettings = { enabled: false, model: '', baseUrl: null, apiKeyEnv: 'A_KEY' };
const on = { ...off, enabled: true };
const nothing: Apis = {
  vendors: { claude: off, openai: off, gemini: off, deepseek: off, ollama: off, vscode: off },
  compatible: [],
};

describe('seats of the built-in worker', () => {
  let wire: Wire;
  let queues = 0;

  before(async () => {
    wire = await startWire();
  });
  after(() => wire.close());

  interface Given {
    readonly apis: Partial<Apis['vendors']>;
    readonly compatible?: Apis['compatible'];
    readonly keys?: Readonly<Record<string, string>>;
    readonly lent?: LentModels;
    readonly more?: Partial<RosterParts>;
  }

  function rosterOf({ apis, compatible = [], keys = {}, lent, more = {} }: Given): Roster {
    const set: Apis = { vendors: { ...nothing.vendors, ...apis }, compatible };
    const keyOf = (provider: string): Promise<string | null> => Promise.resolve(keys[provider] ?? null);
    return new Roster({
      rehearsal: null,
      apis: () => apiProviders(set, keyOf, lent ?? null),
      assayer: () => null,
      worker: { file: 'node', args: [], env: {} },
      vendors: () => [],
      rigs: null,
      ...more,
    });
  }

  function ollama(models: readonly string[], loaded: readonly string[] = []): ApiSettings {
    const queue = `seats-${String((queues += 1))}`;
    const page = (names: readonly string[]): object => ({ models: names.map((name) => ({ name })) });
    wire.page(queue, '/api/tags', { status: 200, body: page(models) });
    wire.page(queue, '/api/ps', { status: 200, body: page(loaded) });
    return { ...on, apiKeyEnv: null, baseUrl: wire.url(queue) };
  }

  const seatsOf = async (given: Given): Promise<unknown> =>
    (await rosterOf(given).seats()).map(({ runner, provider, tank, model }) => [
      runner,
      provider,
      tank,
      model,
    ]);
  const problemOf = async (given: Given, provider: string): Promise<unknown> =>
    (await rosterOf(given).runners()).find((one) => one.provider === provider)?.problem;

  it('are one a provider that is on and has its key, each with a tank of its own', async () => {
    const mine = { ...on, name: 'mine', baseUrl: 'http://127.0.0.1:9/v1', model: 'big', apiKeyEnv: null };
    const given: Given = {
      apis: { claude: on, openai: { ...on, model: 'gpt-6-luna' }, deepseek: on },
      compatible: [mine],
      keys: { claude: 'c', openai: 'o' },
    };
    assert.deepEqual(await seatsOf(given), [
      ['worker', 'claude', 'claude', 'claude-sonnet-5-5'],
      ['worker', 'openai', 'openai', 'gpt-6-luna'],
      ['worker', 'mine', 'mine', 'big'],
    ]);
    assert.deepEqual(await problemOf(given, 'deepseek'), { kind: 'no_key' });
    assert.deepEqual(await problemOf(given, 'gemini'), { kind: 'disabled' });
    assert.deepEqual(
      await rosterOf(given).access({ runner: 'worker', provider: 'mine', tank: 'mine', model: 'big' }),
      {
        ...{ provider: 'mine', wire: 'compatible', model: 'big' },
        ...{ baseUrl: 'http://127.0.0.1:9/v1', apiKey: '' },
      },
    );
  });

  it('are Ollama’s while its server answers and has the model', async () => {
    assert.deepEqual(await seatsOf({ apis: { ollama: ollama(['qwen3:8b', 'llama3.2:latest']) } }), [
      ['worker', 'ollama', 'ollama', 'qwen3:8b'],
    ]);
    // What is in its memory already answers at once.
    const loaded = ollama(['qwen3:8b', 'llama3.2:latest'], ['llama3.2:latest']);
    assert.deepEqual(await seatsOf({ apis: { ollama: loaded } }), [
      ['worker', 'ollama', 'ollama', 'llama3.2:latest'],
    ]);
    const named = { ...ollama(['qwen3:8b', 'llama3.2:latest']), model: 'llama3.2' };
    assert.deepEqual(await seatsOf({ apis: { ollama: named } }), [
      ['worker', 'ollama', 'ollama', 'llama3.2:latest'],
    ]);
  });

  it('are none where no server answers, or it has not got the model, and say what would help', async () => {
    const gone = { ...on, apiKeyEnv: null, baseUrl: 'http://127.0.0.1:9' };
    assert.deepEqual(await problemOf({ apis: { ollama: gone } }, 'ollama'), {
      kind: 'unusable',
      detail: 'No Ollama answers at http://127.0.0.1:9.',
    });
    const other = { ...ollama(['qwen3:8b']), model: 'mistral' };
    assert.match(
      JSON.stringify(await problemOf({ apis: { ollama: other } }, 'ollama')),
      /ollama pull mistral/,
    );
    assert.match(JSON.stringify(await problemOf({ apis: { ollama: ollama([]) } }, 'ollama')), /no model yet/);
  });

  it('are the editor’s models while it lends some', async () => {
    const given: Given = { apis: { vscode: { ...on, apiKeyEnv: null } } };
    assert.deepEqual(await seatsOf(given), []);
    assert.match(JSON.stringify(await problemOf(given, 'vscode')), /switch this provider on/);
    const lent = { baseUrl: 'http://127.0.0.1:1/v1', token: 'secret' };
    assert.deepEqual(await seatsOf({ ...given, lent }), [['worker', 'vscode', 'vscode', 'auto']]);
  });

  it('do not share the name of another provider, whose tank it would be', async () => {
    const named = (name: string) => ({
      ...on,
      name,
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
      apiKeyEnv: null,
    });
    const given: Given = {
      apis: { claude: on },
      compatible: [named('claude'), named('a'), named('a')],
      keys: { claude: 'c' },
    };
    assert.deepEqual(
      (await rosterOf(given).seats()).map(({ provider }) => provider),
      ['claude', 'a'],
    );
  });

  it('give the assayer what can be asked, and what it chose', async () => {
    const heard: unknown[] = [];
    const given: Given = {
      apis: { openai: on, ollama: ollama(['qwen3:8b']), gemini: on },
      keys: { openai: 'o' },
    };
    const more: Given['more'] = {
      assayer: (role, askable, use) => {
        heard.push(role, use.author, ...askable);
        return { provider: 'ollama', model: 'qwen3:8b' };
      },
    };
    const access = await rosterOf({ ...given, more }).assayer('inspector', {
      author: 'claude',
      unasked: true,
    });
    assert.deepEqual([access?.wire, access?.model, access?.apiKey], ['ollama', 'qwen3:8b', '']);
    assert.deepEqual(heard, [
      'inspector',
      'claude',
      { provider: 'openai', has: null, free: false, model: 'gpt-6.1-sol' },
      { provider: 'ollama', has: ['qwen3:8b'], free: true, model: 'qwen3:8b' },
    ]);
    assert.equal(await rosterOf(given).assayer('inspector'), null);
  });
});
