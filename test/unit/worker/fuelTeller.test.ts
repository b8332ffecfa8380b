import assert from 'node:assert/strict';
import { DoorError } from '../../../src/gateway/doorError.ts';
import { ModelError, type Models } from '../../../src/ports/models.ts';
import type { Reading } from '../../../src/town/tank.ts';
import { FuelTeller } from '../../../src/worker/fuelTeller.ts';

const reading = (gauge: string, used: number): Reading => ({
  ...{ gauge, model: null, used, capacity: null, resetsAt: null, source: 'headers' },
});

describe('what a model says of its account', () => {
  const stop = new AbortController();

  function teller(answer: () => Promise<object>) {
    const told: unknown[] = [];
    const ask = (_verb: string, body: unknown): Promise<object> => {
      told.push(body);
      return answer();
    };
    return { told, fuel: new FuelTeller({ ask }, stop.signal) };
  }

  const failing = (error: Error): Models => ({ complete: () => Promise.reject(error) });
  const ask = (models: Models) =>
    models.complete(
      { model: 'm', system: '', messages: [], tools: [], maxOutputTokens: 1 },
      { signal: stop.signal },
    );

  it('is told at once, and the newest of what nobody could hear yet', async () => {
    const gates: (() => void)[] = [];
    const { told, fuel } = teller(
      () =>
        new Promise((resolve) =>
          gates.push(() => {
            resolve({});
          }),
        ),
    );
    fuel.read([reading('5h', 0.1)]);
    fuel.read([reading('5h', 0.2), reading('weekly', 0.1)]);
    fuel.read([reading('5h', 0.3)]);
    const settled = fuel.settled();
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
    await settled;
    assert.deepEqual(told, [
      { readings: [reading('5h', 0.1)], trouble: null },
      { readings: [reading('5h', 0.3), reading('weekly', 0.1)], trouble: null },
    ]);
  });

  it('is its refusal too, when that is of the account', async () => {
    const { told, fuel } = teller(() => Promise.resolve({}));
    const limit = new ModelError('limit', 'No more.', 1_000);
    await assert.rejects(ask(fuel.over(failing(limit))), limit);
    await assert.rejects(ask(fuel.over(failing(new ModelError('refused', 'What?')))));
    await fuel.settled();
    assert.deepEqual(told, [{ readings: [], trouble: { kind: 'limit', until: 1_000, detail: 'No more.' } }]);
  });

  it('is that nothing answered, or that it is asked to slow down while the work goes on', async () => {
    const { told, fuel } = teller(() => Promise.resolve({}));
    await assert.rejects(ask(fuel.over(failing(new ModelError('connection', 'Nobody.')))));
    await fuel.settled();
    const restarts: string[] = [];
    const slow: Models = {
      complete: (_request, { onRestart }) => {
        onRestart?.(new ModelError('connection', 'Broke off.'));
        onRestart?.(new ModelError('overloaded', 'Slow down.'));
        return Promise.resolve({
          ...{ content: [], stop: 'end_turn' },
          usage: { input: 1, cachedInput: 0, output: 1 },
        });
      },
    };
    await fuel
      .over(slow)
      .complete(
        { model: 'm', system: '', messages: [], tools: [], maxOutputTokens: 1 },
        { signal: stop.signal, onRestart: ({ reason }) => restarts.push(reason) },
      );
    await fuel.settled();
    assert.deepEqual(told, [
      { readings: [], trouble: { kind: 'failed', until: null, detail: 'Nobody.' } },
      { readings: [], trouble: { kind: 'throttled', until: null, detail: 'Slow down.' } },
    ]);
    assert.deepEqual(restarts, ['connection', 'overloaded']);
  });

  it('keeps nobody from the work while the window is away', async () => {
    const { told, fuel } = teller(() => Promise.reject(new DoorError('unreachable', 'Away.')));
    fuel.read([reading('5h', 0.1)]);
    await fuel.settled();
    fuel.read([reading('5h', 0.2)]);
    await fuel.settled();
    assert.equal(told.length, 2);
  });
});
