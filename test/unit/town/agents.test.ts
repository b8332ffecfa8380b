import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { reason } from '../../../src/town/reason.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('an agent', () => {
  let town: Scene;
  let bead: BeadId;

  beforeEach(() => {
    town = new Scene();
    [bead] = town.convoy([{}]) as [BeadId];
  });

  describe('that says done', () => {
    it('is believed only for a commit that was proven: then its bead enters the merge queue', () => {
      town.atWork(bead);
      town.saysDone(bead);
      assert.equal(town.bead(bead).status, 'reviewing');
      assert.deepEqual(town.due(), ['attend', 'proveDone']);
      town.proven(bead, say.commitId(42));
      assert.equal(town.bead(bead).status, 'merging');
      assert.equal(town.request(bead).head, say.commitId(42));
      assert.equal(town.bead(bead).landed, null);
    });

    it('may say it again without anything happening twice', () => {
      town.atWork(bead);
      town.saysDone(bead);
      const before = town.state;
      assert.deepEqual(town.tell({ ...town.who(bead), type: 'claimDone', claim: 'another' }), []);
      assert.deepEqual(town.state, before);
    });

    it('that repeats a claim whose answer got lost is not reminded a second time for it', () => {
      town.atWork(bead);
      town.tell({ ...town.who(bead), type: 'claimDone', claim: 'first' });
      town.missing(bead);
      const before = town.state;
      assert.deepEqual(town.tell({ ...town.who(bead), type: 'claimDone', claim: 'first' }), []);
      assert.deepEqual(town.state, before);
      town.tell({ ...town.who(bead), type: 'claimDone', claim: 'second' });
      assert.equal(town.bead(bead).status, 'reviewing');
    });

    it('is told twice what is missing; the third time a person is', () => {
      town.atWork(bead);
      for (const reminders of [1, 2]) {
        town.saysDone(bead);
        town.missing(bead);
        assert.equal(town.bead(bead).reminders, reminders);
        assert.equal(town.openAsks().length, 0);
      }
      town.saysDone(bead);
      town.missing(bead);
      assert.deepEqual(town.ask().subject, {
        kind: 'stuck',
        polecat: town.polecat(bead).id,
        reason: reason('nothing_committed'),
      });
      assert.equal(town.why(bead).code, 'nothing_committed');
    });

    it('is reminded in a new session when its own has ended meanwhile', () => {
      town.atWork(bead);
      town.saysDone(bead);
      town.ended(bead, { code: 0 });
      assert.equal(town.polecat(bead).state, 'resting');
      town.missing(bead, 'check_failed');
      town.tick();
      assert.deepEqual(
        [town.polecat(bead).session?.purpose, town.polecat(bead).session?.feedback?.code],
        ['remind', 'check_failed'],
      );
    });

    it('does not complete a bead that owes a diff by a statement alone', () => {
      town.atWork(bead);
      town.saysDone(bead);
      const statement = {
        ...town.who(bead),
        type: 'evidenceFound',
        evidence: say.evidence(null),
        request: say.requestId(99),
      } as const;
      assert.equal(town.refused(statement), 'nothing_committed');
      assert.equal(town.bead(bead).status, 'reviewing');
    });

    it('completes research by what it states', () => {
      const [research] = town.convoy([{ type: 'research' }]) as [BeadId];
      town.atWork(research);
      town.saysDone(research);
      town.proven(research, null);
      assert.equal(town.bead(research).status, 'completed');
    });

    it('takes back the question whether somebody must help', () => {
      town.atWork(bead);
      for (let round = 0; round < 3; round += 1) {
        town.saysDone(bead);
        town.missing(bead);
      }
      assert.equal(town.openAsks().length, 1);
      town.saysDone(bead);
      town.proven(bead);
      assert.deepEqual(town.openAsks(), []);
    });
  });

  describe('that dies', () => {
    it('while a person is asked about its bead waits for their answer', () => {
      town.atWork(bead);
      for (let round = 0; round < 3; round += 1) {
        town.saysDone(bead);
        town.missing(bead);
      }
      town.ended(bead, { code: 1 });
      town.tick();
      assert.deepEqual([town.polecat(bead).state, town.due(), town.openAsks().length], ['resting', [], 1]);
    });

    it('is replaced once, told to go on in the same worktree; then a person decides', () => {
      town.atWork(bead);
      const { worktree, branch } = town.polecat(bead);
      town.ended(bead, { how: 'signalled', signal: 'SIGKILL' });
      town.tick();
      const { session } = town.polecat(bead);
      assert.deepEqual([session?.purpose, session?.feedback?.code], ['resume', 'agent_died']);
      assert.deepEqual([town.polecat(bead).worktree, town.polecat(bead).branch], [worktree, branch]);
      town.started(bead);
      town.ended(bead, { code: 1 });
      assert.equal(town.ask().subject.kind, 'stuck');
      assert.equal(town.why(bead).code, 'agent_died');
      town.tick();
      assert.deepEqual(town.due(), []);
    });

    it('is replaced once more after a person said so', () => {
      town.atWork(bead);
      town.ended(bead, { code: 1 });
      town.atWork(bead);
      town.ended(bead, { code: 1 });
      town.tell(say.answer(town.ask().id, 'retry'));
      town.atWork(bead);
      town.ended(bead, { code: 1 });
      assert.deepEqual(town.openAsks(), []);
      assert.equal(town.polecat(bead).state, 'ready');
    });

    it('fails its bead when the person lets it, and its worktree is cleared away', () => {
      town.atWork(bead);
      town.ended(bead, { how: 'closed' });
      town.tell(say.answer(town.ask().id, 'dismiss'));
      assert.equal(town.bead(bead).status, 'failed');
      assert.deepEqual(town.due(), ['clear']);
    });

    it('whose terminal a person closed is not started again unasked', () => {
      town.atWork(bead);
      town.ended(bead, { how: 'closed' });
      assert.equal(town.why(bead).code, 'terminal_closed');
      town.tick();
      assert.deepEqual(town.due(), []);
      assert.equal(town.bead(bead).deaths, 0);
    });

    it('that could not be started counts as dead', () => {
      town.tick();
      town.tell({ ...town.who(bead), type: 'housed', worktree: '/w', base: say.commitId(0) });
      town.tick();
      town.ended(bead, { how: 'not_started' });
      town.tick();
      town.ended(bead, { how: 'not_started' });
      assert.equal(town.why(bead).code, 'agent_not_started');
    });

    it('does not count as dead when it had already said done', () => {
      town.atWork(bead);
      town.saysDone(bead);
      town.ended(bead, { code: 1 });
      assert.equal(town.bead(bead).deaths, 0);
      assert.deepEqual(town.due(), ['proveDone']);
    });
  });

  it('that ends without saying done is reminded, twice, then a person is asked', () => {
    for (let round = 0; round < 2; round += 1) {
      town.atWork(bead);
      town.ended(bead, { code: 0 });
      town.tick();
      assert.equal(town.polecat(bead).session?.purpose, 'remind');
    }
    town.atWork(bead);
    town.ended(bead, { code: 0 });
    assert.equal(town.why(bead).code, 'agent_ended_without_done');
    assert.equal(needsYou(town.state).length, 1);
  });

  it('whose session is over changes nothing any more', () => {
    town.atWork(bead);
    const old = town.who(bead);
    town.ended(bead, { code: 1 });
    town.atWork(bead);
    assert.equal(town.refused({ ...old, type: 'claimDone', claim: 'late' }), 'late_report');
    const usage = { input: 1, cachedInput: 0, output: 1 };
    assert.equal(town.refused({ ...old, type: 'countUsage', usage }), 'late_report');
    const exit = { how: 'exited', code: 0, signal: null } as const;
    assert.equal(town.refused({ ...old, type: 'sessionEnded', exit, ask: say.askId(9) }), 'late_report');
  });

  it('that held a bead before cannot speak for the one that holds it now', () => {
    town.atWork(bead);
    const former = town.who(bead);
    town.ended(bead, { how: 'closed' });
    town.tell(say.answer(town.ask().id, 'dismiss'));
    town.tell({ type: 'retryBead', bead });
    town.atWork(bead);
    assert.notEqual(town.polecat(bead).id, former.polecat);
    town.saysDone(bead);
    const late = {
      ...former,
      type: 'evidenceFound',
      evidence: say.evidence(say.commitId(1)),
      request: say.requestId(90),
    } as const;
    assert.equal(town.refused(late), 'late_report');
  });

  it('whose bead is cancelled is ended, then cleared away', () => {
    town.atWork(bead);
    town.tell({ type: 'cancelBead', bead });
    assert.deepEqual(town.due(), ['attend', 'endSession']);
    town.ended(bead, { how: 'signalled', signal: 'SIGINT' });
    assert.deepEqual(town.due(), ['clear']);
    town.tell({ type: 'cleared', polecat: town.polecat(bead).id });
    assert.deepEqual(town.due(), []);
  });

  it('is not launched any more once its bead is cancelled', () => {
    town.tick();
    town.tell({ ...town.who(bead), type: 'housed', worktree: '/w', base: say.commitId(0) });
    town.tick();
    assert.deepEqual(town.due(), ['launch']);
    town.tell({ type: 'cancelBead', bead });
    assert.deepEqual(town.due(), ['attend', 'endSession']);
  });

  it('reports tokens that only grow within a session and add up over sessions', () => {
    town.atWork(bead);
    const first = town.who(bead);
    const use = (input: number): void => {
      town.tell({ ...town.who(bead), type: 'countUsage', usage: { input, cachedInput: 0, output: 0 } });
    };
    use(10);
    use(4);
    assert.equal(town.bead(bead).usage[first.token]?.input, 10);
    town.ended(bead, { code: 1 });
    town.atWork(bead);
    use(5);
    assert.deepEqual(
      Object.values(town.bead(bead).usage).map((one) => one.input),
      [10, 5],
    );
  });
});

