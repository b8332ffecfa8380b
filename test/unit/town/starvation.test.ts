import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BeadType } from '../../../src/town/bead.ts';
import { depotOf } from '../../../src/town/depot.ts';
import { type DispatchFacts, launches } from '../../../src/town/dispatch.ts';
import { type Draw, type Need, noFuel } from '../../../src/town/fuel.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import { Pass, patienceMs } from '../../../src/town/pass.ts';
import { type RigState, fold } from '../../../src/town/state.ts';
import { beadCreated, beadMoved } from '../../fakes/events.ts';
import { claude, codex, facts, hour, now, rigWith, tank, window } from './fuels.ts';
import * as say from './words.ts';

const slice = 10 * 60_000;
const windowMs = 5 * hour;
const capacity = 600_000;
const longest = 2 * hour;

interface Coming {
  readonly estimate: number;
  /** How many slices its session takes. */
  readonly slices: number;
  readonly file: string | null;
}

interface Running extends Coming {
  readonly bead: BeadId;
  readonly need: Need;
  readonly since: number;
}

/** A rig with one account, in which somebody asks for more and more small beads as soon as the one that waits is there. */
class Siege {
  state: RigState;
  at = now;
  #used = 0;
  #resetsAt = now + windowMs;
  #made = 0;
  readonly #running = new Map<BeadId, Running>();
  readonly #coming = new Map<BeadId, Coming>();
  readonly #limited: boolean;

  constructor(limited: boolean) {
    this.state = rigWith([]);
    this.#limited = limited;
  }

