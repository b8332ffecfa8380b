import assert from 'node:assert/strict';
import { type Bead, beadTypes, priorities } from '../../../src/town/bead.ts';
import { carrier } from '../../../src/town/carry.ts';
import type { Candidate } from '../../../src/town/candidate.ts';
import { depotOf } from '../../../src/town/depot.ts';
import { type DispatchFacts, launches } from '../../../src/town/dispatch.ts';
import { type Explanation, preview } from '../../../src/town/explain.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import { Pass } from '../../../src/town/pass.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { notReady } from '../../../src/town/ready.ts';
import { defaultRouting } from '../../../src/town/routing.ts';
import { judge } from '../../../src/town/score.ts';
import { type RigState, emptyRig, fold } from '../../../src/town/state.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { Random } from '../../sim/random.ts';
import { facts as factsOf, now, rigWith, seatOf, tank, window } from '../../unit/town/fuels.ts';
import { type Measurement, figure } from '../figure.ts';
import { interleaved } from '../ratio.ts';

/** A rig with so many ready beads of all kinds, and the beads that come in after them, one a turn. */
class Queue {
  readonly #draw = new Random(1, 'bench dispatch');
  /** Written to in place: what folding costs is another figure's. */
  readonly #beads: Record<string, Bead> = {};
  readonly state: RigState;
  #made = 0;

  constructor(size: number) {
    this.state = { ...rigWith([]), beads: this.#beads };
    for (let n = 0; n < size; n += 1) {
      const bead = this.#make();
      this.#beads[bead.id] = bead;
    }
    depotOf(this.state);
  }

  /** One comes, as old as the middle of the queue. */
  comes(): void {
    const bead = this.#make();
    this.#beads[bead.id] = bead;
    depotOf(this.state).change({ name: 'beads', id: bead.id, before: undefined, after: bead });
  }

  /** One that started leaves the queue. */
  leaves(bead: Bead): void {
    Reflect.deleteProperty(this.#beads, bead.id);
    depotOf(this.state).change({ name: 'beads', id: bead.id, before: bead, after: undefined });
  }

  #make(): Bead {
    const [draw, id] = [this.#draw, beadIdOf(this.#made)];
    this.#made += 1;
    const type = beadTypes[draw.below(beadTypes.length)] ?? 'test';
    const priority = priorities[draw.below(priorities.length)] ?? 'normal';
    const estimate = draw.chance(50) ? draw.between(5_000, 100_000) : null;
    const touches = [`src/part${String(draw.below(400))}/**`];
    const at = draw.below(1_000_000);
    const events = [beadCreated(id, { type, priority, estimate, touches }, at), beadMoved(id, 'queued', at)];
    const made = events.reduce(fold, emptyRig).beads[id];
    if (made === undefined) throw new Error('a bead was not made');
    return made;
  }
}

const providers = ['claude', 'codex', 'gemini', 'deepseek', 'ollama'] as const;

function seatsOf(count: number): readonly Seat[] {
  return Array.from({ length: count }, (_, n) =>
    seatOf(providers[n % 5] ?? 'claude', 'm', `tank${String(n)}`),
  );
}

/** All accounts are as full, so that what suits a bead best also has its best score. */
function factsFor(seats: readonly Seat[], left: (n: number) => number, maxPolecats: number): DispatchFacts {
  const tanks = Object.fromEntries(
    seats.map((seat, n) => [seat.tank, tank(seat.tank, [window(left(n))], { provider: seat.provider })]),
  );
  return factsOf({}, { seats, maxPolecats, fuel: { ...noFuel, tanks } });
}

/** What one would write first: every ready bead with the scores of all its seats, sorted; the first that can start. */
function sortingEverything(state: RigState, facts: DispatchFacts): Explanation {
  const { fuel = noFuel, prices = {} } = facts;
  const carries = carrier(fuel, now);
  const judging = { fuel, prices, routing: defaultRouting, limits: new Map<string, number>(), at: now };
  const better = (a: Candidate, b: Candidate): number =>
    Number(a.out !== null) - Number(b.out !== null) || b.score - a.score;
  const all = Object.values(state.beads)
    .filter((bead) => bead.status === 'queued' && notReady(state, bead) === null)
    .map((bead) => {
      const judged = judge(bead, facts.seats, { ...judging, carrier: carries, running: () => 0 });
      return { bead, rank: priorities.indexOf(bead.priority), candidates: judged.toSorted(better) };
    })
    .sort(
      (a, b) => a.rank - b.rank || a.bead.createdAt - b.bead.createdAt || (a.bead.id < b.bead.id ? -1 : 1),
    );
  const place = all.findIndex(({ candidates }) => candidates[0]?.out === null);
  const first = all[place];
  const [best] = first?.candidates ?? [];
  if (first === undefined || best === undefined) throw new Error('nothing starts');
  const about = {
    bead: first.bead.id,
    at: now,
    strategy: defaultRouting.strategy,
    candidates: first.candidates,
  };
  return { ...about, rule: 'best', seat: best.seat, wait: null, from: null, place };
}

/** How many decisions are timed together, so that the clock's own steps are not what is measured. */
const decisions = 20;

async function measure(size: number, rounds: number): Promise<Measurement> {
  const facts = factsFor(seatsOf(5), () => 0.9, 1);
  const queue = new Queue(size);
  const { state } = queue;
  assert.deepEqual(preview(state, facts, now), [sortingEverything(state, facts)]);
  const subject = (): void => {
    for (let one = 0; one < decisions; one += 1) {
      const [started] = preview(state, facts, now);
      const bead = started === undefined ? undefined : state.beads[started.bead];
      if (bead === undefined) throw new Error('nothing starts');
      queue.leaves(bead);
      queue.comes();
    }
  };
  const found = await interleaved({
    subject,
    baseline: () => sortingEverything(state, facts),
    warmUp: 2,
    rounds,
  });
  const { subjectMs, baselineMs, runs } = found;
  return { value: subjectMs / decisions / baselineMs, baseline: baselineMs, runs };
}

figure({
  name: 'dispatch.10k',
  unit: 'x',
  target: 1 / 100,
  against: 'a bead that starts and one that comes among 10,000, and why; all scored and sorted anew, ms',
  measure: () => measure(10_000, 9),
});

figure({
  name: 'dispatch.100k',
  unit: 'x',
  target: 1 / 2_000,
  against: 'a bead that starts and one that comes among 100,000, and why; all scored and sorted anew, ms',
  measure: () => measure(100_000, 5),
});

/** Looks, after each of which something of the accounts was heard. */
const looks = 1_000;

figure({
  name: 'dispatch.p99',
  unit: 'ms',
  target: null,
  against:
    'one look at 1,000 ready beads with 100 accounts that know nothing of the last look; 99 of 100 take less',
  measure: () => {
    const draw = new Random(2, 'bench dispatch looks');
    const queue = new Queue(1_000);
    const seats = seatsOf(100);
    const times: number[] = [];
    for (let look = 0; look < looks + 100; look += 1) {
      const facts = factsFor(seats, () => draw.below(100) / 100, 6);
      const start = performance.now();
      const pass = new Pass(queue.state, depotOf(queue.state), facts, now);
      const started = launches(queue.state, depotOf(queue.state), pass);
      const ms = performance.now() - start;
      if (look >= 100) times.push(ms);
      for (const { place } of started) {
        queue.leaves(place.bead);
        queue.comes();
      }
    }
    const sorted = times.toSorted((a, b) => a - b);
    return Promise.resolve({
      value: sorted[Math.ceil(looks * 0.99) - 1] ?? NaN,
      baseline: null,
      runs: looks,
    });
  },
});
