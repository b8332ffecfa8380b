import assert from 'node:assert/strict';
import { type ComeBack, comeBack } from '../../../src/town/comeBack.ts';
import { depotOf } from '../../../src/town/depot.ts';
import type { DispatchFacts } from '../../../src/town/dispatch.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import { hashOf } from '../../../src/town/hash.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { Pass } from '../../../src/town/pass.ts';
import { type MoveOn, defaultRouting } from '../../../src/town/routing.ts';
import { seatOf, tank, window } from './fuels.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const minute = 60_000;
const codex = seatOf('codex');

describe('a polecat whose account ran dry', () => {
  let town: Scene;
  let bead: BeadId;
  let until: number;
  beforeEach(() => {
    isLimitedFor(120 * minute);
  });

  function isLimitedFor(ms: number): void {
    town = new Scene();
    town.seats = [say.seat, codex];
    bead = town.convoy([{ estimate: 20_000 }])[0] ?? say.beadId(0);
    town.atWork(bead);
    until = town.now + ms;
    const doing = { kind: 'limited', until, detail: null } as const;
    town.tell({ ...town.who(bead), type: 'sawAgent', doing, ask: town.drawAsk() });
    town.ended(bead, { how: 'signalled', signal: 'SIGINT' });
    assert.equal(town.polecat(bead).state, 'ready');
  }

  /** `left` of the other account; its own is empty until its reset. */
  function factsAt(at: number, moveOn: MoveOn, left: number): DispatchFacts {
    const own = at >= until ? {} : { left: 0, resetsAt: until, source: 'limitError' as const };
    const tanks = {
      claude: tank('claude', [window(1, { at, resetsAt: until + 300 * minute, ...own })]),
      codex: tank('codex', [window(left, { at, resetsAt: until })]),
    };
    const routing = { ...defaultRouting, moveOn };
    return { seats: town.seats, maxPolecats: 2, fuel: { ...noFuel, tanks }, routing };
  }

  function goesOn(at: number, moveOn: MoveOn = 'never', left = 0.9): ComeBack {
    const facts = factsAt(at, moveOn, left);
    const pass = new Pass(town.state, depotOf(town.state), facts, at);
    return comeBack(town.state, town.polecat(bead), town.bead(bead), pass);
  }

  it('waits for its reset, keeps its bead in progress and takes no place meanwhile', () => {
    const how = goesOn(town.now);
    assert.ok(how.kind === 'waits' && how.wait.code === 'agent_limited');
    assert.equal(town.bead(bead).status, 'in_progress');
    const facts = factsAt(town.now, 'never', 0.9);
    assert.equal(
      new Pass(town.state, depotOf(town.state), { ...facts, maxPolecats: 1 }, town.now).isFull(),
      false,
    );
  });

  it('goes on by itself in its own seat within a minute after the reset, at an instant of its own', () => {
    const begins = (at: number): boolean => goesOn(at).kind === 'opens';
    let first = until;
    while (!begins(first) && first < until + 5 * minute) first += 1_000;
    assert.ok(first >= until && first < until + minute, String(first - until));
    assert.equal(begins(first - 1_001), false);
    const how = goesOn(first);
    assert.ok(how.kind === 'opens' && how.seat.tank === 'claude' && !how.moved && how.need !== null);
    // Whenever it is asked again, it is the same instant: after a reload, after sleep.
    assert.equal(begins(first), true);
    assert.equal(begins(until + 500 * minute), true);
  });

  it('waits but little longer than the vendor asked where that was short', () => {
    isLimitedFor(minute / 3);
    assert.equal(goesOn(until - 1).kind, 'waits');
    assert.equal(goesOn(until + minute / 12).kind, 'opens');
  });

  it('has another continue where its person always lets it, with what that one needs', () => {
    const how = goesOn(town.now, 'always');
    assert.ok(how.kind === 'opens' && how.moved && how.seat.tank === 'codex' && (how.need?.tokens ?? 0) > 0);
  });

  it('has nobody else continue where its person never lets it, where none can carry it, or where it is soon over', () => {
    assert.equal(goesOn(town.now, 'never').kind, 'waits');
    assert.equal(goesOn(town.now, 'always', 0).kind, 'waits');
    assert.equal(goesOn(until - 10 * minute, 'always').kind, 'waits');
    assert.equal(goesOn(until - 20 * minute, 'always').kind, 'opens');
  });

  it('asks its person once for a convoy, and does for all of it what they say', () => {
    const asks = goesOn(town.now, 'ask');
    assert.ok(asks.kind === 'asks' && asks.to.tank === 'codex');
    const tick = (): void => {
      town.tell({ type: 'tick', ...factsAt(town.now, 'ask', 0.9) });
    };
    tick();
    tick();
    const [ask] = town.openAsks().filter(({ subject }) => subject.kind === 'moveOn');
    assert.ok(ask !== undefined);
    assert.equal(town.openAsks().length, 1);
    const waits = goesOn(town.now, 'ask');
    assert.ok(waits.kind === 'waits' && waits.wait.code === 'move_on_asked');
    town.tell(say.answer(ask.id, 'allow'));
    const how = goesOn(town.now, 'ask');
    assert.ok(how.kind === 'opens' && how.moved && how.seat.tank === 'codex');
  });

  it('stays where it is when its person says no', () => {
    town.tell({ type: 'tick', ...factsAt(town.now, 'ask', 0.9) });
    const [ask] = town.openAsks();
    assert.ok(ask !== undefined);
    town.tell(say.answer(ask.id, 'deny'));
    const how = goesOn(town.now, 'ask');
    assert.ok(how.kind === 'waits' && how.wait.code === 'agent_limited');
  });
});

describe('the moment after a reset at which a polecat begins', () => {
  it('is another for each, all over the time there is', () => {
    const parts = Array.from({ length: 200 }, (_, n) =>
      Math.floor((hashOf(`nux-${String(n)} 7`) % 45_000) / 4_500),
    );
    const counts = Array.from({ length: 10 }, (_, part) => parts.filter((one) => one === part).length);
    assert.ok(Math.min(...counts) >= 5 && Math.max(...counts) <= 50, counts.join(' '));
  });
});
