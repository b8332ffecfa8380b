import { isHeard } from '../town/course.ts';
import { depotOf } from '../town/depot.ts';
import { gaugeAt } from '../town/gauge.ts';
import { drawsFrom, kindOf } from '../town/gaugeKinds.ts';
import type { Bead } from '../town/bead.ts';
import type { Gauge, Tank } from '../town/tank.ts';
import { takesSlot } from '../town/polecat.ts';
import { fuelIn } from './trees/fuelView.ts';
import { type GaugeFace, gaugeFace } from './trees/gauge.ts';
import { type RigView, type View, rigViews } from './trees/view.ts';

/** waits: ready beads may draw from it · works: agents do · known: neither, but a rig may. */
type Use = 'waits' | 'works' | 'known';

export interface LowestTank {
  readonly tank: string;
  readonly use: Use;
  readonly face: GaugeFace;
}

/** What draws from an account, as gauges know it. */
interface Drawing {
  readonly tank: string;
  readonly model: string;
}

/** Of those that wait, so many are looked at: what is further behind starts only after them. */
const nextBeads = 200;

const uses: readonly (readonly [Use, (rig: RigView) => readonly Drawing[]])[] = [
  ['waits', forWaiting],
  ['works', atWork],
  ['known', ({ rig }) => rig.control.facts.seats],
];

/** The gauge with the least left that matters now: for what waits, else for what works. Null: nothing is known of any. */
export function lowestTank(view: View): LowestTank | null {
  const { tanks } = fuelIn(view);
  const rigs = rigViews(view);
  for (const [use, drawings] of uses) {
    const lowest = rigs
      .flatMap(drawings)
      .flatMap((drawing) => gaugesFor(tanks, drawing))
      .map((one) => ({ ...one, left: gaugeAt(one.told, view.now).left }))
      .reduce<(Told & { left: number }) | null>(
        (least, one) => (least === null || one.left < least.left ? one : least),
        null,
      );
    if (lowest === null) continue;
    return { tank: lowest.tank.id, use, face: gaugeFace(view, lowest.tank.provider, lowest.told) };
  }
  return null;
}

interface Told {
  readonly tank: Tank;
  readonly told: Gauge;
}

/** What fills up all the time is full again before anybody has looked. */
function gaugesFor(tanks: Readonly<Record<string, Tank>>, { tank: id, model }: Drawing): readonly Told[] {
  const tank = Object.hasOwn(tanks, id) ? tanks[id] : undefined;
  if (tank === undefined) return [];
  return Object.values(tank.gauges)
    .filter((told) => isHeard(told) && kindOf(told.gauge).refill !== 'steadily')
    .filter((told) => drawsFrom(told.model, model))
    .map((told) => ({ tank, told }));
}

/** The seats that ready and deferred beads prefer; of one that prefers none, or none that is there, all. */
function forWaiting({ rig, state }: RigView): readonly Drawing[] {
  const { seats } = rig.control.facts;
  const found = new Set<Drawing>();
  for (const { preferredProvider } of waiting(state)) {
    const preferred = seats.filter(({ provider }) => provider === preferredProvider);
    for (const seat of preferred.length > 0 ? preferred : seats) found.add(seat);
    if (found.size === seats.length) break;
  }
  return [...found];
}

function waiting(state: RigView['state']): readonly Bead[] {
  const depot = depotOf(state);
  const beads: Bead[] = [];
  for (const { bead } of depot.ready) {
    if (beads.length >= nextBeads) return beads;
    beads.push(bead);
  }
  for (const { id } of depot.deferred) {
    const bead = state.beads[id];
    if (bead !== undefined && beads.length < nextBeads) beads.push(bead);
  }
  return beads;
}

/** One that waits for a limit draws again as soon as it ends. */
function atWork({ state }: RigView): readonly Drawing[] {
  return Object.values(state.polecats)
    .filter((one) => takesSlot(one) || one.limit !== null)
    .map(({ seat }) => seat);
}
