import type { Bead } from '../../../src/town/bead.ts';
import type { DispatchFacts } from '../../../src/town/dispatch.ts';
import { freeSlots, limitsOf } from '../../../src/town/freePlaces.ts';
import { lowestOf } from '../../../src/town/gauge.ts';
import { type BeadId, type Instant, polecatId } from '../../../src/town/ids.ts';
import { type Polecat, type Seat, freeName } from '../../../src/town/polecat.ts';
import { beforeInDepot, notReady } from '../../../src/town/ready.ts';
import { type RigState, type TownEvent, fold } from '../../../src/town/state.ts';
import type { Scenario } from './scenario.ts';

/** What starts now, as the events that make it so. */
export type Policy = (state: RigState, facts: DispatchFacts, at: Instant) => readonly TownEvent[];

/** Chooses a seat for a bead among those whose account is not known to be empty. */
type Choose = (bead: Bead, open: readonly Seat[], facts: DispatchFacts, at: Instant) => Seat | undefined;

/** What others do: beads in order, a seat by some rule, and after a limit the same seat again once it ends. */
function simple(makeChoose: () => Choose): () => Policy {
  return () => {
    const choose = makeChoose();
    return (state, facts, at) => new Launching(state, facts, at).all(choose);
  };
}

class Launching {
  readonly #events: TownEvent[] = [];
  readonly #facts: DispatchFacts;
  readonly #at: Instant;
  #state: RigState;
  #free: number;

  constructor(state: RigState, facts: DispatchFacts, at: Instant) {
    this.#state = state;
    this.#facts = facts;
    this.#at = at;
    this.#free = freeSlots(Object.values(state.polecats), facts.maxPolecats);
  }

  all(choose: Choose): readonly TownEvent[] {
    if (this.#free <= 0) return [];
    const limits = limitsOf(Object.values(this.#state.polecats), this.#at);
    const broken = (tank: string): boolean => (this.#facts.fuel?.tanks[tank]?.problem ?? null) !== null;
    const open = this.#facts.seats.filter(({ tank }) => !limits.has(tank) && !broken(tank));
    for (const polecat of Object.values(this.#state.polecats)) {
      if (polecat.state !== 'ready' || polecat.wants === null || this.#free <= 0) continue;
      const bead = this.#state.beads[polecat.bead];
      const { seat } = polecat;
      const again = broken(seat.tank) && bead !== undefined ? this.#chosen(choose, bead, open) : seat;
      if (again !== undefined && open.some((one) => one.tank === again.tank)) this.#open(polecat, again);
    }
    if (this.#free <= 0 || open.length === 0) return this.#events;
    const queued = Object.values(this.#state.beads).filter(
      (bead) => bead.status === 'queued' && notReady(this.#state, bead) === null,
    );
    for (const bead of queued.sort(beforeInDepot)) {
      if (this.#free <= 0) break;
      const seat = this.#chosen(choose, bead, open);
      if (seat !== undefined) this.#begin(bead.id, seat);
    }
    return this.#events;
  }

  #chosen(choose: Choose, bead: Bead, open: readonly Seat[]): Seat | undefined {
    return open.length === 0 ? undefined : choose(bead, open, this.#facts, this.#at);
  }

  #open({ id: polecat, wants }: Polecat, seat: Seat): void {
    if (wants === null) return;
    this.#free -= 1;
    this.#emit({
      type: 'session.opened',
      polecat,
      token: this.#state.nextToken,
      seat,
      ...wants,
      at: this.#at,
    });
  }

  #begin(bead: BeadId, seat: Seat): void {
    this.#free -= 1;
    const token = this.#state.nextToken;
    const name = freeName(this.#state.polecats);
    this.#emit({ type: 'bead.moved', bead, to: 'assigned', reason: null, at: this.#at });
    this.#emit({
      type: 'polecat.created',
      polecat: polecatId(name, token),
      name,
      bead,
      branch: name,
      seat,
      token,
      at: this.#at,
    });
  }

  #emit(event: TownEvent): void {
    this.#events.push(event);
    this.#state = fold(this.#state, event);
  }
}

/** The first seat that is not known to be empty. */
export const firstFree = simple(() => (_, open) => open[0]);

/** One after the other. */
export const roundRobin = simple(() => {
  let turn = 0;
  return (_, open) => open[turn++ % open.length];
});

/** `affinity × remaining / capacity`, with the newest reading there is and an affinity that is true on the average. */
export function plainScore({ seats }: Scenario): () => Policy {
  return simple(() => (bead, open, { fuel }, at) => {
    const score = (seat: Seat): number => {
      const truth = seats.find((one) => one.seat.tank === seat.tank && one.seat.model === seat.model);
      const tank = fuel?.tanks[seat.tank];
      const left = tank === undefined ? 1 : (lowestOf(tank, at)?.left ?? 1);
      return (truth?.skill[bead.type] ?? 0) * left;
    };
    const best = open.toSorted((a, b) => score(b) - score(a))[0];
    return best !== undefined && score(best) > 0 ? best : undefined;
  });
}
