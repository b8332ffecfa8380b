import assert from 'node:assert/strict';
import {
  type AccountDecision,
  type AccountEvent,
  type AccountState,
  type Holder,
  type Reservation,
  confirm,
  emptyAccount,
  foldAccount,
  keyOf,
  reconcile,
  release,
  reserve,
  seeRig,
} from '../../../src/town/account.ts';
import type { PolecatId } from '../../../src/town/ids.ts';

const window = (id: string): Holder => ({
  id,
  pid: 1,
  startTime: id,
  boot: 'b',
  pidSpace: 's',
  machine: 'm',
});
const [left, right] = [window('left'), window('right')];
const agent = { pid: 7, startTime: 'seven' };

function session(rig: string, token: number, holder = left): Reservation {
  const polecat = `nux-${String(token)}` as PolecatId;
  return {
    rig,
    polecat,
    token,
    tank: 'claude',
    model: 'sonnet',
    need: null,
    spool: null,
    agent: null,
    holder,
    at: 100,
  };
}

function folded(state: AccountState, events: readonly AccountEvent[]): AccountState {
  return events.reduce(foldAccount, state);
}

function after(...decisions: readonly ((state: AccountState) => AccountDecision<unknown>)[]): AccountState {
  return decisions.reduce((state, decide) => folded(state, decide(state).events), emptyAccount);
}

const reserved = (one: Reservation) => (state: AccountState) => reserve(state, one, Infinity, []);
const keys = (state: AccountState): readonly string[] => Object.keys(state.reservations);

describe("a person's places", () => {
  const [a, b, c] = [session('a', 1), session('b', 2), session('a', 3)];

  it('are granted while fewer than the limit are taken', () => {
    const one = after(reserved(a));
    assert.deepEqual(reserve(one, b, 2, []).answer, { granted: true });
    const two = after(reserved(a), reserved(b));
    assert.equal(reserve(two, c, 2, []).answer.granted, false);
    assert.deepEqual(reserve(two, c, 2, []).events, []);
  });

  it('are refused with who has them, most first and by the names the rigs told', () => {
    const state = after(reserved(b), reserved(a), reserved(c), (before) =>
      seeRig(before, { rig: 'b', root: '/work/shop', name: 'shop', at: 1 }),
    );
    assert.deepEqual(reserve(state, session('b', 4), 3, []).answer, {
      granted: false,
      limit: 3,
      held: [
        { rig: 'a', name: null, root: null, agents: 2 },
        { rig: 'b', name: 'shop', root: '/work/shop', agents: 1 },
      ],
    });
  });

  it('are none when the limit is no number', () => {
    assert.equal(reserve(emptyAccount, a, NaN, []).answer.granted, false);
  });

  it('are granted to the same session again without a second one being taken', () => {
    const state = after(reserved(a));
    assert.deepEqual(reserve(state, { ...a, at: 200 }, 1, []), { events: [], answer: { granted: true } });
  });

  it('go over to the window that asks for the same session after a reload, with the agent they are for', () => {
    const state = after(reserved(a), (before) => confirm(before, a, agent), reserved(session('a', 1, right)));
    assert.deepEqual(Object.values(state.reservations), [{ ...a, agent, holder: right }]);
  });

  it('whose process is gone are dropped in the step that takes one', () => {
    const state = after(reserved(a), reserved(b));
    const { events, answer } = reserve(state, c, 2, [a]);
    assert.deepEqual(answer, { granted: true });
    assert.deepEqual(keys(folded(state, events)), [b, c].map(keyOf));
    assert.deepEqual(events[0], {
      type: 'reservation.released',
      key: { rig: 'a', polecat: 'nux-1', token: 1 },
      cause: 'gone',
    });
  });

  it('are kept when somebody confirmed them or took them over since they looked gone', () => {
    for (const since of [
      (state: AccountState) => confirm(state, a, agent),
      reserved(session('a', 1, right)),
    ]) {
      const state = after(reserved(a), since);
      assert.equal(reserve(state, b, 1, [a]).answer.granted, false);
    }
  });

  it('are confirmed once, and not when nothing is reserved', () => {
    const state = after(reserved(a));
    const first = confirm(state, a, agent);
    assert.deepEqual([first.answer, first.events.length], [true, 1]);
    assert.deepEqual(confirm(folded(state, first.events), a, agent), { events: [], answer: true });
    assert.deepEqual(confirm(state, b, agent), { events: [], answer: false });
  });

  it('are given back once', () => {
    const state = after(reserved(a), (before) => release(before, a));
    assert.deepEqual(keys(state), []);
    assert.deepEqual(release(state, a).events, []);
  });

  it("of a rig become what its owner says, whatever the limit, and other rigs' stay", () => {
    const state = after(reserved(a), reserved(b), reserved(c));
    const found = { ...session('a', 9, right), agent };
    const { events } = reconcile(state, { rig: 'a', epoch: 1 }, [
      { ...session('a', 3, right), agent },
      found,
    ]);
    const now = folded(state, events);
    assert.deepEqual(now.reservations, {
      [keyOf(b)]: b,
      [keyOf(c)]: { ...c, holder: right, agent },
      [keyOf(found)]: found,
    });
    assert.deepEqual(reconcile(now, { rig: 'a', epoch: 1 }, [{ ...c, holder: right }, found]).events, []);
  });

  it('are no business of a former owner that wakes: its sessions were over long ago', () => {
    const now = after(reserved(a), (before) => reconcile(before, { rig: 'a', epoch: 2 }, []));
    assert.deepEqual(keys(now), []);
    assert.deepEqual(reconcile(now, { rig: 'a', epoch: 1 }, [a]).events, []);
  });
});

describe('the register of rigs', () => {
  const rig = { rig: 'a', root: '/work/shop', name: 'shop', at: 1_000 };
  const seen = (one: typeof rig) => (state: AccountState) => seeRig(state, one);

  it('is written when a rig is new, moved, renamed, or was not told for a day', () => {
    const state = after(seen(rig));
    assert.deepEqual(state.rigs, { a: rig });
    assert.deepEqual(seeRig(state, { ...rig, at: 2_000 }).events, []);
    for (const change of [{ root: '/work/store' }, { name: 'store' }, { at: 90_000_000 }]) {
      assert.equal(seeRig(state, { ...rig, at: 2_000, ...change }).events.length, 1);
    }
  });
});
