import assert from 'node:assert/strict';
import { due } from '../../../src/town/action.ts';
import type { LandingPolicy } from '../../../src/town/convoy.ts';
import type { BeadDraft } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { step } from '../../../src/town/step.ts';
import { dispatch } from '../../../src/town/dispatch.ts';
import type { DispatchFacts } from '../../../src/town/dispatch.ts';
import { explain } from '../../../src/town/explain.ts';
import type { RigState } from '../../../src/town/state.ts';
import { archiveAfterMs } from '../../../src/town/decide/archive.ts';
import { broken } from './invariants.ts';
import { facts, fuel, nth, now, rigWith, tank, window } from './fuels.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const [one, two, three] = [say.beadId(901), say.beadId(902), say.beadId(903)] as const;

describe('A bead that is tried in several seats', () => {
  let town: Scene;
  beforeEach(() => {
    town = new Scene();
    town.maxPolecats = 3;
    town.seats = [say.seat, say.otherSeat, { ...say.seat, model: 'opus' }];
  });
  afterEach(() => {
    assert.deepEqual(broken(town.state), []);
  });

  /** A bead, one that waits for it, and attempts at the first. */
  const tried = (
    count = 2,
    landing: LandingPolicy = 'review',
    more: Partial<BeadDraft> = {},
  ): readonly [BeadId, BeadId] => {
    const [about] = town.convoy([more], landing) as [BeadId];
    const after = say.beadId(800);
    const convoy = town.bead(about).convoy;
    const draft = say.draft('after it', { dependencies: [about] });
    town.tell({ type: 'createBead', bead: after, convoy, draft });
    const attempts = [one, two, three].slice(0, count).map((bead) => ({ bead, provider: null }));
    town.tell({ type: 'contestBead', bead: about, attempts });
    return [about, after];
  };
  const needs = (): readonly string[] => needsYou(town.state).map((need) => need.kind);
  const convoyOf = (bead: BeadId): RigState['convoys'][keyof RigState['convoys']] | undefined => {
    const { convoy } = town.bead(bead);
    return convoy === null ? undefined : town.state.convoys[convoy];
  };
  const pick = (bead: BeadId): void => {
    town.tell({ type: 'pickAttempt', bead, request: say.requestId(Number(bead.slice(3)) + 5_000) });
  };
  const landPicked = (bead: BeadId): void => {
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.land(bead);
  };
  const status = (...beads: readonly BeadId[]): readonly string[] =>
    beads.map((bead) => town.bead(bead).status);

  it('becomes beads alike it, which wait for what it waited for', () => {
    const [first] = town.convoy([{}]) as [BeadId];
    const [about] = town.convoy([{ dependencies: [first], criteria: ['it parses'], priority: 'high' }]) as [
      BeadId,
    ];
    town.tell({
      type: 'contestBead',
      bead: about,
      attempts: [
        { bead: one, provider: 'claude' },
        { bead: two, provider: null },
      ],
    });
    const { title, criteria, priority, dependencies, convoy } = town.bead(about);
    for (const bead of [one, two]) {
      const made = town.bead(bead);
      assert.deepEqual(
        [made.title, made.criteria, made.priority, made.dependencies, made.convoy, made.attemptAt],
        [title, criteria, priority, dependencies, convoy, about],
      );
      assert.equal(town.why(bead).code, 'blocked_by');
    }
    assert.deepEqual([town.bead(one).preferredProvider, town.bead(two).preferredProvider], ['claude', null]);
    assert.equal(town.why(about).code, 'tried_in_seats');
  });

  it('is one that has not begun, and no attempt itself; two to five attempts, each a bead of its own', () => {
    const [about] = town.convoy([{}]) as [BeadId];
    const attempts = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ bead: say.beadId(700 + n), provider: null }));
    assert.equal(town.refused({ type: 'contestBead', bead: about, attempts: attempts(1) }), 'invalid');
    assert.equal(town.refused({ type: 'contestBead', bead: about, attempts: attempts(6) }), 'invalid');
    const twice = [...attempts(1), ...attempts(1)];
    assert.equal(town.refused({ type: 'contestBead', bead: about, attempts: twice }), 'invalid');
    const known = [...attempts(1), { bead: about, provider: null }];
    assert.equal(town.refused({ type: 'contestBead', bead: about, attempts: known }), 'already_exists');
    town.tell({ type: 'contestBead', bead: about, attempts: attempts(2) });
    assert.equal(town.refused({ type: 'contestBead', bead: about, attempts: attempts(2) }), 'not_now');
    const inner = [one, two].map((bead) => ({ bead, provider: null }));
    assert.equal(
      town.refused({ type: 'contestBead', bead: say.beadId(700), attempts: inner }),
      'not_now',
      'an attempt at an attempt',
    );
    town.tick();
    town.convoy([{}]);
    const [begun] = town.convoy([{ priority: 'critical' }]) as [BeadId];
    town.maxPolecats = 9;
    town.atWork(begun);
    assert.equal(town.refused({ type: 'contestBead', bead: begun, attempts: inner }), 'not_now');
  });

  it('may be tried so from its making on; a bead whose attempts are refused is not made', () => {
    const bead = say.beadId(500);
    const made = { type: 'createBead', bead, convoy: null, draft: say.draft('new') } as const;
    const attempts = [one, two].map((it) => ({ bead: it, provider: null }));
    assert.equal(town.refused({ ...made, attempts: attempts.slice(1) }), 'invalid');
    assert.equal(town.state.beads[bead], undefined);
    town.tell({ ...made, attempts });
    assert.deepEqual(status(bead, one, two), ['contested', 'queued', 'queued']);
  });

  it('runs in different seats, as long as there are any', () => {
    tried(3);
    town.tick();
    const seats = [one, two, three].map((bead) => town.polecat(bead).seat);
    assert.equal(new Set(seats.map(({ tank, model }) => `${tank} ${model}`)).size, 3);
  });

  it('runs in the only seat there is, side by side', () => {
    town.seats = [say.seat];
    tried(2);
    town.tick();
    assert.deepEqual([town.polecat(one).seat, town.polecat(two).seat], [say.seat, say.seat]);
  });

  it('lands the result that is picked, and then whoever waited for it goes on', () => {
    const [about, after] = tried();
    town.delivered(one, say.commitId(21));
    assert.deepEqual(status(one, about), ['contending', 'contested']);
    assert.deepEqual(needs(), [], 'another is still at work');
    town.delivered(two, say.commitId(22));
    assert.deepEqual(needs(), ['contest']);
    assert.equal(town.why(about).code, 'waits_for_pick');
    assert.deepEqual(town.due(), [], 'nothing enters the queue by itself');
    pick(two);
    assert.deepEqual(status(about, one, two), ['contested', 'not_picked', 'merging']);
    assert.deepEqual([needs(), town.why(about).code], [[], 'attempt_picked']);
    town.provenToLand(two, say.commitId(30));
    assert.equal(town.why(after).code, 'blocked_by');
    landPicked(two);
    assert.deepEqual(status(about, two), ['completed', 'completed']);
    assert.deepEqual([town.bead(about).landed, town.bead(two).landed], [say.commitId(30), say.commitId(30)]);
    assert.notEqual(town.bead(after).status, 'completed');
    assert.notEqual(town.why(after).code, 'blocked_by');
  });

  it('counts once in its convoy, which is through only when it is', () => {
    const [about, after] = tried();
    town.tell({ type: 'cancelBead', bead: after });
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    pick(one);
    town.provenToLand(one, say.commitId(30));
    assert.equal(convoyOf(about)?.closedAt, null);
    landPicked(one);
    assert.notEqual(convoyOf(about)?.closedAt, null);
  });

  it('keeps worktree and branch of what was not picked until a person cleans up', () => {
    const [about, after] = tried();
    town.tell({ type: 'cancelBead', bead: after });
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    pick(two);
    town.provenToLand(two, say.commitId(30));
    landPicked(two);
    assert.deepEqual(
      due(town.state).filter((it) => it.type === 'clear'),
      [{ type: 'clear', polecat: town.polecat(two).id }],
    );
    town.tell({ type: 'cleared', polecat: town.polecat(two).id });
    // However long it takes.
    town.now += 2 * archiveAfterMs;
    town.tick();
    assert.deepEqual([status(one), town.due().includes('clear')], [['not_picked'], false]);
    town.tell({ type: 'cleanAttempts', bead: about });
    assert.deepEqual(
      due(town.state).filter((it) => it.type === 'clear'),
      [{ type: 'clear', polecat: town.polecat(one).id }],
    );
    town.tell({ type: 'cleared', polecat: town.polecat(one).id });
    town.now += 2 * archiveAfterMs;
    town.tick();
    assert.deepEqual(Object.keys(town.state.beads), [], 'all of it goes to the archive');
  });

  it('lets another be picked when the picked one is taken out of the queue, and the first one again', () => {
    const [about] = tried();
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    pick(one);
    assert.equal(
      town.refused({ type: 'pickAttempt', bead: two, request: say.requestId(1) }),
      'not_now',
      'two of them would land',
    );
    const { id: request } = town.request(one);
    town.tell({
      type: 'eject',
      request,
      ask: say.askId(5_000),
      reason: { code: 'person_said', facts: {} },
    });
    assert.deepEqual(needs(), ['ask']);
    pick(two);
    assert.deepEqual([status(one, two), needs()], [['not_picked', 'merging'], []]);
    town.tell({ type: 'cancelBead', bead: two });
    town.tick();
    assert.deepEqual([status(about), needs()], [['contested'], ['contest']], 'nobody picks for the person');
    town.tell({ type: 'pickAttempt', bead: one, request: say.requestId(2) });
    assert.deepEqual(status(one), ['merging']);
  });

  it('ends those still at work when one is picked before they are done, and keeps what they made', () => {
    tried(3);
    town.delivered(one, say.commitId(21));
    town.atWork(two);
    pick(one);
    assert.deepEqual(status(two, three), ['not_picked', 'cancelled'], 'the third had no worktree yet');
    assert.ok(due(town.state).some((it) => it.type === 'endSession' && it.polecat === town.polecat(two).id));
    town.ended(two, { how: 'signalled', signal: 'SIGINT' });
    assert.equal(town.polecat(two).state, 'resting');
    assert.equal(town.refused({ type: 'pickAttempt', bead: two, request: say.requestId(1) }), 'not_now');
  });

  it('goes its way alone that is the only one to get through, with the yes of its convoy', () => {
    const [about] = tried(2, 'auto');
    town.delivered(one, say.commitId(21));
    town.tell({ type: 'cancelBead', bead: two });
    town.tick();
    assert.deepEqual(status(one), ['merging']);
    assert.equal(town.request(one).approval, 'convoy');
    town.land(one);
    assert.deepEqual(status(about), ['completed']);
  });

  it('is not picked by itself where two got through, also where all may land by itself', () => {
    const [about] = tried(2, 'auto');
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    town.tick();
    assert.deepEqual(
      [status(about, one, two), needs()],
      [['contested', 'contending', 'contending'], ['contest']],
    );
    pick(one);
    assert.equal(town.request(one).approval, 'convoy');
  });

  it('lands by the rule that said yes at its proof, once it is picked', () => {
    tried();
    town.atWork(one);
    town.saysDone(one);
    town.proven(one, say.commitId(21), {}, 2);
    town.delivered(two, say.commitId(22));
    pick(one);
    assert.deepEqual([town.request(one).approval, town.request(one).rule], ['rule', 2]);
  });

  it('fails once no attempt is left, and goes on when one of them is retried, or as a bead of its own', () => {
    const [about, after] = tried();
    for (const bead of [one, two]) {
      town.atWork(bead);
      town.ended(bead, { how: 'closed' });
      const [ask] = town.openAsks();
      town.tell(say.answer(ask?.id ?? say.askId(0), 'dismiss'));
    }
    town.tick();
    assert.deepEqual(
      [status(about, one, two), town.why(about).code],
      [['failed', 'failed', 'failed'], 'no_attempt_proven'],
    );
    assert.equal(town.why(after).code, 'dependency_failed');
    town.tell({ type: 'retryBead', bead: one });
    assert.deepEqual(status(about), ['contested']);
    town.tell({ type: 'cancelBead', bead: one });
    town.tick();
    town.tell({ type: 'retryBead', bead: about });
    assert.equal(town.refused({ type: 'retryBead', bead: two }), 'not_now', 'it is worked on itself');
    town.atWork(about);
  });

  it('is called off with all its attempts', () => {
    const [about] = tried(3);
    town.delivered(one, say.commitId(21));
    town.atWork(two);
    town.tell({ type: 'cancelBead', bead: about });
    assert.deepEqual(
      status(about, one, two, three),
      Array.from({ length: 4 }, () => 'cancelled'),
    );
    town.ended(two, { how: 'signalled', signal: 'SIGINT' });
    assert.equal(due(town.state).filter((it) => it.type === 'clear').length, 3);
  });

  it('is not called off while what was picked is landing', () => {
    const [about] = tried();
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    pick(one);
    town.provenToLand(one, say.commitId(30));
    town.tell({ type: 'approve', request: town.request(one).id });
    town.tick();
    town.assembled([], [say.commitId(30)]);
    assert.equal(town.refused({ type: 'cancelBead', bead: about }), 'not_now');
  });

  it('goes back to its agent with a person’s words before it is picked', () => {
    tried();
    town.delivered(one, say.commitId(21));
    town.tell({ type: 'sendBack', bead: one, words: 'Say what 1h30 is.' });
    assert.deepEqual(status(one), ['in_progress']);
    town.atWork(one);
    town.saysDone(one);
    town.proven(one, say.commitId(23));
    assert.deepEqual(status(one), ['contending']);
  });

  it('goes on like any other once it is picked: what conflicts goes back to its agent and then lands', () => {
    const [about] = tried();
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    pick(one);
    town.notProven(one);
    assert.deepEqual([status(one, about), needs()], [['in_progress', 'contested'], []]);
    town.delivered(one, say.commitId(24));
    assert.deepEqual(status(one), ['merging'], 'it is not compared once more');
    town.provenToLand(one, say.commitId(31));
    landPicked(one);
    assert.deepEqual(status(about), ['completed']);
  });

  it('stays open with its attempt when the landing is taken back', () => {
    const [about] = tried();
    town.delivered(one, say.commitId(21));
    town.delivered(two, say.commitId(22));
    pick(one);
    town.provenToLand(one, say.commitId(30));
    landPicked(one);
    const revert = say.beadId(600);
    const evidence = { ...say.evidence(say.commitId(40)), commit: say.commitId(40) };
    town.tell({
      ...{ type: 'enterBranch', request: say.requestId(600), bead: revert, draft: say.draft('Take it back') },
      ...{ branch: 'revert', evidence, reverts: town.request(one).id },
    });
    town.provenToLand(revert, say.commitId(41));
    landPicked(revert);
    assert.equal(status(about)[0], 'contested');
    assert.notEqual(status(one)[0], 'completed');
  });

  it('keeps its words and its convoy as long as its attempts have them', () => {
    const [about] = tried();
    assert.equal(town.refused({ type: 'editBead', bead: about, changes: { title: 'x' } }), 'not_now');
    assert.equal(town.refused({ type: 'fileBead', bead: one, convoy: null }), 'not_now');
    town.tell({ type: 'fileBead', bead: about, convoy: null });
    assert.deepEqual([town.bead(one).convoy, town.bead(two).convoy], [null, null]);
    assert.equal(
      town.refused({ type: 'editBead', bead: one, changes: { dependencies: [two] } }),
      'not_now',
      'an attempt that waits for another would wait for ever',
    );
  });

  it('completes by a statement that is picked, where no diff is owed', () => {
    const [about, after] = tried(2, 'review', { type: 'research' });
    for (const bead of [one, two]) {
      town.atWork(bead);
      town.saysDone(bead);
      town.proven(bead, null);
      town.ended(bead, { code: 0 });
    }
    assert.deepEqual(needs(), ['contest']);
    pick(two);
    assert.deepEqual(status(about, one, two), ['completed', 'not_picked', 'completed']);
    town.tick();
    assert.equal(status(after)[0], 'assigned');
  });

  it('answers an agent once, whatever becomes of its attempt: its session ends with its turn', () => {
    tried();
    town.atWork(one);
    town.saysDone(one);
    town.proven(one, say.commitId(21));
    town.tell({ ...town.who(one), type: 'endTurn', ask: say.askId(6_000) });
    assert.ok(town.due().includes('endSession'));
  });
});

