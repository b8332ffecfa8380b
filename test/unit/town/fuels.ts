/** Short ways to say what accounts have left, for tests of dispatch. */
import type { BeadType, Priority } from '../../../src/town/bead.ts';
import type { DispatchFacts } from '../../../src/town/dispatch.ts';
import { type Fuel, noFuel } from '../../../src/town/fuel.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { type Routing, defaultRouting } from '../../../src/town/routing.ts';
import { type RigState, emptyRig } from '../../../src/town/state.ts';
import { type Gauge, type Tank, gaugeKey } from '../../../src/town/tank.ts';
import { step } from '../../../src/town/step.ts';
import * as say from './words.ts';

export const now = 1_000_000_000;
export const hour = 3_600_000;

export const seatOf = (provider: string, model = 'm', tank = provider): Seat => ({
  runner: tank,
  provider,
  tank,
  model,
});
export const claude = seatOf('claude');
export const codex = seatOf('codex');
export const gemini = seatOf('gemini');

/** A five-hour window of which this part is left, measured just now. */
export function window(left: number, more: Partial<Gauge> = {}): Gauge {
  return {
    gauge: '5h',
    model: null,
    left,
    capacity: 10_000_000,
    capacityCertainty: 'measured',
    resetsAt: now + 2 * hour,
    certainty: 'measured',
    source: 'poll',
    at: now,
    drawn: 0,
    samples: [],
    ...more,
  };
}

export function tank(id: string, gauges: readonly Gauge[], more: Partial<Tank> = {}): Tank {
  return {
    id,
    provider: id,
    gauges: Object.fromEntries(gauges.map((one) => [gaugeKey(one.gauge, one.model), one])),
    paces: {},
    breaker: { errors: 0, trips: 0, until: null },
    problem: null,
    ...more,
  };
}

/** What is left of each account, as a fraction. */
export function fuel(left: Readonly<Record<string, number>>, more: Partial<Fuel> = {}): Fuel {
  const tanks = Object.fromEntries(Object.entries(left).map(([id, part]) => [id, tank(id, [window(part)])]));
  return { ...noFuel, tanks, ...more };
}

export function facts(
  left: Readonly<Record<string, number>>,
  more: Partial<DispatchFacts> = {},
  routing: Partial<Routing> = {},
): DispatchFacts {
  return {
    seats: [claude, codex, gemini],
    maxPolecats: 9,
    fuel: fuel(left),
    routing: { ...defaultRouting, ...routing },
    ...more,
  };
}

interface Asked {
  readonly type?: BeadType;
  readonly priority?: Priority;
  readonly preferredProvider?: string | null;
  readonly touches?: readonly string[];
  readonly estimate?: number | null;
}

/** A rig in which these beads are ready, a second apart; each in no convoy. */
export function rigWith(beads: readonly Asked[], at = now - hour): RigState {
  let state = emptyRig;
  const words = [
    say.adopt,
    say.confirm,
    ...beads.map((bead, n) => ({
      type: 'createBead' as const,
      bead: say.beadId(n + 500),
      convoy: null,
      draft: say.draft(`bead ${String(n)}`, { estimate: 20_000, ...bead }),
    })),
  ];
  words.forEach((word, n) => {
    const result = step(state, { ...word, at: at + 1_000 * n });
    if (!result.ok) throw new Error(JSON.stringify(result.refusal));
    state = result.state;
  });
  return state;
}

export const nth = (n: number): BeadId => say.beadId(n + 500);
