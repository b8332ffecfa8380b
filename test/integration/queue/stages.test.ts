import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommitId, RequestId } from '../../../src/town/ids.ts';
import { type Sandbox, id, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { QueueRig, gitNow, moments } from './queueRig.ts';

/** What a person has in their checkout and did not commit. */
const unsaved = 'what I am at\n';

/** All in one repository, one after the other, because making it takes longer than what befalls it. */
describe('The merge queue', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig;
  const green = new Set<string>();
  /** What somebody else made of the target. */
  const others = new Set<string>();
  let round = 0;
  let names: readonly [string, string];
  let heads: readonly CommitId[];
  let base: CommitId;

  beforeEach(async () => {
    if (round === 0) {
      box = await sandbox({ 'a.txt': 'a\n', 'mine.txt': 'mine\n' });
      await box.write('mine.txt', unsaved);
      await box.write('notes.txt', unsaved);
      rig = await QueueRig.open(box);
    }
    round += 1;
    base = await box.at('main');
    others.add(base);
    names = [`one-${String(round)}`, `two-${String(round)}`];
    heads = await Promise.all(names.map((name) => box.beside(base, { [name]: `${name}\n` })));
    for (const [index, head] of heads.entries()) await box.person('branch', names[index] ?? '', head);
  });
  after(async () => {
    await rig.close();
    await box.end();
  });

  const rested = async (): Promise<void> => {
    await rig.rest();
    for (const tree of rig.green) green.add(tree);
  };
  const resumed = async (): Promise<void> => {
    if (rig.queue.paused === null) return;
    assert.deepEqual(await rig.foreman.wish({ type: 'resumeQueue' }), { ok: true });
    await rested();
  };
  /** Somebody else's commit of a new file, beside every checkout. */
  const commits = (branch: string): CommitId => {
    const name = `by-hand-${String(round)}`;
    const who = 'Ada <ada@example.invalid> 1700000000 +0000';
    const input = [
      `commit refs/by-hand/${String(round)}\ncommitter ${who}\ndata 5\nlater\n`,
      `from ${gitNow(box.root, 'rev-parse', branch)}\nM 100644 inline ${name}\ndata 5\nhand\n\ndone\n`,
    ].join('');
    execFileSync('git', ['fast-import', '--quiet', '--done', '--force'], { cwd: box.root, input });
    const made = id(gitNow(box.root, 'rev-parse', `refs/by-hand/${String(round)}`));
    others.add(made);
    gitNow(box.root, 'update-ref', `refs/heads/${branch}`, made);
    return made;
  };
  const holds = async (branch: string, commit: string): Promise<void> => {
    await box.person('merge-base', '--is-ancestor', commit, branch);
  };
  /** Nothing is lost or half landed, and all that could land has, whatever befell it. */
  const allLanded = async (entered: readonly RequestId[]): Promise<void> => {
    assert.deepEqual(rig.stagesOf(entered), ['landed', 'landed'], rig.story());
    assert.equal(rig.queue.paused, null);
    const tip = await box.at('main');
    assert.ok(
      others.has(tip) || green.has(await box.person('rev-parse', 'main^{tree}')),
      'the target is neither proven nor what somebody made',
    );
    for (const landed of rig.landed)
      assert.ok(green.has(await box.person('rev-parse', `${landed}^{tree}`)), `${landed} was never proven`);
    for (const head of heads)
      assert.notEqual(await box.person('for-each-ref', '--contains', head), '', 'a head is lost');
    assert.equal(await box.read('mine.txt'), unsaved);
    assert.equal(await box.read('notes.txt'), unsaved);
  };
  /** The checkout of the person holds the target, and their own changes. */
  const checkoutFollowed = async (): Promise<void> => {
    assert.equal(await box.person('status', '--porcelain'), 'M mine.txt\n?? notes.txt');
  };

  for (const moment of moments) {
    describe(`while it is ${moment}`, () => {
      it('goes on in the next window when its host is killed', async () => {
        const killed = rig;
        rig.on(moment, () => {
          killed.kill();
        });
        const entered = await rig.enter(...names);
        await rig.until(() => killed.isDead);
        for (const tree of rig.green) green.add(tree);
        rig = await rig.reopen();
        await rested();
        await allLanded(entered);
        await checkoutFollowed();
      });

      it('waits when the index of the person is locked, and says so', async () => {
        const lock = path.join(box.root, '.git', 'index.lock');
        rig.on(moment, () => {
          writeFileSync(lock, '');
        });
        const entered = await rig.enter(...names);
        if (moment === 'half landed') {
          const waits = /"land".*Another git command is at work/;
          await rig.until(() => rig.said('hand.failed').some((line) => waits.test(line)));
          assert.deepEqual(rig.stagesOf(entered), ['landing', 'landing']);
        } else await rested();
        if (moment !== 'half landed' && moment !== 'landed') {
          assert.equal(rig.queue.paused?.reason?.code, 'git_failed', rig.story());
          assert.match(JSON.stringify(rig.queue.paused.reason), /Another git command is at work/);
        }
        rmSync(lock);
        await resumed();
        await rested();
        await allLanded(entered);
        await checkoutFollowed();
      });

      const isRenamed = moments.indexOf(moment) % 2 === 1;
      it(`stands still when the target is ${isRenamed ? 'renamed' : 'deleted'}, says so, and goes on when it is back`, async () => {
        let tip = '';
        rig.on(moment, () => {
          tip = gitNow(box.root, 'rev-parse', 'main');
          if (isRenamed) gitNow(box.root, 'branch', '-m', 'main', 'trunk');
          else gitNow(box.root, 'update-ref', '-d', 'refs/heads/main');
        });
        const entered = await rig.enter(...names);
        await rested();
        // What has moved already leaves nothing to stand still for.
        const all = moment === 'half landed' || moment === 'landed';
        if (all) assert.deepEqual(rig.stagesOf(entered), ['landed', 'landed'], rig.story());
        else assert.equal(rig.queue.paused?.reason?.code, 'target_missing', rig.story());
        if (isRenamed) gitNow(box.root, 'branch', '-m', 'trunk', 'main');
        else gitNow(box.root, 'update-ref', 'refs/heads/main', tip);
        await resumed();
        await allLanded(entered);
        for (const head of heads) await holds('main', head);
        await checkoutFollowed();
      });

      it('proves anew and forces nothing when somebody commits on the target, whatever became of the branches', async () => {
        let made = '';
        const elsewhere = path.join(box.folder, `elsewhere-${String(round)}`);
        rig.on(moment, () => {
          made = commits('main');
          gitNow(box.root, 'branch', '-D', names[0]);
          gitNow(box.root, 'branch', '-f', names[1], base);
          gitNow(box.root, 'worktree', 'add', '-q', elsewhere, names[1]);
        });
        const entered = await rig.enter(...names);
        await rested();
        await allLanded(entered);
        await holds('main', made);
        for (const head of heads) await holds('main', head);
        assert.equal(await box.at(names[1]), base);
        await box.person('worktree', 'remove', '--force', elsewhere);
        // Their commit came past the files of the checkout; bringing those along is theirs.
        gitNow(box.root, 'checkout', 'HEAD', '--', '.', ':!mine.txt');
      });

      it('lands on the target as it is when somebody forced it back', async () => {
        commits('main');
        gitNow(box.root, 'checkout', 'HEAD', '--', '.', ':!mine.txt');
        rig.on(moment, () => {
          gitNow(box.root, 'update-ref', 'refs/heads/main', base);
        });
        const entered = await rig.enter(...names);
        await rested();
        await allLanded(entered);
        // What landed before it was forced back is where it was forced to.
        if (moment === 'half landed' || moment === 'landed') assert.equal(await box.at('main'), base);
        else for (const head of heads) await holds('main', head);
        gitNow(box.root, 'read-tree', 'HEAD');
        gitNow(box.root, 'checkout', 'HEAD', '--', '.', ':!mine.txt');
        gitNow(box.root, 'clean', '-fdq', '--exclude=notes.txt');
      });
    });
  }
});