describe('Stop Town', () => {
  it('ends running agents, starts nothing at any tick, and lets them go on at Start Town', () => {
    const town = new Scene();
    const [first, second] = town.convoy([{}, { dependencies: [] }, {}]) as [BeadId, BeadId];
    town.atWork(first);
    town.atWork(second);
    town.tell({ type: 'stopTown' });
    assert.deepEqual(town.due(), ['attend', 'endSession', 'attend', 'endSession']);
    town.ended(first, { how: 'signalled', signal: 'SIGINT' });
    town.ended(second, { how: 'signalled', signal: 'SIGKILL' });
    for (let round = 0; round < 5; round += 1) assert.deepEqual(town.tick(), []);
    assert.deepEqual(town.due(), []);
    assert.equal(town.why(first).code, 'town_stopped');
    assert.equal(town.bead(first).deaths, 0);
    town.tell({ type: 'startTown' });
    town.tick();
    assert.deepEqual(
      [town.polecat(first).session?.purpose, town.polecat(second).session?.purpose],
      ['resume', 'resume'],
    );
  });

  it('leaves proofs and landings where they are until Start Town', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead);
    assert.deepEqual(town.due(), ['assemble']);
    town.tell({ type: 'stopTown' });
    assert.deepEqual(town.due(), []);
    assert.equal(town.why(bead).code, 'town_stopped');
    town.tell({ type: 'startTown' });
    assert.deepEqual(town.due(), ['assemble']);
  });

  it('does not fail a bead whose worktree it interrupted', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]) as [BeadId];
    town.tick();
    town.tell({ type: 'stopTown' });
    const failed = {
      ...town.who(bead),
      type: 'housingFailed',
      reason: reason('worktree_failed'),
    } as const;
    assert.equal(town.refused(failed), 'not_now');
    town.tell({ type: 'startTown' });
    assert.deepEqual(town.due(), ['house']);
  });
});
