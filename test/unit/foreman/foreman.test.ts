import assert from 'node:assert/strict';
import { polecatId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { AccountError } from '../../../src/ports/account.ts';
import { GitError } from '../../../src/ports/git.ts';
import { World } from './world.ts';
import { rigId } from '../../fakes/events.ts';

describe('the foreman', () => {
  it('carries a bead from the depot to the target', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    await world.until(() => world.polecat(bead).state === 'working');
    await world.work(bead, ['clock.js']);
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
    const tip = await world.git.tip(world.git.repository, 'main');
    assert.equal(world.bead(bead).landed, tip?.commit);
    assert.deepEqual(world.git.retired, ['/r.rigs/nux'], 'and puts the worktree into the trash');
  });

  it('waits for the person before it lands, when the convoy says so', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock', {}, 'review');
    await world.work(bead, ['clock.js']);
    const need = await world.need();
    assert.ok(need?.kind === 'approval');
    await world.reaches(bead, 'merging');
    await world.foreman.wish({ type: 'approve', request: need.request.id });
    await world.settle();
    await world.reaches(bead, 'completed');
  });

  it('stops a queue whose work keeps failing and asks its person, who lets it go on', async () => {
    const world = await World.ready();
    const merge = world.git.mergeOnto.bind(world.git);
    world.git.mergeOnto = () => Promise.reject(new GitError('failed', 'An object is damaged.'));
    const bead = await world.sling('Add a clock');
    await world.work(bead, ['clock.js']);
    await world.reaches(bead, 'merging');
    for (let beat = 0; beat < 5; beat += 1) await world.beat();
    assert.deepEqual(needsYou(world.foreman.state), [], "a passing trouble is nobody's");
    for (let beat = 0; beat < 20; beat += 1) await world.beat();
    const need = await world.need();
    assert.ok(need?.kind === 'queue');
    assert.match(JSON.stringify(need), /An object is damaged/);
    world.git.mergeOnto = merge;
    await world.foreman.wish({ type: 'resumeQueue' });
    await world.reaches(bead, 'completed');
  });

  it('asks which checks prove work before anything starts', async () => {
    const world = new World();
    await world.foreman.start();
    await world.foreman.wish({
      type: 'adoptRig',
      id: rigId,
      name: 'r',
      commonDir: '/r/.git',
      target: 'main',
    });
    const bead = await world.sling('Add a clock');
    await world.reaches(bead, 'queued');
    assert.equal(world.foreman.why(bead)?.code, 'checks_unconfirmed');
    const need = await world.need();
    assert.equal(need?.kind === 'ask' ? need.ask.subject.kind : null, 'checks');
  });

  it('keeps at most the set number of polecats and starts the next when one is done', async () => {
    const world = await World.ready();
    world.maxPolecats = 1;
    await world.foreman.refresh();
    const first = await world.sling('First');
    const second = await world.sling('Second');
    assert.equal(world.foreman.why(second)?.code, 'no_free_slot');
    await world.work(first, ['a.js']);
    await world.exit(first, 0);
    await world.until(() => world.polecat(second).state === 'working');
  });

  describe("whose person's other rigs have all the places", () => {
    const elsewhere = {
      rig: 'another',
      polecat: polecatId('ace', 1),
      token: 1,
      tank: 'p',
      model: 'm',
      need: null,
      spool: null,
    };

    async function full(): Promise<World> {
      const world = await World.ready();
      await world.account.rigSeen({ rig: 'another', root: '/a', name: 'website' });
      await world.account.reserve(elsewhere, 1);
      world.maxAgents = 1;
      return world;
    }

    it('starts nothing and names who has them', async () => {
      const world = await full();
      await world.foreman.refresh();
      const bead = await world.sling('First');
      assert.deepEqual(world.foreman.why(bead), {
        code: 'no_place_left',
        facts: { max: 1, rigs: ['website'] },
      });
    });

    it('waits at the door of its launch for one that was taken a moment ago, and takes it when it is free', async () => {
      const world = await full();
      const bead = await world.sling('First');
      await world.until(() => world.memory.feed.some((one) => one.what === 'launch.waits'));
      assert.equal(world.polecat(bead).state, 'starting');
      await world.account.release(elsewhere);
      await world.until(() => world.polecat(bead).state === 'working');
      assert.deepEqual(
        [...world.account.places.values()].map((one) => one.agent !== null),
        [true],
      );
    });

    it('is told of an end that the account could not be told of', async () => {
      const world = await World.ready();
      const bead = await world.sling('First');
      await world.until(() => world.polecat(bead).state === 'working');
      world.account.problem = new AccountError('not_writable', '/a', 'The disk is full.');
      await world.work(bead, ['a.js']);
      await world.exit(bead, 0);
      await world.until(() => world.polecat(bead).session === null);
    });

    it('gives back at a heartbeat what it could not give back at the time', async () => {
      const world = await World.ready();
      const lost = {
        rig: 'abcdefgh',
        polecat: polecatId('ace', 9),
        token: 9,
        tank: 'p',
        model: 'm',
        need: null,
        spool: null,
      };
      await world.account.reserve(lost, 12);
      await world.beat();
      assert.equal(world.account.places.size, 0);
    });

    it('gives its own place back when its agent has ended', async () => {
      const world = await World.ready();
      const bead = await world.sling('First');
      await world.until(() => world.polecat(bead).state === 'working');
      assert.equal(world.account.places.size, 1);
      await world.work(bead, ['a.js']);
      await world.exit(bead, 0);
      await world.until(() => world.polecat(bead).session === null);
      assert.equal(world.account.places.size, 0);
    });
  });

  it('starts a dependent bead only from a base that holds what it depends on', async () => {
    const world = await World.ready();
    const first = await world.sling('First');
    const second = await world.sling('Second', { dependencies: [first] });
    assert.equal(world.foreman.why(second)?.code, 'blocked_by');
    await world.work(first, ['a.js']);
    await world.exit(first, 0);
    await world.until(() => world.bead(second).status === 'in_progress');
    const tip = await world.git.tip(world.git.repository, 'main');
    assert.equal(world.polecat(second).base, tip?.commit);
  });

  it('refuses a done without a commit, twice by itself and then through a person', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    for (let claim = 0; claim < 3; claim += 1) {
      await world.work(bead, []);
      const told = Math.min(claim + 1, 2);
      await world.until(
        () => world.bead(bead).status === 'in_progress' && world.bead(bead).reminders === told,
      );
      assert.equal(world.bead(bead).reason?.code, 'nothing_committed');
    }
    const need = await world.need();
    assert.equal(need?.kind === 'ask' ? need.ask.subject.kind : null, 'stuck');
  });

  it('refuses a done whose checks are red, and takes the next one that is green', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const worktree = world.polecat(bead).worktree ?? '';
    world.git.edit(worktree, ['clock.js']);
    const bad = await world.git.commitAll(worktree, 'bad');
    world.red.add(bad ?? '');
    await world.work(bead, []);
    await world.reaches(bead, 'in_progress');
    assert.equal(world.bead(bead).reason?.code, 'check_failed');
    await world.work(bead, ['clock.js']);
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
  });

  it("commits nothing onto a branch that is not the agent's own, and tells the agent", async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    await world.until(() => world.polecat(bead).state === 'working');
    const before = await world.git.tip(world.git.repository, 'main');
    const worktree = world.git.worktrees.get(world.polecat(bead).worktree ?? '');
    assert.ok(worktree !== undefined);
    worktree.branch = 'main';
    await world.work(bead, ['clock.js']);
    await world.until(() => world.bead(bead).reason?.code === 'wrong_branch');
    assert.deepEqual(await world.git.tip(world.git.repository, 'main'), before);
  });

  it('never proves the same commit twice on its way to the target', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    await world.work(bead, ['clock.js']);
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
    assert.equal(world.checked.length, 1);
  });

  it('gives an agent that was killed one successor in the same worktree, then asks a person', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const before = world.polecat(bead);
    await world.exit(bead, null, 'SIGKILL');
    const after = world.polecat(bead);
    assert.equal(after.worktree, before.worktree);
    assert.ok(after.token > before.token);
    assert.equal(after.session?.purpose, 'resume');
    await world.exit(bead, null, 'SIGKILL');
    const need = await world.need();
    assert.equal(
      need?.kind === 'ask' && need.ask.subject.kind === 'stuck' ? need.ask.subject.reason.code : null,
      'agent_died',
    );
  });

  it('notices an agent that vanished without a word', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    world.processes.vanish(world.polecat(bead).id);
    await world.clock.advance(5_000);
    assert.equal(world.polecat(bead).lastExit?.how, 'lost');
    assert.equal(world.polecat(bead).session?.purpose, 'resume');
  });

  it('leaves it to the person when they closed the terminal', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    world.processes.closeByPerson(world.polecat(bead).id);
    await world.settle();
    const need = await world.need();
    assert.equal(
      need?.kind === 'ask' && need.ask.subject.kind === 'stuck' ? need.ask.subject.reason.code : null,
      'terminal_closed',
    );
    assert.equal(world.polecat(bead).session, null);
  });

  it('starts an agent whose terminal never came up anew, once', async () => {
    const world = await World.ready();
    world.processes.startsAgents = false;
    const bead = await world.sling('Add a clock');
    await world.clock.advance(31_000);
    assert.equal(world.processes.opened.length, 2);
    await world.clock.advance(31_000);
    assert.equal(world.processes.opened.length, 2);
    assert.equal(needsYou(world.foreman.state).length, 1);
    await world.reaches(bead, 'in_progress');
  });

  it('sends a conflict back to its agent on the newer target', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const worktree = world.polecat(bead).worktree ?? '';
    world.git.edit(worktree, ['README.md']);
    const head = await world.git.commitAll(worktree, 'mine');
    const theirs = world.git.advance('main', ['README.md']);
    world.git.conflicts.set(head ?? '', ['README.md']);
    await world.work(bead, []);
    await world.exit(bead, 0);
    await world.until(() => world.polecat(bead).state === 'working');
    const { session } = world.polecat(bead);
    assert.deepEqual([session?.purpose, session?.feedback?.code], ['revise', 'landing_conflict']);
    assert.deepEqual(world.git.reapplied, [theirs]);
    await world.work(bead, ['README.md']);
    await world.exit(bead, 0);
    await world.reaches(bead, 'completed');
  });

  it('proves again when the target moved between proof and landing, and keeps the approval', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock', {}, 'review');
    await world.work(bead, ['clock.js']);
    await world.exit(bead, 0);
    world.git.advance('main', ['other.js']);
    const need = await world.need();
    if (need?.kind === 'approval') await world.foreman.wish({ type: 'approve', request: need.request.id });
    await world.settle();
    await world.reaches(bead, 'completed');
    assert.equal(world.checked.length, 2);
  });

  it('ends agents and aborts checks on Stop, starts nothing, and goes on at Start', async () => {
    const world = await World.ready();
    const first = await world.sling('First');
    const second = await world.sling('Second');
    world.hangChecks = true;
    await world.work(first, ['a.js']);
    await world.until(() => world.checked.length === 1);
    await world.foreman.wish({ type: 'stopTown' });
    await world.until(() => world.aborted === 1 && world.polecat(second).session === null);
    const opened = world.processes.opened.length;
    const third = await world.sling('Third');
    await world.clock.advance(60_000);
    assert.equal(world.processes.opened.length, opened);
    assert.equal(world.foreman.why(third)?.code, 'town_stopped');
    world.hangChecks = false;
    await world.foreman.wish({ type: 'startTown' });
    await world.settle();
    await world.reaches(first, 'completed');
    await world.until(() => world.polecat(second).state === 'working');
  });

  it('kills an agent that does not heed an interrupt', async () => {
    const world = await World.ready();
    world.processes.heedsInterrupt = false;
    const bead = await world.sling('Add a clock');
    await world.foreman.wish({ type: 'cancelBead', bead });
    await world.clock.advance(20_000);
    assert.ok(world.processes.signals.some((one) => one.startsWith('kill')));
    await world.until(() => world.polecat(bead).state === 'retired');
    assert.deepEqual(world.git.retired, ['/r.rigs/nux']);
  });

  it('finds its agents again after a reload and ends the job well', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const next = await world.reload();
    assert.deepEqual(next.processes.adopted.at(-1), world.polecat(bead).id);
    assert.equal(next.processes.opened.length, 1, 'without starting a second one');
    await next.work(bead, ['clock.js']);
    await next.exit(bead, 0);
    await next.reaches(bead, 'completed');
  });

  it('takes up after a reload what ended while no window looked', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    await world.foreman.close();
    world.processes.exit(world.polecat(bead).id, 1);
    const next = new World(world);
    await next.foreman.start();
    await next.settle();
    assert.equal(next.polecat(bead).lastExit?.code, 1);
    assert.equal(next.polecat(bead).session?.purpose, 'resume');
  });

  it('finishes a landing that a crash cut off after the target had moved', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const land = world.git.land.bind(world.git);
    world.git.land = async (...args) => {
      await land(...args);
      throw new Error('the host died here');
    };
    await world.work(bead, ['clock.js']);
    await world.reaches(bead, 'merging');
    world.git.land = land;
    const next = await world.reload();
    await next.reaches(bead, 'completed');
  });

  it('accepts nothing more once an append failed, says so, and loses nothing that was acknowledged', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const said: string[] = [];
    world.foreman.onNotice((notice) => said.push(notice.what));
    world.store.failNextAppend();
    const answer = await world.foreman.wish({ type: 'cancelBead', bead });
    assert.equal(answer.ok ? null : answer.refusal.code, 'store_read_only');
    assert.ok(said.includes('store.read_only'));
    await world.reaches(bead, 'in_progress');
    assert.equal((await world.foreman.wish({ type: 'stopTown' })).ok, false);
    const next = await world.reload();
    await next.reaches(bead, 'in_progress');
  });

  it('counts nothing that others pushed as work of the agent', async () => {
    const world = await World.ready();
    world.git.pushedByOthers(['theirs.js']);
    const bead = await world.sling('Add a clock');
    await world.work(bead, []);
    await world.until(() => world.bead(bead).reason?.code === 'nothing_committed');
  });

  it('asks a person when a bead comes back from the queue for the fourth time', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    for (let round = 0; round < 4; round += 1) {
      const worktree = world.polecat(bead).worktree ?? '';
      world.git.edit(worktree, [`round-${String(round)}.md`]);
      const head = await world.git.commitAll(worktree, 'mine');
      world.git.conflicts.set(head ?? '', ['README.md']);
      await world.work(bead, []);
      await world.until(
        () =>
          Object.values(world.foreman.state.requests).filter((one) => one.stage === 'conflict').length >
          round,
      );
      await world.exit(bead, 0);
      if (round < 3) await world.until(() => world.polecat(bead).state === 'working');
    }
    const need = await world.need();
    assert.ok(need?.kind === 'ask' && need.ask.subject.kind === 'stuck');
    assert.equal(world.polecat(bead).session, null);
  });

  it('leaves it to the person when they ended the agent with Ctrl+C', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    await world.exit(bead, 130);
    const need = await world.need();
    assert.ok(need?.kind === 'ask' && need.ask.subject.kind === 'stuck');
    assert.equal(world.polecat(bead).session, null);
  });

  it('does not wait for an agent whose program ended before it began', async () => {
    const world = await World.ready();
    world.processes.startsAgents = false;
    world.processes.failsToStart = true;
    const bead = await world.sling('Add a clock');
    const need = await world.need();
    assert.ok(need?.kind === 'ask' && need.ask.subject.kind === 'stuck');
    assert.equal(world.processes.opened.length, 2, 'one retry');
    assert.equal(world.bead(bead).status, 'in_progress');
  });

  it('keeps a landing waiting for the person whose own merge is in its way', async () => {
    const world = await World.ready();
    const bead = await world.sling('Add a clock');
    const land = world.git.land.bind(world.git);
    world.git.land = () => Promise.reject(new GitError('locked', 'A merge is under way in your checkout.'));
    await world.work(bead, ['clock.js']);
    const need = await world.need();
    assert.ok(need?.kind === 'queue');
    assert.equal(need.reason.code, 'git_failed');
    world.git.land = land;
    await world.foreman.wish({ type: 'resumeQueue' });
    await world.reaches(bead, 'completed');
  });

  it('makes no call of any kind while nothing is open', async () => {
    const world = await World.ready();
    const opened = world.processes.opened.length;
    await world.clock.advance(3_600_000);
    assert.equal(world.processes.opened.length, opened);
    assert.equal(world.checked.length, 0);
  });
});
