import assert from 'node:assert/strict';
import { dispatch } from '../../../src/town/dispatch.ts';
import { reason } from '../../../src/town/reason.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('the depot', () => {
  it('gives a ready bead to a polecat with a worktree, a branch and a seat of its own', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]) as [ReturnType<typeof say.beadId>];
    town.tick();
    const polecat = town.polecat(bead);
    assert.equal(town.bead(bead).status, 'assigned');
    assert.equal(polecat.branch, `polecat/${polecat.name}/${bead}`);
    assert.deepEqual(polecat.seat, say.seat);
    assert.deepEqual(town.due(), ['house']);
    assert.deepEqual(town.why(bead), reason('being_housed', { polecat: polecat.name }));
  });

  it('takes the more urgent bead first, then the older one', () => {
    const town = new Scene();
    const old = town.convoy([{ priority: 'low' }, { priority: 'normal' }]);
    const young = town.convoy([{ priority: 'critical' }, { priority: 'normal' }]);
    const order = dispatch(town.state, { seats: town.seats, maxPolecats: 9 }, town.now).map(
      (one) => one.bead,
    );
    assert.deepEqual(order, [young[0], old[1], young[1], old[0]]);
  });

  it('says for every bead that does not start what it waits for', () => {
    const town = new Scene();
    const [, second, third] = town.convoy([{}, { dependencies: [say.beadId(1)] }, {}, {}]);
    const [held] = town.convoy([{}], 'review', true);
    town.maxPolecats = 1;
    town.tick();
    assert.ok(second !== undefined && third !== undefined && held !== undefined);
    assert.deepEqual(town.why(second), reason('blocked_by', { beads: [say.beadId(1)] }));
    assert.deepEqual(town.why(third), reason('no_free_slot', { max: 1 }));
    assert.equal(town.why(held).code, 'convoy_held');
    town.seats = [];
    assert.equal(town.why(third).code, 'no_seat');
    town.tell({ type: 'parkRig' });
    assert.equal(town.why(third).code, 'rig_parked');
    town.tell({ type: 'stopTown' });
    assert.equal(town.why(third).code, 'town_stopped');
  });

  it('starts nothing before a person confirmed the checks', () => {
    const town = new Scene();
    const bare = { ...town.state, rig: town.state.rig === null ? null : { ...town.state.rig, checks: null } };
    town.state = bare;
    const [bead] = town.convoy([{}]);
    town.tick();
    assert.ok(bead !== undefined);
    assert.equal(town.bead(bead).status, 'queued');
    assert.equal(town.why(bead).code, 'checks_unconfirmed');
  });

  it('never waits silently for a bead that failed or was cancelled', () => {
    const town = new Scene();
    const [first, second] = town.convoy([{}, { dependencies: [say.beadId(1)] }]);
    assert.ok(first !== undefined && second !== undefined);
    town.tell({ type: 'cancelBead', bead: first });
    assert.deepEqual(town.why(second), reason('dependency_failed', { beads: [first] }));
  });

  it('starts a dependent bead once the other is completed', () => {
    const town = new Scene();
    const [first, second] = town.convoy([{}, { dependencies: [say.beadId(1)] }], 'auto');
    assert.ok(first !== undefined && second !== undefined);
    town.delivered(first);
    assert.equal(town.bead(second).status, 'queued');
    town.provenToLand(first);
    town.land(first);
    town.tick();
    assert.equal(town.bead(second).status, 'assigned');
  });

  it('lets no more polecats work at once than there are places, returning ones before new ones', () => {
    const town = new Scene();
    town.maxPolecats = 1;
    const [first, second] = town.convoy([{}, {}]);
    assert.ok(first !== undefined && second !== undefined);
    town.atWork(first);
    town.ended(first, { how: 'signalled', signal: 'SIGKILL' });
    assert.equal(town.why(first).code, 'waits_for_slot');
    town.tick();
    assert.equal(town.polecat(first).state, 'starting');
    assert.equal(town.bead(second).status, 'queued');
  });

  it('prefers the provider a bead asks for, and takes the first seat otherwise', () => {
    const town = new Scene();
    town.seats = [say.seat, say.otherSeat];
    const [plain, picky] = town.convoy([{}, { preferredProvider: 'rehearsal' }]);
    assert.ok(plain !== undefined && picky !== undefined);
    town.tick();
    assert.equal(town.polecat(plain).seat.provider, 'claude');
    assert.equal(town.polecat(picky).seat.provider, 'rehearsal');
  });

  it('lets work that goes on wait when its seat is gone and no other can take it', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]);
    assert.ok(bead !== undefined);
    town.atWork(bead);
    town.ended(bead, { code: 1 });
    town.seats = [];
    town.tick();
    assert.equal(town.polecat(bead).state, 'ready');
    assert.equal(town.why(bead).code, 'no_seat');
    town.seats = [say.otherSeat];
    town.tick();
    assert.equal(town.polecat(bead).session?.seat.provider, 'rehearsal');
  });

  it('wakes a deferred bead at its instant, not before', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]);
    assert.ok(bead !== undefined);
    const until = town.now + 5_000;
    town.tell({ type: 'deferBead', bead, until });
    town.tick();
    assert.deepEqual(town.why(bead), reason('deferred_until', { until }));
    town.now = until;
    town.tick();
    assert.equal(town.bead(bead).status, 'assigned');
  });

  it('refuses a convoy that depends on itself or on nothing known, and keeps none of it', () => {
    const town = new Scene();
    const beads = [
      { bead: say.beadId(70), draft: say.draft('a', { dependencies: [say.beadId(71)] }) },
      { bead: say.beadId(71), draft: say.draft('b', { dependencies: [say.beadId(70)] }) },
    ];
    const convoy = {
      type: 'createConvoy',
      convoy: say.convoyId(70),
      title: 'x',
      landing: 'auto',
      held: false,
    } as const;
    assert.equal(town.refused({ ...convoy, beads }), 'cycle');
    assert.equal(town.refused({ ...convoy, beads: beads.slice(0, 1) }), 'no_such');
    assert.equal(town.refused({ ...convoy, beads: [] }), 'empty');
    const blank = [{ bead: say.beadId(70), draft: say.draft(' ') }];
    assert.equal(town.refused({ ...convoy, beads: blank }), 'empty');
    assert.deepEqual(Object.keys(town.state.beads), []);
  });

  it('lets only the words of a bead be edited, never its state', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]);
    assert.ok(bead !== undefined);
    const changes = { title: 'better', status: 'completed', id: 'gt-other' };
    town.tell({ type: 'editBead', bead, changes });
    assert.equal(town.bead(bead).title, 'better');
    assert.equal(town.bead(bead).status, 'queued');
    assert.equal(town.bead(bead).id, bead);
    assert.equal(town.refused({ type: 'editBead', bead, changes: { dependencies: [bead] } }), 'cycle');
  });

  it('opens a convoy again when one of its failed beads is retried', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]);
    assert.ok(bead !== undefined);
    town.tick();
    const failed = {
      ...town.who(bead),
      type: 'housingFailed',
      reason: reason('worktree_failed'),
    } as const;
    town.tell(failed);
    const convoy = Object.values(town.state.convoys)[0];
    assert.notEqual(convoy?.closedAt, null);
    town.tell({ type: 'retryBead', bead });
    assert.equal(Object.values(town.state.convoys)[0]?.closedAt, null);
    const former = town.polecat(bead).id;
    town.tick();
    assert.notEqual(town.polecat(bead).id, former);
  });
});