  asks(coming: Coming): BeadId {
    const bead = say.beadId((this.#made += 1));
    const { estimate, file } = coming;
    const draft = { type: 'test', estimate, touches: file === null ? [] : file.split(' ') } as const;
    this.state = [beadCreated(bead, draft, this.at), beadMoved(bead, 'queued', this.at)].reduce(
      fold,
      this.state,
    );
    this.#coming.set(bead, coming);
    return bead;
  }

  /** Lets what is due end, and starts what may start. */
  pass(): void {
    this.at += slice;
    if (this.at >= this.#resetsAt) [this.#used, this.#resetsAt] = [0, this.#resetsAt + windowMs];
    for (const one of this.#running.values()) {
      this.#used += one.need.tokens / one.slices;
      if (this.at >= one.since + one.slices * slice) this.#end(one.bead);
    }
    const pass = new Pass(this.state, depotOf(this.state), this.#facts(), this.at);
    for (const { place, seat, candidates } of launches(this.state, depotOf(this.state), pass)) {
      const need = candidates.find((one) => one.seat === seat)?.need;
      const { id: bead } = place.bead;
      const coming = this.#coming.get(bead);
      assert.ok(need !== undefined && coming !== undefined);
      this.state = fold(this.state, beadMoved(bead, 'assigned', this.at));
      const ms = coming.slices * slice;
      this.#running.set(bead, { ...coming, bead, need: { ...need, ms }, since: this.at });
    }
  }

  isWaiting(bead: BeadId): boolean {
    return this.state.beads[bead]?.status === 'queued';
  }

  #end(bead: BeadId): void {
    this.#running.delete(bead);
    for (const to of ['in_progress', 'reviewing', 'merging', 'completed'] as const)
      this.state = fold(this.state, beadMoved(bead, to, this.at));
  }

  #facts(): DispatchFacts {
    const left = this.#limited ? Math.max(0, 1 - this.#used / capacity) : 1;
    const size = this.#limited ? capacity : 1e12;
    const gauge = window(left, { capacity: size, resetsAt: this.#resetsAt, at: this.at });
    const draws = [...this.#running.values()].map(({ bead, need, since, slices }): Draw => {
      const part = Math.max(0, 1 - (this.at - since) / (slices * slice));
      const rest = { ...need, tokens: need.tokens * part, ms: need.ms * part };
      const polecat = bead as string as PolecatId;
      return { rig: 'r', polecat, token: 1, tank: 'claude', model: 'm', rest, since };
    });
    const fuel = { ...noFuel, tanks: { claude: tank('claude', [gauge]) }, draws };
    return facts({}, { seats: [claude], maxPolecats: 4, fuel });
  }
}

/** A rig with one place and two accounts, of which the one that suits an implementation better is back in an hour, for ever. */
function waitedForBetter(): number {
  let at = now;
  const asks = (n: number, type: BeadType): void => {
    const bead = say.beadId(n);
    state = [beadCreated(bead, { type }, at), beadMoved(bead, 'queued', at)].reduce(fold, state);
  };
  let state = rigWith([]);
  asks(0, 'implementation');
  for (let turn = 1; state.beads[say.beadId(0)]?.status === 'queued' && at - now < 2 * bound; turn += 1) {
    asks(turn, 'test');
    at += slice;
    const tanks = {
      claude: tank('claude', [window(0, { resetsAt: at + hour, at })]),
      codex: tank('codex', [window(1, { resetsAt: at + hour, at })]),
    };
    const given = facts({}, { seats: [claude, codex], maxPolecats: 1, fuel: { ...noFuel, tanks } });
    const depot = depotOf(state);
    const [first, ...more] = launches(state, depot, new Pass(state, depot, given, at));
    assert.ok(first !== undefined && more.length === 0, 'its place stood idle');
    for (const to of ['assigned', 'in_progress', 'reviewing', 'merging', 'completed'] as const)
      state = fold(state, beadMoved(first.place.bead.id, to, at));
  }
  return at - now;
}

/** Patience, then what runs already, then at most the rest of a window, and a look. */
const bound = patienceMs + longest + windowMs + 2 * slice;

const small = fc.record({
  estimate: fc.integer({ min: 1_000, max: 60_000 }),
  slices: fc.integer({ min: 1, max: longest / slice }),
});
/** Whoever asks sees nothing of what was decided, and asks for as many as there are places in every slice. */
const arrivals = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly (readonly T[])[]> =>
  fc.array(fc.array(one, { maxLength: 5 }), { minLength: 5, maxLength: 30 });

/** Little is ever drawn, and never by one alone. */
const neverAlone = [
  [{ estimate: 1_000, slices: 10 }],
  [],
  [],
  [{ estimate: 1_000, slices: 6 }],
  [{ estimate: 8_229, slices: 4 }],
];

function waited(siege: Siege, bead: BeadId, coming: readonly (readonly Coming[])[]): number {
  const since = siege.at;
  for (let turn = 0; siege.isWaiting(bead) && siege.at - since < 2 * bound; turn += 1) {
    for (const one of coming[turn % coming.length] ?? []) siege.asks(one);
    siege.pass();
  }
  return siege.at - since;
}

describe('however many smaller beads of its class come after it, a bead begins in time', function () {
  this.timeout(60_000);

  it('though it needs most of a window that they would draw from without an end', () => {
    let overtaken = 0;
    fc.assert(
      fc.property(fc.integer({ min: 150_000, max: 450_000 }), arrivals(small), (estimate, coming) => {
        const siege = new Siege(true);
        const before = [50_000, 40_000, 60_000].map((one, n) => ({
          estimate: one,
          slices: 4 + 4 * n,
          file: null,
        }));
        for (const one of before) siege.asks(one);
        siege.pass();
        const large = siege.asks({ estimate, slices: 12, file: null });
        const ms = waited(
          siege,
          large,
          coming.map((all) => all.map((one) => ({ ...one, file: null }))),
        );
        if (ms > patienceMs) overtaken += 1;
        assert.ok(ms <= bound, `${String(ms / hour)} hours`);
      }),
      { numRuns: 60, examples: [[150_000, neverAlone]] },
    );
    assert.ok(overtaken > 0, 'nobody ever had to be patient');
  });

  it('though an account that suits it better always comes back before long, and the other suits them', () => {
    const ms = waitedForBetter();
    assert.ok(ms > patienceMs, 'nobody had to be patient');
    assert.ok(ms <= patienceMs + 2 * slice, `${String(ms / hour)} hours`);
  });

  it('though they take the files it touches in turns', () => {
    let overtaken = 0;
    const files = fc.constantFrom('src/a.ts', 'src/b.ts');
    const touching = fc.tuple(small, files).map(([one, file]) => ({ ...one, file }));
    fc.assert(
      fc.property(arrivals(touching), (coming) => {
        const siege = new Siege(false);
        for (const file of ['src/a.ts', 'src/b.ts'])
          siege.asks({ estimate: 10_000, slices: file === 'src/a.ts' ? 2 : 3, file });
        siege.pass();
        const wide = siege.asks({ estimate: 10_000, slices: 3, file: 'src/a.ts src/b.ts' });
        const ms = waited(siege, wide, coming);
        if (ms > patienceMs) overtaken += 1;
        assert.ok(ms <= patienceMs + longest + 2 * slice, `${String(ms / hour)} hours`);
      }),
      { numRuns: 60 },
    );
    assert.ok(overtaken > 0, 'nobody ever had to be patient');
  });
});
