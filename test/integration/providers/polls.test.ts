import assert from 'node:assert/strict';
import type { ModelAccess, Wire } from '../../../src/ports/models.ts';
import { poll } from '../../../src/providers/polls.ts';
import type { Reading } from '../../../src/town/tank.ts';
import { type Wire as Loopback, startWire } from '../../harness/wire/wire.ts';

describe('asking a provider for what costs nothing', () => {
  let wire: Loopback;
  const never = new AbortController().signal;

  before(async () => {
    wire = await startWire();
  });
  after(() => wire.close());

  const access = (by: Wire): ModelAccess => ({
    ...{ provider: by, wire: by, model: 'm', apiKey: 'k' },
    baseUrl: wire.url(`poll-${by}`),
  });
  const asked = (by: Wire): Promise<readonly Reading[]> => poll(access(by), never);
  const balance = (body: unknown): void => {
    wire.page('poll-deepseek', '/user/balance', { status: 200, body });
  };
  const inUsd = (total_balance: string): object => ({
    is_available: Number(total_balance) > 0,
    balance_infos: [
      { currency: 'USD', total_balance, granted_balance: '0.00', topped_up_balance: total_balance },
    ],
  });

  it('reads DeepSeek’s balance, whose amounts are texts', async () => {
    balance(inUsd('110.25'));
    const [reading] = await asked('deepseek');
    assert.deepEqual(reading, {
      ...{ gauge: 'balance', model: null, used: 0, capacity: 110.25, resetsAt: null, source: 'poll' },
    });
    balance(inUsd('0.00'));
    assert.deepEqual(
      (await asked('deepseek')).map(({ used }) => used),
      [1],
    );
  });

  it('says of a balance in another currency only whether it is there', async () => {
    balance({ is_available: true, balance_infos: [{ currency: 'CNY', total_balance: '70.00' }] });
    assert.deepEqual(
      (await asked('deepseek')).map(({ used, capacity }) => [used, capacity]),
      [[0, null]],
    );
    balance({ nonsense: true });
    assert.deepEqual(await asked('deepseek'), []);
  });

  it('finds out whether a key is taken, and what the headers tell', async () => {
    wire.page('poll-openai', '/models', {
      ...{ status: 200, body: { data: [] } },
      headers: { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '30' },
    });
    assert.deepEqual(
      (await asked('openai')).map(({ gauge, used }) => [gauge, used]),
      [['requests/min', 0.5]],
    );
    wire.page('poll-compatible', '/models', { status: 401, body: { error: { message: 'No.' } } });
    await assert.rejects(asked('compatible'), { reason: 'auth' });
    wire.page('poll-gemini', '/v1beta/models', { status: 503, body: { error: { status: 'UNAVAILABLE' } } });
    await assert.rejects(asked('gemini'), { reason: 'overloaded' });
    wire.page('poll-anthropic', '/v1/models', { status: 200, body: '<html>' });
    await assert.rejects(asked('anthropic'), { reason: 'protocol' });
  });

  it('does not take a key for unknown that is only not good for lists', async () => {
    const no = { error: { message: 'Missing scopes: api.model.read' } };
    wire.page('poll-openai', '/models', { status: 403, body: no });
    await assert.rejects(asked('openai'), { reason: 'refused' });
  });

  it('says that nobody is there', async () => {
    await assert.rejects(poll({ ...access('ollama'), baseUrl: 'http://127.0.0.1:9' }, never), {
      reason: 'connection',
    });
    wire.page('poll-ollama', '/api/ps', { status: 200, body: { models: [] } });
    assert.deepEqual(await asked('ollama'), []);
  });
});
