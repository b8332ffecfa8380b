import assert from 'node:assert/strict';
import type { FreePoll } from '../../../src/ports/agents.ts';
import { ModelError } from '../../../src/ports/models.ts';
import { refreshTanks } from '../../../src/vscode/compose/refreshTanks.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';

describe('Refreshing tanks', () => {
  const poll = (tank: string, ask: FreePoll['ask']): FreePoll => {
    return { tank, provider: tank, name: tank, admits: true, ask };
  };
  const rigOf = (...polls: readonly FreePoll[]) => ({ agents: { polls: () => Promise.resolve(polls) } });

  it('asks an account once that several rigs work with, and counts the answers', async () => {
    let asked = 0;
    const codex = poll('codex', () => {
      asked += 1;
      const used = { used: 0.25, capacity: null, resetsAt: null } as const;
      return Promise.resolve([{ gauge: '5h', model: null, ...used, source: 'poll' }]);
    });
    const account = new FakeAccount();
    const answers: (readonly [string, number, number])[] = [];
    const polled = await refreshTanks([rigOf(codex), rigOf(codex, poll('gemini-cli', null))], account, {
      signal: new AbortController().signal,
      onAnswer: ({ tank }, answered, of) => answers.push([tank, answered, of]),
    });
    assert.equal(asked, 1);
    assert.deepEqual(
      answers.map(([, ...counts]) => counts),
      [
        [1, 2],
        [2, 2],
      ],
    );
    assert.deepEqual(
      polled.map(({ tank, kind }) => [tank, kind]),
      [
        ['codex', 'told'],
        ['gemini-cli', 'silent'],
      ],
    );
    assert.equal((await account.fuel()).tanks['codex']?.gauges['5h']?.left, 0.75);
  });

  it('keeps what was said before it was called off, and holds the rest against nobody', async () => {
    const cancel = new AbortController();
    const waits = poll('slow', (signal) => {
      cancel.abort();
      return Promise.reject(signal.aborted ? new ModelError('cancelled', 'Off.') : new Error('not off'));
    });
    const account = new FakeAccount();
    const [slow] = await refreshTanks([rigOf(waits)], account, {
      signal: cancel.signal,
      onAnswer: () => undefined,
    });
    assert.deepEqual([slow?.kind, account.told], ['failed', []]);
  });
});
