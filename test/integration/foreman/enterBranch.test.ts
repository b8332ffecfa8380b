import assert from 'node:assert/strict';
import { type Entrance, enterBranch } from '../../../src/foreman/enterBranch.ts';
import { revertLanding } from '../../../src/foreman/revertLanding.ts';
import type { Entered } from '../../../src/ports/entering.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';
import { beadIdOf, rigId } from '../../fakes/events.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { Scene, requestId } from '../../fakes/scene.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';

describe('A branch of a person', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let control: FakeControl;
  let scene: Scene;
  let entrance: Entrance;
  let main: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n' });
    control = new FakeControl();
    scene = await new Scene(control).open();
    const repository = await box.repository();
    entrance = { repository, git: box.git, clock: { now: () => control.now }, control, proposeChecks };
    main = await box.at('main');
  });
  afterEach(() => box.end());

  let proposed = 0;
  const proposeChecks = (): Promise<void> => {
    proposed += 1;
    return Promise.resolve();
  };
  let drawn = 0;
  const enter = (branch: string, title: string | null = null): Promise<Entered> => {
    drawn += 1;
    return enterBranch(entrance, { branch, title, bead: beadIdOf(drawn), request: requestId(drawn % 10) });
  };
  const branch = async (name: string, files: Record<string, string>, from = main): Promise<CommitId> => {
    const commit = await box.beside(from, files);
    await box.person('branch', '-f', name, commit);
    return commit;
  };
  const refused = async (entered: Promise<Entered>): Promise<string> => {
    const found = await entered;
    assert.ok(!found.ok);
    return found.refusal.code;
  };
  const only = (): MergeRequest => {
    const [request] = Object.values(control.state.requests);
    assert.ok(request);
    return request;
  };

  it('enters with what its own git says of it, under a bead that says who it is from', async () => {
    const commit = await branch('mine/parser', { 'b.txt': 'one\ntwo\n' });
    const entered = await enter('mine/parser', 'Parse durations');
    assert.ok(entered.ok, JSON.stringify(entered));
    const bead = control.state.beads[entered.bead];
    assert.deepEqual(
      [bead?.title, bead?.type, bead?.source.kind, bead?.status],
      ['Parse durations', 'implementation', 'person', 'merging'],
    );
    const { files, insertions, deletions, base, tree, checks } = bead?.evidence ?? {};
    assert.deepEqual([files, insertions, deletions, base, checks], [['b.txt'], 2, 0, main, []]);
    assert.equal(tree, await box.person('rev-parse', 'mine/parser^{tree}'));
    assert.deepEqual([only().branch, only().head, only().stage], ['mine/parser', commit, 'queued']);
  });

  it('is called by the subject of its newest commit', async () => {
    await box.person('checkout', '-q', '-b', 'fix');
    await box.commit({ 'b.txt': 'b\n' }, 'Older');
    await box.commit({ 'c.txt': 'c\n' }, 'Newest: of two');
    const entered = await enter('fix');
    assert.ok(entered.ok);
    const bead = control.state.beads[entered.bead];
    assert.equal(bead?.title, 'Newest: of two');
    assert.equal(bead.evidence?.summary, 'Newest: of two\nOlder');
  });

  it('counts only what it changed itself, also when the target moved on', async () => {
    await branch('fix', { 'b.txt': 'b\n' });
    await box.commit({ 'a.txt': 'other\n' });
    const entered = await enter('fix');
    assert.ok(entered.ok);
    assert.deepEqual(control.state.beads[entered.bead]?.evidence?.files, ['b.txt']);
  });

  it('is refused when there is none, or git would not call it a branch', async () => {
    assert.equal(await refused(enter('nowhere')), 'branch_missing');
    for (const name of ['--all', 'a..b', 'HEAD', 'refs/heads/', 'x\0y', ''])
      assert.equal(await refused(enter(name)), 'invalid', name);
  });

  it('is refused when it is the target, or changes nothing that the target does not have', async () => {
    await box.person('branch', 'same');
    await box.commit({ 'b.txt': 'b\n' });
    assert.equal(await refused(enter('main')), 'branch_is_target');
    assert.equal(await refused(enter('same')), 'branch_unchanged');
    await branch('there', { 'b.txt': 'b\n' });
    assert.equal(await refused(enter('there')), 'branch_unchanged');
  });

  it('is refused when it has nothing in common with the target', async () => {
    const tree = await box.person('rev-parse', 'main^{tree}');
    const alone = await box.person('commit-tree', tree, '-m', 'alone');
    await box.person('branch', 'alone', alone);
    assert.equal(await refused(enter('alone')), 'branch_unrelated');
  });

  it('is refused until the checks are confirmed that would prove it, and they are put before the person', async () => {
    await branch('fix', { 'b.txt': 'b\n' });
    const unconfirmed = new FakeControl();
    const { repository } = entrance;
    const adopted = { id: rigId, name: 'almanac', commonDir: repository.commonDir, target: 'main' };
    await new Scene(unconfirmed).say({ type: 'adoptRig', ...adopted });
    entrance = { ...entrance, control: unconfirmed };
    assert.equal(await refused(enter('nowhere')), 'branch_missing');
    assert.equal(proposed, 0);
    assert.equal(await refused(enter('fix')), 'checks_unconfirmed');
    assert.equal(proposed, 1);
  });

  it('is refused with conflict markers in it', async () => {
    await branch('merged', { 'a.txt': '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n' });
    assert.equal(await refused(enter('merged')), 'conflict_markers');
  });

  it('is refused while it is in the queue, and when it is a polecat’s', async () => {
    await branch('fix', { 'b.txt': 'b\n' });
    await enter('fix');
    assert.equal(await refused(enter('fix')), 'branch_in_queue');
    await branch('polecat/nux/gt-00001', { 'b.txt': 'b\n' });
    assert.equal(await refused(enter('polecat/nux/gt-00001')), 'branch_of_polecat');
    assert.equal(Object.keys(control.state.beads).length, 1);
  });

  describe('whose landing is taken back', () => {
    /** Lands it as the queue would, with `--no-ff`. */
    const land = async (name: string, files: Record<string, string>): Promise<MergeRequest> => {
      await branch(name, files, await box.at('main'));
      const entered = await enter(name);
      assert.ok(entered.ok);
      await scene.say({ type: 'approve', request: entered.request });
      const tick = { type: 'tick', seats: [], maxPolecats: 1 } as const;
      await scene.say(tick);
      const batch = control.state.queue.batch?.id ?? 0;
      const onto = await box.at('main');
      await box.person('merge', '-q', '--no-ff', '-m', name, name);
      const commit = await box.at('main');
      const [tree = '', baseTree = ''] = await Promise.all(
        [commit, onto].map((one) => box.person('rev-parse', `${one}^{tree}`)),
      );
      const links = [{ request: entered.request, commit, tree }];
      const chain = { onto, base: onto, baseTree, links, basis: 'b' };
      await scene.say({
        type: 'assembled',
        batch,
        chain,
        conflicts: [],
        postponed: [],
        contained: [],
        maxRounds: 3,
      });
      await scene.say(tick);
      await scene.say({ type: 'ran', batch, length: 1, checks: [] });
      await scene.say(tick);
      await scene.say({ type: 'landed', batch, length: 1 });
      const landed = control.state.requests[entered.request];
      assert.equal(landed?.stage, 'landed');
      return landed;
    };
    const revert = (landing: MergeRequest): Promise<Entered> => {
      drawn += 1;
      const wanted = { landing: landing.id, bead: beadIdOf(drawn), request: requestId(drawn % 10) };
      return revertLanding(entrance, wanted);
    };

    it('undoes exactly that landing on a branch of its own, and lets the rest be', async () => {
      const first = await land('first', { 'b.txt': 'b\n' });
      await land('second', { 'c.txt': 'c\n' });
      const entered = await revert(first);
      assert.ok(entered.ok, JSON.stringify(entered));
      assert.equal(entered.branch, `rigs/revert-${first.id}`);
      const changed = await box.person('diff', '--name-status', 'main', entered.branch);
      assert.equal(changed, 'D\tb.txt');
      assert.match(await box.person('log', '-1', '--format=%B', entered.branch), /^Revert "/);
      const request = control.state.requests[entered.request];
      assert.deepEqual([request?.reverts, request?.stage], [first.id, 'queued']);
      assert.equal(control.state.beads[entered.bead]?.priority, 'high');
      assert.equal(await box.person('rev-parse', 'first'), first.head);
    });

    it('leads to one request, however often it is wished', async () => {
      const landing = await land('first', { 'b.txt': 'b\n' });
      await revert(landing);
      assert.equal(await refused(revert(landing)), 'revert_in_queue');
    });

    it('is refused with the files when somebody built on it, and no branch is left behind', async () => {
      const landing = await land('first', { 'a.txt': 'one\n' });
      await box.commit({ 'a.txt': 'one and more\n' });
      const found = await revert(landing);
      assert.ok(!found.ok);
      assert.deepEqual([found.refusal.code, found.refusal.facts['files']], ['revert_conflict', ['a.txt']]);
      assert.equal(await box.person('branch', '--list', 'rigs/*'), '');
    });

    it('is refused when it has not landed, was undone by hand, or is not on the target any more', async () => {
      const landing = await land('first', { 'b.txt': 'b\n' });
      await branch('waiting', { 'c.txt': 'c\n' });
      const waiting = await enter('waiting');
      assert.ok(waiting.ok);
      assert.equal(await refused(revert({ ...landing, id: waiting.request })), 'not_landed');
      await box.commit({ 'b.txt': null });
      assert.equal(await refused(revert(landing)), 'revert_unneeded');
      await box.person('reset', '-q', '--hard', main);
      assert.equal(await refused(revert(landing)), 'revert_unneeded');
    });

    it('takes another name when an earlier attempt kept its branch', async () => {
      const landing = await land('first', { 'b.txt': 'b\n' });
      await box.person('branch', `rigs/revert-${landing.id}`, main);
      const entered = await revert(landing);
      assert.ok(entered.ok);
      assert.equal(entered.branch, `rigs/revert-${landing.id}-2`);
      assert.equal(await box.person('rev-parse', `rigs/revert-${landing.id}`), main);
    });
  });
});
