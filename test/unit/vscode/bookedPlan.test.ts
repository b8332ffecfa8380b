import assert from 'node:assert/strict';
import { AssayerError } from '../../../src/assayer/assayerError.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { bookedPlan } from '../../../src/vscode/goal/bookedPlan.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';
import { FakeModels, answerOf, says } from '../assayer/fakeModels.ts';

describe('What planning draws', () => {
  const bead = {
    ...{ key: '1', title: 'Parse', type: 'implementation', description: 'Do it.' },
    acceptance: ['it works'],
  };
  const plan = answerOf(
    [{ type: 'tool_use', id: 't', name: 'submit_plan', input: { beads: [bead] } }],
    'tool_use',
  );

  const planned = async (models: FakeModels): Promise<FakeAccount> => {
    const account = new FakeAccount();
    const wish = {
      ...{ goal: 'Parse weeks', facts: { name: 'r', target: 'main', files: [], checks: [] } },
      ...{ models, model: 'm', clock: systemClock, signal: new AbortController().signal },
    };
    const booking = {
      ...{ rig: 'abcdefgh', access: { provider: 'deepseek', model: 'm' } },
      tell: (news: Parameters<FakeAccount['tell']>[0]) => account.tell(news),
    };
    await bookedPlan(wish, booking).catch((error: unknown) => {
      assert.ok(AssayerError.is(error));
    });
    return account;
  };

  it('is the assayer’s in the ledger, and of no bead', async () => {
    const { told } = await planned(new FakeModels(plan));
    const [drew] = told;
    assert.ok(drew?.kind === 'drew' && told.length === 1);
    assert.deepEqual([drew.role, drew.tank, drew.bead, drew.requests], ['assayer', 'deepseek', null, 1]);
    assert.ok(drew.usage.input > 0);
  });

  it('is told also where no plan came of it', async () => {
    const { told } = await planned(new FakeModels(says('No plan.'), says('Still none.')));
    const drew = told.flatMap((one) => (one.kind === 'drew' ? [[one.requests, one.usage.input > 0]] : []));
    assert.deepEqual(drew, [[2, true]]);
  });
});
