import { equal, match, ok } from 'node:assert/strict';
import { noFuel } from '../../../src/town/fuel.ts';
import { freshTank } from '../../../src/town/presets.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { type Gauge, type Tank, gaugeKey } from '../../../src/town/tank.ts';
import { tankItem } from '../../../src/vscode/tankItem.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { fakeView } from '../../fakes/fakeView.ts';
import { Scene, seat } from '../../fakes/scene.ts';

const codex: Seat = { runner: 'codex', provider: 'codex', tank: 'codex', model: 'gpt' };

async function stage() {
  const control = new FakeControl();
  const town = new FakeTown().add('almanac', control);
  const scene = await new Scene(control).open();
  control.look({ ...control.facts, seats: [seat, codex] });
  return { control, scene, item: () => tankItem(fakeView(town.rigs, control.now)) };
}

function fuelIs(
  control: FakeControl,
  left: Readonly<Record<string, number>>,
  more: Partial<Gauge> = {},
): void {
  const tanks = Object.entries(left).map(([id, part]): [string, Tank] => {
    const told: Gauge = {
      ...{ gauge: '5h', model: null, left: part, capacity: null, capacityCertainty: 'measured' },
      ...{ resetsAt: control.now + 3_600_000, certainty: 'measured', source: 'statusLine' },
      ...{ at: control.now, drawn: 0, samples: [] },
      ...more,
    };
    return [id, { ...freshTank(id, id), gauges: { [gaugeKey(told.gauge, told.model)]: told } }];
  });
  control.look({ ...control.facts, fuel: { ...noFuel, tanks: Object.fromEntries(tanks) } });
}

describe('The lowest tank in the status bar', () => {
  it('is not there as long as no rig or no reading is', async () => {
    equal(tankItem(fakeView([], 0)), null);
    const { control, item } = await stage();
    equal(item(), null);
    fuelIs(control, { claude: 1 }, { source: 'preset', certainty: 'estimated' });
    equal(item(), null);
  });

  it('is the lowest of all that waiting beads may draw from', async () => {
    const { control, scene, item } = await stage();
    fuelIs(control, { claude: 0.6, codex: 0.4, elsewhere: 0.01 });
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    equal(item()?.text, '$(dashboard) Codex 40%');
    match(
      item()?.tooltip ?? '',
      /^Codex, 5-hour window: plenty · 40% left · resets in 1 h\nThe lowest of those that waiting/,
    );
    match(item()?.tooltip ?? '', /\nResets: 2026-03-07T10:00:00/);
    match(item()?.label ?? '', /^Rigs, lowest tank: Codex, 5-hour window/);
  });

  it('is that of the provider that all of them prefer, though another is lower', async () => {
    const { control, scene, item } = await stage();
    fuelIs(control, { claude: 0.6, codex: 0.4 });
    await scene.convoy('Durations', [{ title: 'Parse', preferredProvider: 'claude' }]);
    equal(item()?.text, '$(dashboard) Claude 60%');
  });

  it('is that of what works when nothing waits, and else of any that a rig may draw from', async () => {
    const { control, scene, item } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse', preferredProvider: 'claude' }]);
    await scene.start();
    control.look({ ...control.facts, seats: [seat, codex] });
    fuelIs(control, { claude: 0.6, codex: 0.4 });
    equal(item()?.text, '$(dashboard) Claude 60%');
    match(item()?.tooltip ?? '', /that agents draw from now/);
    const { control: idle, item: ofIdle } = await stage();
    fuelIs(idle, { claude: 0.6, codex: 0.4 });
    equal(ofIdle()?.text, '$(dashboard) Codex 40%');
  });

  it('says until when it is empty, and warns only where work waits for it', async () => {
    const { control, scene, item } = await stage();
    fuelIs(control, { claude: 0 });
    equal(item()?.text, '$(dashboard) Claude empty until 2026-03-07T10:00:00.000Z');
    equal(item()?.warns, false);
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    equal(item()?.warns, true);
    fuelIs(control, { claude: 0.9 });
    equal(item()?.warns, false);
  });

  it('looks past limits of models that no seat has, and those that are full again in a minute', async () => {
    const { control, scene, item } = await stage();
    await scene.convoy('Durations', [{ title: 'Parse' }]);
    fuelIs(control, { codex: 0.1 }, { model: 'opus' });
    equal(item(), null);
    fuelIs(control, { codex: 0.1 }, { gauge: 'requests/min' });
    equal(item(), null);
  });

  it('shows the name of an account as the harmless text it is', async () => {
    const { control, item } = await stage();
    const tank = 'x\u202e$(bell)\n[a](command:evil)';
    control.look({ ...control.facts, seats: [{ ...codex, tank }] });
    fuelIs(control, { [tank]: 0.5 });
    const { text = '', tooltip = '' } = item() ?? {};
    ok(!/[\u202e\n]/.test(text) && !text.slice(2).includes('$('), text);
    ok(!tooltip.includes('\u202e'));
  });
});