describe('The seats of attempts at one bead', () => {
  const hourMs = 3_600_000;
  /** One ready bead, tried in as many attempts. */
  const contested = (count: number, touches: readonly string[] = [], at?: number): RigState => {
    const state = rigWith([{ touches }], at);
    const attempts = [one, two, three].slice(0, count).map((bead) => ({ bead, provider: null }));
    const result = step(state, { type: 'contestBead', bead: nth(0), attempts, at: at ?? now - hourMs });
    assert.ok(result.ok);
    return result.state;
  };
  /** By attempt the provider it starts with, or why it waits. */
  const starts = (state: RigState, given: DispatchFacts): readonly string[] =>
    dispatch(state, given, now).map((it) => ('seat' in it ? it.seat.provider : it.wait.code));
  const all = { claude: 0.9, codex: 0.9, gemini: 0.9 };

  it('are different ones, the best first', () => {
    assert.deepEqual(starts(contested(2), facts(all)).toSorted(), ['claude', 'codex']);
    assert.deepEqual(starts(contested(3), facts(all)).toSorted(), ['claude', 'codex', 'gemini']);
  });

  it('are waited for while they are used up for now', () => {
    const given = facts({ ...all, codex: 0, gemini: 0 });
    assert.deepEqual(starts(contested(2), given), ['claude', 'tank_dry']);
  });

  it('are shared after a long wait, or where the others can only be mended by a person', () => {
    const given = facts({ ...all, codex: 0, gemini: 0 });
    assert.deepEqual(starts(contested(2, [], now - 7 * hourMs), given), ['claude', 'claude']);
    const broken = { problem: { kind: 'auth' as const, at: now, detail: '' } };
    const tanks = {
      claude: tank('claude', [window(0.9)]),
      codex: tank('codex', [window(0.9)], broken),
      gemini: tank('gemini', [window(0.9)], broken),
    };
    assert.deepEqual(starts(contested(2), facts({}, { fuel: { ...fuel({}), tanks } })), ['claude', 'claude']);
  });

  it('may be two models of one account', () => {
    const [seat] = facts(all).seats;
    assert.ok(seat !== undefined);
    const seats = [seat, { ...seat, model: 'another' }];
    const chosen = dispatch(contested(2), facts(all, { seats }), now);
    const models = chosen.map((it) => ('seat' in it ? it.seat.model : it.wait.code));
    assert.deepEqual(models.toSorted(), ['another', 'm']);
  });

  it('do not wait for files that another attempt at the same changes', () => {
    const state = contested(2, ['src/a.ts']);
    assert.deepEqual(starts(state, facts(all)).toSorted(), ['claude', 'codex']);
  });

  it('are explained: what is left to another attempt, and what is shared for want of another', () => {
    const kinds = (given: DispatchFacts): readonly unknown[] =>
      (explain(contested(2), given, now, two)?.candidates ?? []).map(({ seat, out, shares }) => [
        seat.provider,
        out?.kind ?? shares ?? null,
      ]);
    const [taken] = starts(contested(1 + 1), facts(all));
    assert.deepEqual(
      kinds(facts(all)).find((it) => Array.isArray(it) && it[0] === taken),
      [taken, 'sibling'],
    );
    const [seat] = facts(all).seats;
    assert.deepEqual(kinds(facts(all, { seats: seat === undefined ? [] : [seat] })), [['claude', one]]);
  });
});
