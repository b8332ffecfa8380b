import assert from 'node:assert/strict';
import { fuelFacts } from '../../../src/foreman/fuelFacts.ts';
import { noBudgets } from '../../../src/town/budgets.ts';
import { type Fuel, type SpentBudget, noFuel } from '../../../src/town/fuel.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { rigSettings } from '../../fakes/rigSettings.ts';
import { Scene } from '../../fakes/scene.ts';

const spent = (scope: SpentBudget['scope'], of: string | null): SpentBudget => ({
  ...{ scope, of, unit: 'tokens' },
  ...{ limit: 10, used: 10 },
});

describe('what dispatch is told of budgets', () => {
  it('leaves out beads and convoys that ended or were never there, and keeps the day’s and a provider’s', async () => {
    const control = new FakeControl();
    const scene = new Scene(control);
    await scene.open();
    const [open = '', ended = ''] = await scene.convoy('Durations', [{ title: 'Parse' }, { title: 'Print' }]);
    const [gone = ''] = await scene.convoy('Dates', [{ title: 'Read' }]);
    for (const bead of [ended, gone])
      control.happen({ type: 'bead.moved', bead: bead as never, to: 'cancelled', reason: null, at: 1 });
    control.happen({
      type: 'convoy.closed',
      convoy: control.state.beads[gone as never]?.convoy as never,
      at: 1,
    });
    const [first, second] = Object.keys(control.state.convoys);
    const kept = [
      spent('day', null),
      spent('provider', 'claude'),
      spent('bead', open),
      spent('convoy', first ?? ''),
    ];
    const left = [
      ...[spent('bead', ended), spent('bead', gone), spent('convoy', second ?? '')],
      ...[spent('bead', 'constructor'), spent('convoy', 'toString'), spent('bead', null)],
    ];
    const account = new FakeAccount();
    account.fuel = (): Promise<Fuel> => Promise.resolve({ ...noFuel, spent: [...left, ...kept] });
    const set = rigSettings({ budgets: noBudgets });
    const facts = await fuelFacts({
      account,
      rig: 'r',
      settings: () => set.foreman(),
      state: () => control.state,
    });
    assert.deepEqual(facts?.spent, kept);
  });
});
