import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { due } from '../../../src/town/action.ts';
import type { Bead } from '../../../src/town/bead.ts';
import { type BeadId, type CommitId, parseRequestId } from '../../../src/town/ids.ts';
import type { Polecat, Seat } from '../../../src/town/polecat.ts';
import { beadIdOf, plainDraft } from '../../fakes/events.ts';
import { convoyId } from '../../fakes/scene.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { QueueRig, gitNow } from './queueRig.ts';

const seats: readonly Seat[] = ['one', 'two', 'three'].map((model) => ({
  ...{ runner: 'worker', provider: 'p', tank: 'p', model },
}));
const about = beadIdOf(700);
const attempts = [701, 702, 703].map(beadIdOf);

describe('Attempts at one bead', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig;

  before(async () => {
    box = await sandbox({ 'a.txt': 'a\n', '.gitignore': '*.env\n' });
    rig = await QueueRig.open(box, { seats });
  });
  after(async () => {
    await rig.close();
    await box.end();
  });

  const bead = (id: BeadId): Bead => rig.foreman.state.beads[id] ?? assert.fail(id);
  const polecat = (id: BeadId): Polecat =>
    rig.foreman.state.polecats[bead(id).polecat ?? assert.fail(`${id} has none`)] ?? assert.fail(id);
  const statuses = (): readonly string[] => attempts.map((id) => bead(id).status);
  const commits = (): readonly CommitId[] =>
    attempts.map((id) => bead(id).evidence?.commit ?? assert.fail(`${id} is not proven`));
  /** What `git gc` would take away now, if all grace were over, is nothing of any attempt. */
  const nothingIsLost = async (all: readonly CommitId[]): Promise<void> => {
    await box.person('reflog', 'expire', '--expire=now', '--all');
    await box.person('gc', '-q', '--prune=now');
    for (const commit of all) assert.equal(await box.person('cat-file', '-t', commit), 'commit');
  };

  it('are made in worktrees of their own, one in each seat, and wait to be compared once they are proven', async () => {
    const { foreman } = rig;
    const [convoy, draft] = [convoyId(7), { ...plainDraft, title: 'Add a word' }];
    await foreman.wish({
      ...{ type: 'createConvoy', convoy, title: 'Words', landing: 'review' },
      ...{ held: true, beads: [{ bead: about, draft }] },
    });
    const made = attempts.map((id) => ({ bead: id, provider: null }));
    assert.deepEqual(await foreman.wish({ type: 'contestBead', bead: about, attempts: made }), { ok: true });
    await foreman.wish({ type: 'releaseConvoy', convoy });
    await rig.until(() => attempts.every((id) => foreman.state.beads[id]?.status === 'in_progress'));
    assert.deepEqual(attempts.map((id) => polecat(id).seat.model).toSorted(), ['one', 'three', 'two']);
    for (const [index, id] of attempts.entries()) {
      const { worktree } = polecat(id);
      assert.ok(worktree !== null);
      writeFileSync(path.join(worktree, 'word.txt'), `${seats[index]?.model ?? ''}\n`);
      // Not all that an agent leaves is committed, nor is to be.
      writeFileSync(path.join(worktree, 'mine.env'), 'secret\n');
    }
    for (const id of attempts) {
      const { id: who, token } = polecat(id);
      await foreman.wish({ type: 'claimDone', polecat: who, token, claim: `claim ${id}` });
    }
    await rig.until(() => statuses().every((status) => status === 'contending'));
    for (const id of attempts) rig.processes.exit(polecat(id).id, 0);
    await rig.until(() => attempts.every((id) => polecat(id).session === null));
    assert.equal(new Set(commits()).size, 3);
    assert.deepEqual(Object.keys(foreman.state.requests), [], 'nothing enters the queue by itself');
  });

  it('are compared by what git says of any two of them', async () => {
    const [one, two] = commits();
    assert.ok(one !== undefined && two !== undefined);
    const stat = await rig.git.diffStat(await box.repository(), one, two);
    assert.deepEqual(stat, { files: ['word.txt'], insertions: 1, deletions: 1 });
  });

  it('wait on through a window that was killed', async () => {
    const before = commits();
    rig.kill();
    rig = await rig.reopen();
    assert.deepEqual([statuses(), commits()], [['contending', 'contending', 'contending'], before]);
    await rig.until(() => due(rig.foreman.state).length === 0);
    for (const id of attempts) assert.ok(existsSync(polecat(id).worktree ?? ''));
    await nothingIsLost(before);
  });

  it('land by the one that is picked; the others keep worktree, branch and what was never committed', async () => {
    const { foreman } = rig;
    const all = commits();
    const [picked, ...others] = attempts;
    const request = parseRequestId('mr-70001');
    assert.ok(picked !== undefined && request !== null);
    assert.deepEqual(await foreman.wish({ type: 'pickAttempt', bead: picked, request }), { ok: true });
    await foreman.wish({ type: 'approve', request });
    await rig.until(() => bead(about).status === 'completed');
    assert.equal(bead(about).landed, bead(picked).landed);
    assert.equal(gitNow(box.root, 'show', 'main:word.txt'), 'one');
    await rig.until(() => polecat(picked).cleared);
    for (const id of others) {
      const { worktree, branch } = polecat(id);
      assert.equal(bead(id).status, 'not_picked');
      assert.ok(existsSync(path.join(worktree ?? '', 'mine.env')));
      assert.equal(await box.at(branch), bead(id).evidence?.commit);
    }
    await nothingIsLost(all);
  });

  it('are cleaned up without losing a commit or a file: the worktree is in the trash, the branch stays', async () => {
    const { foreman } = rig;
    const all = commits();
    const others = attempts.slice(1);
    const places = others.map((id) => polecat(id).worktree ?? '');
    // Killed between the person's word and what comes of it.
    assert.deepEqual(await foreman.wish({ type: 'cleanAttempts', bead: about }), { ok: true });
    rig.kill();
    rig = await rig.reopen();
    await rig.until(() => others.every((id) => polecat(id).cleared));
    for (const place of places) assert.ok(!existsSync(place));
    for (const id of others) {
      assert.equal(bead(id).status, 'cancelled');
      assert.equal(await box.at(polecat(id).branch), bead(id).evidence?.commit);
    }
    const trashed = rig.said('worktree.trashed').map((facts) => JSON.parse(facts) as { path: string });
    const kept = trashed.filter(({ path: folder }) => existsSync(folder));
    assert.ok(kept.length >= others.length, 'the trash has them');
    await nothingIsLost(all);
  });
});
