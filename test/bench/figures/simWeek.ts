import { type Routing, defaultRouting } from '../../../src/town/routing.ts';
import { type Compared, compare, others } from '../../sim/week/compare.ts';
import type { Outcome } from '../../sim/week/play.ts';
import { rigs } from '../../sim/week/rigs.ts';
import { scenarios } from '../../sim/week/scenario.ts';
import { type Measurement, figure } from '../figure.ts';

/** A week takes seconds, and what single ones are like differs by a tenth. */
const seeds = [1, 2, 3, 4, 5, 6];

/** Each is played once, whichever figures are asked for. */
const played = new Map<string, Compared>();

function week(name: keyof typeof scenarios, who: 'others' | 'rigs', routing: Routing): Compared {
  const key = `${name} ${who} ${routing.strategy}`;
  const scenario = scenarios[name];
  const known =
    played.get(key) ?? compare(scenario, seeds, who === 'rigs' ? { rigs } : others(scenario), routing);
  played.set(key, known);
  return known;
}

function ours(name: keyof typeof scenarios, strategy: Routing['strategy'] = 'balanced'): Outcome {
  const outcome = week(name, 'rigs', { ...defaultRouting, strategy })['rigs'];
  if (outcome === undefined) throw new Error('Rigs was not played');
  return outcome;
}

function firstFree(name: keyof typeof scenarios): Outcome {
  const outcome = week(name, 'others', defaultRouting)['firstFree'];
  if (outcome === undefined) throw new Error('first-free was not played');
  return outcome;
}

const names = Object.keys(scenarios) as (keyof typeof scenarios)[];

figure({
  name: 'sim.week',
  unit: 'x',
  target: 0.01,
  against: 'launches in two simulated weeks of each seed; the part that hit a limit',
  measure: () => {
    const all = names.map((name) => ours(name));
    const launches = all.reduce((sum, one) => sum + one.launches, 0);
    const limited = all.reduce((sum, one) => sum + one.limited, 0);
    // No limit met at all is as good as it gets, and no measurement of zero.
    return Promise.resolve({
      value: Math.max(limited, 0.5) / launches,
      baseline: launches,
      runs: seeds.length,
    });
  },
});

for (const name of names)
  figure({
    name: `sim.week.merged.${name}`,
    unit: 'x',
    target: 1,
    against: 'beads merged by Rigs; of the best of first-free, round-robin and affinity × remaining',
    measure: () => {
      const best = Math.max(
        ...Object.values(week(name, 'others', defaultRouting)).map(({ merged }) => merged),
      );
      const { merged } = ours(name);
      return Promise.resolve({ value: best / merged, baseline: merged, runs: seeds.length });
    },
  });

function perWindow(strategy: Routing['strategy']): Promise<Measurement> {
  const [we, they] = [ours('scarce', strategy), firstFree('scarce')];
  const baseline = they.merged / they.windows;
  return Promise.resolve({ value: baseline / (we.merged / we.windows), baseline, runs: seeds.length });
}

figure({
  name: 'sim.week.scarce',
  unit: 'x',
  target: 1 / 1.5,
  against:
    "first-free's beads merged per quota window; by Rigs as a person sets it who has little (conservative)",
  measure: () => perWindow('conservative'),
});

figure({
  name: 'sim.week.scarce.balanced',
  unit: 'x',
  target: null,
  against: "first-free's beads merged per quota window; by Rigs as it comes",
  measure: () => perWindow('balanced'),
});
