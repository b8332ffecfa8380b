import assert from 'node:assert/strict';
import { maxReminders } from '../../../src/town/decide/done.ts';
import { conflictOf } from '../../../src/town/decide/resolving.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { ladderOf } from '../../../src/town/ladder.ts';
import type { Settled } from '../../../src/town/settled.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { reason } from '../../../src/town/reason.ts';
import type { ResolvingFound } from '../../../src/town/resolving.ts';
import { defaultRouting } from '../../../src/town/routing.ts';
import { fold } from '../../../src/town/state.ts';
import { seatOf } from './fuels.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const codex = seatOf('codex');
const asBefore = (lesson = 'l-1'): Settled => ({
  ...{ by: ['memory'], files: ['src/a.js'], lessons: [lesson], commit: say.commitId(77) },
});

describe('the ladder of a conflict', () => {
  let town: Scene;
  let bead: BeadId;
  beforeEach(() => {
    town = new Scene();
    [bead] = town.convoy([{}], 'auto') as [BeadId];
  });

  /** Its agent delivers, and it conflicts. */
  const comesBack = (round: number): void => {
    town.delivered(bead, say.commitId(100 + round));
    town.assembled([bead]);
  };
  const handed = (): readonly (string | undefined)[] =>
    Object.values(town.state.requests).map((one) => one.handed);
  const rows = (): readonly string[] => needsYou(town.state).map(({ kind }) => kind);
  const settledBy = (settled: Settled): void => {
    const { id } = town.request(bead);
    const word = say.assembled(town.state, town.batch());
    assert.equal(word.type, 'assembled');
    town.tell({ ...word, settled: [{ request: id, settled }] });
    town.tick();
  };

  describe('below an agent', () => {
    it('what is settled without anybody is proven and lands as everything else, and bears how', () => {
      town.delivered(bead);
      settledBy(asBefore());
      assert.deepEqual(town.request(bead).settled, asBefore());
      town.ran();
      town.landed();
      assert.deepEqual([town.bead(bead).status, handed()], ['completed', [undefined]]);
    });

    it('what fails goes back to its agent, which hears why, and is never settled so again', () => {
      town.delivered(bead);
      settledBy(asBefore());
      for (let round = 0; round < 5 && town.request(bead).stage === 'proving'; round += 1) town.ran(1);
      assert.equal(town.request(bead).stage, 'failed');
      assert.deepEqual(town.request(bead).reason?.facts['settled'], ['src/a.js']);
      assert.deepEqual(town.state.queue.disowned, ['l-1']);
      town.tick();
      assert.equal(town.polecat(bead).session?.purpose, 'revise');
    });

    it('what does not conflict any more bears nothing', () => {
      town.delivered(bead);
      settledBy(asBefore());
      town.tell({ type: 'pauseQueue' });
      town.tick();
      town.tell({ type: 'resumeQueue' });
      town.tick();
      town.assembled();
      assert.equal(town.request(bead).settled, undefined);
    });
  });

  describe('of another vendor', () => {
    beforeEach(() => {
      town.seats = [say.seat, codex];
    });

    it('is asked once its own agent came back with the same conflict twice, and is told of the conflict', () => {
      comesBack(1);
      comesBack(2);
      assert.equal(town.polecat(bead).seat.provider, say.seat.provider);
      comesBack(3);
      assert.deepEqual(handed(), ['agent', 'agent', 'vendor']);
      const { session, seat, chosen } = town.polecat(bead);
      assert.deepEqual([seat.provider, chosen], ['codex', 'codex']);
      assert.deepEqual([session?.purpose, session?.feedback?.code], ['revise', 'landing_conflict']);
      comesBack(4);
      assert.deepEqual(handed().at(-1), 'person');
    });

    it('leaves it to its own agent where nobody else has what it needs, or nobody else may', () => {
      town.seats = [say.seat];
      for (const round of [1, 2, 3]) comesBack(round);
      assert.equal(town.polecat(bead).seat.provider, say.seat.provider);
      assert.equal(town.polecat(bead).session?.purpose, 'revise');
      assert.deepEqual(handed(), ['agent', 'agent', 'agent']);
    });

    it('never takes over what a person wants kept where it is', () => {
      const tick = say.tick(2, town.seats);
      assert.equal(tick.type, 'tick');
      comesBack(1);
      comesBack(2);
      town.delivered(bead, say.commitId(103));
      town.tell(say.assembled(town.state, town.batch(), [town.request(bead).id]));
      town.tell({ ...tick, routing: { ...defaultRouting, moveOn: 'never' } });
      assert.equal(town.polecat(bead).seat.provider, say.seat.provider);
    });

    it('that settled it is named when the work comes together', () => {
      for (const round of [1, 2, 3]) comesBack(round);
      town.delivered(bead, say.commitId(104));
      town.assembled();
      const last = town.request(bead);
      assert.deepEqual(last.settled?.by, ['vendor']);
      assert.deepEqual(
        ladderOf(town.state.requests, last).map((one) => (one.kind === 'handed' ? one.to : one.by[0])),
        ['agent', 'agent', 'vendor', 'vendor'],
      );
    });
  });

  describe('a person', () => {
    beforeEach(() => {
      for (const round of [1, 2, 3, 4]) comesBack(round);
    });
    const merge = { head: say.commitId(104), onto: say.commitId(0), base: null, files: ['src/a.js'] };
    const found = (what: ResolvingFound): void => {
      const { id: polecat, resolving } = town.polecat(bead);
      assert.ok(resolving);
      town.tell({ type: 'resolution', polecat, step: resolving.step, found: what, reason: null });
    };
    const opened = (): void => {
      town.tell({ type: 'resolveConflict', bead });
      found({ kind: 'begun', ...merge });
    };

    it('is asked once the rounds are used up, and nobody works there meanwhile', () => {
      assert.deepEqual(
        needsYou(town.state).map((need) => need.kind === 'ask' && need.ask.subject.kind),
        ['stuck'],
      );
      opened();
      assert.equal(town.polecat(bead).resolving?.step, 'open');
      assert.deepEqual(town.due(), []);
      town.tell(say.answer(town.ask().id, 'retry'));
      town.tick();
      assert.equal(town.polecat(bead).session, null);
      assert.equal(town.why(bead).code, 'person_resolves');
    });

    it('is told what is left, and what they made is proven as everything that is called done', () => {
      opened();
      town.tell({ type: 'finishResolution', bead, asIs: false });
      assert.deepEqual(town.due(), ['resolve']);
      found({ kind: 'left', marked: ['src/a.js'], undecided: [] });
      assert.deepEqual(town.polecat(bead).resolving?.marked, ['src/a.js']);
      town.tell({ type: 'finishResolution', bead, asIs: false });
      found({ kind: 'made', commit: say.commitId(105) });
      assert.deepEqual([town.bead(bead).status, needsYou(town.state)], ['reviewing', []]);
      assert.deepEqual(town.due(), ['proveDone']);
      town.proven(bead, say.commitId(105));
      town.tick();
      town.assembled();
      assert.deepEqual(town.request(bead).settled?.by, ['person']);
    });

    it('is told why what they made could not be committed', () => {
      opened();
      town.tell({ type: 'finishResolution', bead, asIs: false });
      const { id: polecat } = town.polecat(bead);
      const why = reason('git_failed', { message: 'index.lock' });
      const left = { kind: 'left', marked: [], undecided: [] } as const;
      const [event] = town.tell({ type: 'resolution', polecat, step: 'finish', found: left, reason: why });
      assert.deepEqual(event?.type === 'polecat.resolving' && event.reason, why);
    });

    it('may abandon it, and everything is as it was', () => {
      const before = town.polecat(bead);
      opened();
      town.tell({ type: 'abandonResolution', bead });
      found({ kind: 'gone' });
      assert.deepEqual(town.polecat(bead), before);
      assert.equal(town.openAsks().length, 1);
    });

    it('has one row for it, which nothing but its end takes away', () => {
      opened();
      assert.deepEqual(rows(), ['resolving']);
      town.tell(say.answer(town.ask().id, 'retry'));
      assert.deepEqual(rows(), ['resolving']);
      town.tell({ type: 'abandonResolution', bead });
      found({ kind: 'gone' });
      assert.deepEqual(rows(), []);
    });

    it('begins once, and only where something conflicts and nobody is at work', () => {
      opened();
      assert.deepEqual(town.tell({ type: 'resolveConflict', bead }), []);
      const { id: polecat } = town.polecat(bead);
      const late = { type: 'resolution', polecat, reason: null } as const;
      assert.equal(town.refused({ ...late, step: 'begin', found: { kind: 'gone' } }), 'late_report');
      const [other] = town.convoy([{}]) as [BeadId];
      assert.equal(town.refused({ type: 'resolveConflict', bead: other }), 'no_such');
      town.atWork(other);
      assert.equal(town.refused({ type: 'resolveConflict', bead: other }), 'not_now');
      assert.equal(town.refused({ type: 'finishResolution', bead: other, asIs: true }), 'not_now');
    });

    it('does not hold up a bead that is called off', () => {
      opened();
      town.tell({ type: 'finishResolution', bead, asIs: false });
      town.tell({ type: 'cancelBead', bead });
      assert.deepEqual([town.due(), rows()], [['clear'], []]);
    });
  });

  describe('a person, before the rounds are used up', () => {
    it('has a row for what they began while its agent waited for a place', () => {
      town.delivered(bead);
      town.maxPolecats = 0;
      town.assembled([bead]);
      assert.deepEqual([town.polecat(bead).session, rows()], [null, []]);
      town.tell({ type: 'resolveConflict', bead });
      assert.deepEqual(rows(), ['resolving']);
    });

    describe('once its agent answered', () => {
      const commit = say.commitId(101);
      beforeEach(() => {
        comesBack(1);
        town.atWork(bead);
        for (let round = 0; round <= maxReminders; round += 1) {
          town.saysDone(bead);
          town.tell({
            ...town.who(bead),
            type: 'evidenceMissing',
            reason: reason('inspector_silent', { provider: 'p' }),
            ask: town.drawAsk(),
            inspected: { commit, verdict: null },
          });
        }
        town.ended(bead, { code: 0 });
      });

      it('has no conflict to resolve', () => {
        assert.deepEqual([town.request(bead).stage, town.bead(bead).status], ['conflict', 'in_progress']);
        assert.equal(conflictOf(town.state, bead), null);
        assert.equal(town.refused({ type: 'resolveConflict', bead }), 'not_now');
      });

      it('has nothing proven over what they began of it in a version before', () => {
        const { id: polecat } = town.polecat(bead);
        const request = town.request(bead).id;
        const more = { merge: null, marked: [], undecided: [], asIs: false };
        const resolving = { step: 'open', request, ...more } as const;
        const { state } = town;
        const ask = town.ask().id;
        town.state = fold(state, {
          ...{ type: 'polecat.resolving', polecat, step: 'open', resolving, reason: null, at: town.now },
        });
        assert.equal(town.refused({ type: 'retryBead', bead }), 'not_now');
        assert.equal(town.refused(say.answer(ask, 'retry')), 'not_now');
        assert.equal(town.refused({ type: 'acceptWork', bead, commit }), 'not_now');
        town.state = state;
        town.tell({ type: 'acceptWork', bead, commit });
      });
    });
  });
});
