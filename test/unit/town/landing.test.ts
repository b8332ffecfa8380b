import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { reason } from '../../../src/town/reason.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('the merge queue', () => {
  let town: Scene;
  let bead: BeadId;

  beforeEach(() => {
    town = new Scene();
    [bead] = town.convoy([{}]) as [BeadId];
    town.delivered(bead);
  });

  const conflict = reason('landing_conflict', { target: 'main', files: ['src/a.js'] });
  const moved = reason('target_moved', { target: 'main' });

  it('proves a request on top of the target, then waits for a person to approve', () => {
    assert.deepEqual(town.due(), ['assemble']);
    town.provenToLand(bead);
    assert.equal(town.why(bead).code, 'waits_for_approval');
    assert.deepEqual(
      needsYou(town.state).map((need) => need.kind),
      ['approval'],
    );
    town.tick();
    assert.deepEqual(town.due(), []);
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.tick();
    town.assembled([], [say.commitId(11)]);
    assert.deepEqual(town.due(), ['land'], 'the same tip is proven once more');
  });

  it('lands by itself what was executed to land', () => {
    const [own] = town.convoy([{}], 'auto') as [BeadId];
    town.provenToLand(bead);
    town.delivered(own, say.commitId(20));
    town.provenToLand(own, say.commitId(21));
    town.land(own);
    assert.equal(town.bead(own).status, 'completed');
    assert.equal(town.bead(own).landed, say.commitId(21));
  });

  it('completes a bead only when exactly the proven commit landed', () => {
    town.provenToLand(bead, say.commitId(30));
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.tick();
    const { id } = town.batch();
    assert.equal(town.refused({ type: 'landed', batch: id, length: 1 }), 'late_report');
    town.assembled([], [say.commitId(30)]);
    assert.equal(town.refused({ type: 'landed', batch: id, length: 2 }), 'late_report');
    assert.equal(town.refused({ type: 'landed', batch: id - 1, length: 1 }), 'late_report');
    assert.equal(town.bead(bead).status, 'merging');
    town.tell({ type: 'landed', batch: id, length: 1 });
    assert.deepEqual([town.bead(bead).status, town.bead(bead).landed], ['completed', say.commitId(30)]);
    assert.deepEqual(town.due(), ['clear']);
  });

  it('sends a conflict back to the same polecat, in its worktree, with what went wrong', () => {
    const before = town.polecat(bead);
    town.notProven(bead, 'conflict');
    assert.equal(town.bead(bead).status, 'in_progress');
    town.tick();
    const after = town.polecat(bead);
    assert.equal(after.id, before.id);
    assert.equal(after.worktree, before.worktree);
    assert.deepEqual([after.session?.purpose, after.session?.feedback], ['revise', conflict]);
  });

  it('waits for a session that is still running down before the revision starts', () => {
    const [other] = town.convoy([{}], 'auto') as [BeadId];
    town.provenToLand(bead);
    town.atWork(other);
    town.saysDone(other);
    town.proven(other, say.commitId(20));
    town.tick();
    town.notProven(other, 'failed');
    assert.equal(town.polecat(other).state, 'working');
    town.ended(other, { code: 0 });
    assert.equal(town.polecat(other).state, 'ready');
    town.tick();
    assert.equal(town.polecat(other).session?.purpose, 'revise');
  });

  it('keeps what a revision is about when a person presses Retry before it starts', () => {
    town.tell(say.assembled(town.state, town.batch(), [town.request(bead).id]));
    town.tell({ type: 'retryBead', bead });
    town.tick();
    assert.equal(town.polecat(bead).session?.purpose, 'revise');
  });

  it('does not start a promised revision while the old session has said done again', () => {
    const [other] = town.convoy([{}], 'auto') as [BeadId];
    town.provenToLand(bead);
    town.atWork(other);
    town.saysDone(other);
    town.proven(other, say.commitId(20));
    town.tick();
    town.notProven(other, 'failed');
    town.saysDone(other);
    town.ended(other, { code: 0 });
    town.tick();
    assert.equal(town.polecat(other).session, null);
    town.proven(other, say.commitId(22));
    town.tick();
    assert.equal(town.polecat(other).session, null);
  });

  it('proves again when the target moved, and keeps the approval', () => {
    town.provenToLand(bead);
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.tick();
    town.assembled([], [say.commitId(11)]);
    town.tell({ type: 'notLanded', batch: town.batch().id, reason: moved });
    assert.deepEqual([town.request(bead).stage, town.request(bead).candidate], ['queued', null]);
    town.tick();
    town.assembled([], [say.commitId(50)]);
    town.ran();
    town.landed();
    assert.equal(town.bead(bead).landed, say.commitId(50));
  });

  it('asks for approval anew when the work itself came back and changed', () => {
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.notProven(bead, 'conflict');
    town.delivered(bead, say.commitId(60));
    town.provenToLand(bead);
    assert.equal(town.request(bead).stage, 'ready');
  });

  it('lets a person take a request out; the bead then waits for their word', () => {
    town.provenToLand(bead);
    town.tell({
      type: 'eject',
      request: town.request(bead).id,
      ask: town.drawAsk(),
      reason: reason('person_said'),
    });
    assert.equal(town.request(bead).stage, 'ejected');
    assert.equal(town.why(bead).code, 'person_said');
    town.tick();
    assert.deepEqual(town.due(), []);
    town.tell(say.answer(town.ask().id, 'retry'));
    town.tick();
    assert.equal(town.polecat(bead).session?.purpose, 'resume');
  });

  it('can neither be ejected from nor cancelled under in the moment it lands', () => {
    town.provenToLand(bead);
    const { id } = town.request(bead);
    town.tell({ type: 'approve', request: id });
    town.tick();
    town.assembled([], [say.commitId(11)]);
    assert.equal(town.request(bead).stage, 'landing');
    const eject = { type: 'eject', request: id, ask: say.askId(99), reason: reason('person_said') } as const;
    assert.equal(town.refused(eject), 'not_now');
    assert.equal(town.refused({ type: 'cancelBead', bead }), 'not_now');
    town.landed();
    assert.equal(town.bead(bead).status, 'completed');
  });

  it('takes a cancelled bead out of the queue', () => {
    town.tell({ type: 'cancelBead', bead });
    assert.equal(town.request(bead).stage, 'ejected');
    const { id } = town.batch();
    town.tick();
    assert.equal(town.refused({ type: 'ran', batch: id, length: 1, checks: [] }), 'late_report');
  });
});
