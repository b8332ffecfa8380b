import { deepEqual, equal, match, ok } from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { type Fuel, noFuel } from '../../../src/town/fuel.ts';
import { type Gauge, type Sample, type Tank, gaugeKey } from '../../../src/town/tank.ts';
import { freshTank } from '../../../src/town/presets.ts';
import { gaugeLimit, tanksDrawn } from '../../../src/vscode/messages/tanks.ts';
import { tanksMessage } from '../../../src/vscode/panels/tankCharts.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { fakeView } from '../../fakes/fakeView.ts';
import { morning } from './examples.ts';

const hour = 3_600_000;

function gauge(changes: Partial<Gauge> = {}): Gauge {
  return {
    ...{ gauge: '5h', model: null, left: 0.4, capacity: null, capacityCertainty: 'measured' },
    ...{ resetsAt: morning + 3 * hour, certainty: 'measured', source: 'statusLine', at: morning },
    ...{ drawn: 0, samples: [] },
    ...changes,
  };
}

/** A fifth of the window an hour, told every quarter of an hour until now. */
const burning: readonly Sample[] = [8, 7, 6, 5, 4, 3, 2, 1, 0].map((quarters) => ({
  at: morning - (quarters * hour) / 4,
  left: 0.4 + quarters / 20,
  drawn: 0,
}));

function tank(id: string, ...gauges: readonly Gauge[]): Tank {
  return {
    ...freshTank(id, 'claude'),
    gauges: Object.fromEntries(gauges.map((one) => [gaugeKey(one.gauge, one.model), one])),
  };
}

function messageOf(...tanks: readonly Tank[]): ReturnType<typeof tanksMessage> {
  const control = new FakeControl();
  const fuel: Fuel = { ...noFuel, tanks: Object.fromEntries(tanks.map((one) => [one.id, one])) };
  control.look({ ...control.facts, fuel });
  return tanksMessage(fakeView(new FakeTown().add('tidy', control).rigs, morning));
}

describe('What the feed draws of tanks', () => {
  it('is what was told of a gauge, and where it goes from now until its reset', () => {
    const [drawn] = messageOf(tank('claude-code', gauge({ samples: burning }))).gauges;
    ok(drawn);
    deepEqual(drawn.past.at(0), { at: morning - 2 * hour, left: 0.8 });
    deepEqual(drawn.past.at(-1), { at: morning, left: 0.4 });
    equal(drawn.ahead.at(0)?.likely, 0.4);
    deepEqual(drawn.ahead.at(-1)?.at, morning + 3 * hour);
    equal(drawn.ahead.at(-1)?.likely, 0);
    const dry = drawn.dryAt?.likely ?? 0;
    ok(Math.abs(dry - (morning + 2 * hour)) < hour / 10, String(dry - morning));
    // The curve bends where the tank is dry, which is what the mark stands at.
    ok(drawn.ahead.some(({ at, likely }) => at === dry && likely < 1e-6));
    for (const { least, likely, most } of drawn.ahead) ok(least <= likely && likely <= most);
    ok(drawn.ahead.some(({ least, most }) => most - least > 0.01));
  });

  it('says the same in words, as the tree does', () => {
    const [drawn] = messageOf(tank('claude-code', gauge({ samples: burning }))).gauges;
    equal(drawn?.limit, '5-hour window');
    match(drawn.summary, /^getting low · 40% left · resets in 3 h · dry about 2026-03-07T1[01]:/);
    deepEqual(
      drawn.facts.map(({ name }) => name),
      ['Limit', 'Left', 'Size', 'Resets', 'Used lately', 'If it goes on so', 'Known'],
    );
  });

  it('leaves out what nobody has said anything of, and what is another one a minute later', () => {
    const steady = gauge({ gauge: 'requests/min' });
    const message = messageOf(freshTank('claude-code', null), tank('codex', steady));
    deepEqual(message, { type: 'tanks', gauges: [], hidden: 0, lowest: '' });
  });

  it('draws what Rigs counted itself against a preset, from the begin of the window', () => {
    const counted = { certainty: 'estimated', source: 'preset', at: morning - hour } as const;
    const [drawn] = messageOf(
      tank('claude-code', gauge({ ...counted, left: 0.75, capacity: 88_000, drawn: 22_000 })),
    ).gauges;
    deepEqual(drawn?.past, [
      { at: morning - hour, left: 1 },
      { at: morning, left: 0.75 },
    ]);
    deepEqual(drawn.ahead, []);
    match(drawn.summary, /estimated$/);
  });

  it('shows a window whose reset has passed as full, without what came before', () => {
    const [drawn] = messageOf(
      tank('codex', gauge({ left: 0, resetsAt: morning - 1, samples: burning })),
    ).gauges;
    deepEqual(drawn?.past, [{ at: morning, left: 1 }]);
    equal(drawn.resetsAt, null);
  });

  it('names the lowest of all, and counts those beyond what is drawn', () => {
    const many = Array.from({ length: 30 }, (_, number) =>
      tank(`tank-${String(number).padStart(2, '0')}`, gauge({ left: number === 20 ? 0.02 : 0.5 })),
    );
    const message = messageOf(...many);
    equal(message.gauges.length, gaugeLimit);
    equal(message.hidden, 30 - gaugeLimit);
    match(message.lowest, /^tank-20 · 5-hour window · almost empty · 2% left/);
  });

  it('is a message that the page takes, whatever an account was told', () => {
    const number = fc.oneof(fc.double({ min: -1, max: 2, noNaN: true }), fc.constant(0), fc.constant(1));
    const instant = fc.integer({ min: morning - 100 * hour, max: morning + 100 * hour });
    fc.assert(
      fc.property(
        fc.record({
          gauge: fc.constantFrom('5h', 'weekly', 'balance', 'spend', 'tokens/day', '90m', 'odd'),
          model: fc.option(fc.constant('opus')),
          left: number,
          capacity: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
          resetsAt: fc.option(instant.map((at) => at + 0.25)),
          at: instant,
          drawn: fc.double({ min: 0, max: 1e6, noNaN: true }),
          samples: fc.array(fc.record({ at: instant, left: number, drawn: fc.nat() }), { maxLength: 64 }),
        }),
        (some) => {
          const samples = some.samples.toSorted((a, b) => a.at - b.at);
          const message = messageOf(tank('claude-code', gauge({ ...some, samples })));
          v.parse(tanksDrawn, message);
          for (const { past, ahead } of message.gauges) {
            const instants = [...past.slice(0, -1), ...ahead].map(({ at }) => at);
            deepEqual(
              instants,
              instants.toSorted((a, b) => a - b),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
