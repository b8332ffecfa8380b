import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beadTypes, priorities } from '../../../src/town/bead.ts';
import { decide } from '../../../src/town/decide.ts';
import type { DispatchFacts } from '../../../src/town/dispatch.ts';
import { explain, preview } from '../../../src/town/explain.ts';
import { type RigState, emptyRig } from '../../../src/town/state.ts';
import { strategies } from '../../../src/town/routing.ts';
import { step } from '../../../src/town/step.ts';
import { claude, codex, facts, fuel, gemini, nth, now, rigWith, tank, window } from './fuels.ts';
import { commandFor, walks } from './walk.ts';
import * as say from './words.ts';

/** What a tick at that instant starts: bead and seat, in order. */
function started(state: RigState, given: DispatchFacts): readonly unknown[] {
  const decision = decide(state, { type: 'tick', ...given, at: now });
  assert.ok(decision.ok);
  return decision.events.flatMap((event) => {
    if (event.type === 'polecat.created') return [[event.bead, event.seat]];
    if (event.type !== 'session.opened') return [];
    return [[decision.state.polecats[event.polecat]?.bead, event.seat]];
  });
}

const level = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const someFacts: fc.Arbitrary<DispatchFacts> = fc
  .record({
    levels: fc.record({ claude: level, codex: level, gemini: level }),
    capacity: fc.constantFrom(150_000, 600_000, 10_000_000),
    resetsAt: fc.constantFrom(now + 600_000, now + 7_200_000, now + 30 * 3_600_000),
    maxPolecats: fc.integer({ min: 0, max: 5 }),
    strategy: fc.constantFrom(...strategies),
    moveOn: fc.constantFrom('always' as const, 'never' as const, 'ask' as const),
  })
  .map(({ levels, capacity, resetsAt, maxPolecats, strategy, moveOn }) => {
    const tanks = Object.fromEntries(
      Object.entries(levels).map(([id, left]) => [id, tank(id, [window(left, { capacity, resetsAt })])]),
    );
    return facts({}, { fuel: { ...fuel({}), tanks }, maxPolecats }, { strategy, moveOn });
  });

const someBeads = fc.array(
  fc.record({
    type: fc.constantFrom(...beadTypes),
    priority: fc.constantFrom(...priorities),
    preferredProvider: fc.constantFrom(null, null, 'codex'),
    touches: fc.constantFrom([], ['src/a.ts'], ['src/*.ts'], ['docs/**']),
    estimate: fc.constantFrom(null, 5_000, 40_000, 200_000),
  }),
  { minLength: 1, maxLength: 14 },
);

describe('what is said of dispatch', function () {
  this.timeout(30_000);

  it('is what the next tick does: a preview names just what starts, there, and an explanation agrees with it', () => {
    fc.assert(
      fc.property(someBeads, someFacts, (beads, given) => {
        // Some have waited for longer than others are patient.
        const state = rigWith(beads, now - 7 * 3_600_000);
        const previewed = preview(state, given, now).map(({ bead, seat }) => [bead, seat]);
        assert.deepEqual(previewed, started(state, given));
        const starting = new Map(previewed.map(([bead, seat]) => [bead, seat]));
        beads.forEach((_, n) => {
          const told = explain(state, given, now, nth(n));
          assert.deepEqual(told?.seat ?? null, starting.get(nth(n)) ?? null);
          assert.equal(told?.wait === null, starting.has(nth(n)));
        });
      }),
      { numRuns: 150 },
    );
  });

  it('is so in a town where work goes on, too', () => {
    fc.assert(
      fc.property(walks, someFacts, (draws, given) => {
        let state = emptyRig;
        [say.adopt, say.confirm, ...draws].forEach((one, turn) => {
          const result = step(state, 'kind' in one ? commandFor(state, one, turn) : { ...one, at: turn });
          if (result.ok) state = result.state;
        });
        const seats = [claude, codex, gemini, say.seat, say.otherSeat];
        // What waits until an instant wakes in the tick itself.
        if (Object.values(state.beads).some(({ status }) => status === 'deferred')) return;
        const told = preview(state, { ...given, seats }, now);
        const asIfAll = told.map(({ bead, seat }) => [bead, seat]);
        assert.deepEqual(asIfAll, started(state, { ...given, seats }));
      }),
      { numRuns: 150 },
    );
  });

  it('holds the figures of every seat, the best first, with the rule that decided and its place', () => {
    const state = rigWith([{ type: 'test' }, { type: 'test' }]);
    const given = facts({ claude: 0.9, codex: 0.9, gemini: 0 }, { maxPolecats: 1 });
    const first = explain(state, given, now, nth(0));
    assert.ok(first !== null);
    assert.deepEqual([first.rule, first.seat, first.place], ['best', codex, 0]);
    assert.deepEqual(
      first.candidates.map(({ seat, out }) => [seat.provider, out?.kind ?? null]),
      [
        ['codex', null],
        ['claude', null],
        ['gemini', 'shortage'],
      ],
    );
    for (const { affinity, headroom, success, score } of first.candidates)
      assert.ok(Math.abs(score - affinity * headroom * success) < 1e-9);
    const second = explain(state, given, now, nth(1));
    assert.deepEqual([second?.rule, second?.wait?.code, second?.place], ['no_slot', 'no_free_slot', 1]);
  });

  it('changes nothing', () => {
    const state = rigWith([{}, {}]);
    const given = facts({ claude: 0.9, codex: 0.9, gemini: 0.9 }, { maxPolecats: 1 });
    const before = structuredClone(state);
    assert.deepEqual(preview(state, given, now), preview(state, given, now));
    assert.deepEqual(state, before);
  });
});
