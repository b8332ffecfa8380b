import assert from 'node:assert/strict';
import { access, cp, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { land as landWith } from '../../../src/git/land.ts';
import { Leases, fenced } from '../../../src/git/lease.ts';
import { reapply as reapplyWith } from '../../../src/git/reapply.ts';
import { openGit } from '../../../src/git/openGit.ts';
import { moveRefs } from '../../../src/git/refs.ts';
import { type RunGit, createRunGit } from '../../../src/git/run.ts';
import { type Git, GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, id, sandbox, withoutPersonalConfig } from './sandbox.ts';

const isFenced = (error: unknown): boolean => GitError.is(error, 'fenced');

/** A git that has decided to move a ref and stands still, as on a laptop that falls asleep. */
class SleepyGit {
  readonly leases = new Leases();
  readonly git: RunGit;
  readonly asleep: Promise<void>;
  wake: () => void = () => undefined;

  constructor() {
    let sleep: () => void = () => undefined;
    this.asleep = new Promise((resolve) => (sleep = resolve));
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    const awake = fenced(createRunGit('git'), this.leases);
    const run: RunGit = async (args, options) => {
      if (args.includes('rigs: land')) {
        sleep();
        await woken;
      }
      return awake(args, options);
    };
    this.git = Object.assign(run, { leaseOf: (commonDir: string) => this.leases.of(commonDir) });
  }
}

describe('the lease of a rig', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let onto: CommitId;
  let commit: CommitId;
  let first: Git;
  let second: Git;

  beforeEach(async () => {
    box = await sandbox();
    repository = await box.repository();
    onto = await box.at('main');
    commit = await box.beside(onto, { 'b.txt': 'b\n' });
    first = openGit();
    second = openGit();
  });
  afterEach(() => box.end());

  const land = (git: Git): Promise<unknown> => git.land(repository, 'main', onto, commit);
  const lease = (): Promise<string> => box.person('cat-file', 'blob', 'refs/rigs/lease');

  /** A git of an owner that is overtaken while it is about to give this command. */
  async function overtakenBefore(command: string): Promise<RunGit> {
    const leases = new Leases();
    const plain = createRunGit('git');
    const git = fenced(async (args, options) => {
      if (args[0] === command) await second.takeLease(repository, { rig: 'r', epoch: 2 });
      return plain(args, options);
    }, leases);
    await leases.take(git, repository, { rig: 'r', epoch: 1 });
    return git;
  }

  it("keeps a former owner from a person's files, where what it wants to land has landed already", async () => {
    const behind = path.join(box.root, 'b.txt');
    const git = await overtakenBefore('diff-tree');
    await box.person('update-ref', 'refs/heads/main', commit);
    await assert.rejects(landWith(git, repository, 'main', onto, commit), isFenced);
    await assert.rejects(access(behind));
    await land(second);
    await access(behind);
  });

  it("keeps a former owner from a polecat's files, although it was not yet one when it began", async () => {
    const place = path.join(box.folder, 'rigs', 'nux');
    await first.addWorktree(repository, place, 'polecat/nux/gt-00001', onto);
    const git = await overtakenBefore('merge-tree');
    const applied = reapplyWith(git, repository, place, 'polecat/nux/gt-00001', commit);
    await assert.rejects(applied, isFenced);
    await assert.rejects(access(path.join(place, 'b.txt')));
  });

  it('says in one line whose the rig is', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 3 });
    assert.match(await lease(), /^rig r1 epoch 3 holder \S+$/);
  });

  it('lets its owner move refs, and may be taken again by the same', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 3 });
    await first.takeLease(repository, { rig: 'r1', epoch: 3 });
    await land(first);
    assert.equal(await box.at('main'), commit);
  });

  it('changes nothing for a former owner after a takeover', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 3 });
    await second.takeLease(repository, { rig: 'r1', epoch: 4 });
    await assert.rejects(land(first), isFenced);
    assert.equal(await box.at('main'), onto);
    await land(second);
    assert.equal(await box.at('main'), commit);
  });

  it('makes a branch once, where it is wished, and for its owner alone', async () => {
    assert.equal(await first.makeBranch(repository, 'rigs/revert-1', commit), true);
    assert.equal(await first.makeBranch(repository, 'rigs/revert-1', commit), true);
    assert.equal(await first.makeBranch(repository, 'rigs/revert-1', onto), false);
    assert.equal(await box.at('rigs/revert-1'), commit);
    await first.takeLease(repository, { rig: 'r1', epoch: 3 });
    await second.takeLease(repository, { rig: 'r1', epoch: 4 });
    await assert.rejects(first.makeBranch(repository, 'rigs/revert-2', commit), isFenced);
    assert.equal(await second.tip(repository, 'rigs/revert-2'), null);
  });

  for (const newer of ['lands first', 'has landed nothing'] as const) {
    it(`changes nothing for one that slept through a takeover whose owner ${newer}`, async () => {
      const sleepy = new SleepyGit();
      await sleepy.leases.take(sleepy.git, repository, { rig: 'r1', epoch: 3 });
      const landing = landWith(sleepy.git, repository, 'main', onto, commit);
      await sleepy.asleep;
      await second.takeLease(repository, { rig: 'r1', epoch: 4 });
      if (newer === 'lands first') await land(second);
      sleepy.wake();
      await assert.rejects(landing, isFenced);
      assert.equal(await box.at('main'), newer === 'lands first' ? commit : onto);
    });
  }

  it('is not given to an older epoch, nor to another owner of the same one', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 3 });
    await assert.rejects(second.takeLease(repository, { rig: 'r1', epoch: 2 }), isFenced);
    await assert.rejects(second.takeLease(repository, { rig: 'r1', epoch: 3 }), isFenced);
    await land(first);
  });

  it('goes to exactly one of many that claim the same epoch at once', async () => {
    const many = Array.from({ length: 6 }, () => openGit());
    const ended = await Promise.allSettled(
      many.map((git) => git.takeLease(repository, { rig: 'r1', epoch: 1 })),
    );
    assert.equal(ended.filter((one) => one.status === 'fulfilled').length, 1);
    for (const one of ended)
      if (one.status === 'rejected') assert.ok(isFenced(one.reason), String(one.reason));
  });

  it('leaves the newest epoch its owner, in whatever order they come', async () => {
    const epochs = [2, 5, 1, 4, 3];
    const owners = epochs.map((epoch) => ({ epoch, git: openGit() }));
    await Promise.allSettled(owners.map(({ epoch, git }) => git.takeLease(repository, { rig: 'r1', epoch })));
    assert.match(await lease(), /epoch 5/);
    for (const { epoch, git } of owners)
      if (epoch !== 5) await git.takeLease(repository, { rig: 'r1', epoch }).catch(() => 0);
    assert.match(await lease(), /epoch 5/);
  });

  it('moves refs for many at once under one lease', async () => {
    const leases = new Leases();
    const git = fenced(createRunGit('git'), leases);
    await leases.take(git, repository, { rig: 'r1', epoch: 1 });
    const refs = Array.from({ length: 20 }, (_, n) => `refs/heads/polecat/a/${String(n)}`);
    const moved = refs.map((ref) => moveRefs(git, repository, [{ ref, from: null, to: onto }], 'test'));
    assert.ok((await Promise.all(moved)).every((one) => one));
  });

  it('of another rig binds nobody in a copied repository', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 9 });
    const copy = path.join(box.folder, 'copy');
    await cp(box.root, copy, { recursive: true });
    const copied = await second.describe(copy);
    await second.takeLease(copied, { rig: 'r2', epoch: 1 });
    await second.land(copied, 'main', onto, commit);
    await land(first);
  });

  it('is made anew from what is no lease, which stays reachable', async () => {
    await box.person('update-ref', 'refs/rigs/lease', commit);
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    assert.match(await lease(), /^rig r1/);
    assert.equal(await box.at(`refs/rigs/saved/lease/${commit}`), commit);
  });

  it('does not move the branch that somebody let it lead to', async () => {
    await box.person('symbolic-ref', 'refs/rigs/lease', 'refs/heads/main');
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    assert.equal(await box.at('main'), onto);
    assert.match(await lease(), /^rig r1/);
  });

  for (const [words, text] of [
    ['empty', ''],
    ['torn', 'd87267'],
    ['of an object that is gone', `${'1'.repeat(40)}\n`],
  ] as const) {
    it(`is made anew from one whose file is ${words}`, async () => {
      await mkdir(path.join(repository.commonDir, 'refs/rigs'), { recursive: true });
      await writeFile(path.join(repository.commonDir, 'refs/rigs/lease'), text);
      await first.takeLease(repository, { rig: 'r1', epoch: 1 });
      await land(first);
      assert.equal(await box.at('main'), commit);
    });
  }

  it('that was taken away under its owner moves nothing until the owner takes it again', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    await box.person('update-ref', '-d', 'refs/rigs/lease');
    await assert.rejects(land(first), isFenced);
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    await land(first);
  });

  it('is looked at where git packed it, and where its file is damaged', async () => {
    const worktree = path.join(box.folder, 'w');
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    await box.person('pack-refs', '--all');
    await first.addWorktree(repository, worktree, 'polecat/a/1', onto);
    await writeFile(path.join(repository.commonDir, 'refs/rigs/lease'), '');
    const other = path.join(box.folder, 'other');
    await assert.rejects(first.cleanWorktree(repository, other, onto), (error) => GitError.is(error));
    assert.deepEqual(await readdir(box.folder).then((names) => names.includes('other')), false);
  });

  it('keeps a former owner from changing files, and asks no git for that', async () => {
    const leases = new Leases();
    const calls: string[] = [];
    const counting: RunGit = (args, options) => {
      calls.push(args.join(' '));
      return createRunGit('git')(args, options);
    };
    const git = fenced(counting, leases);
    await leases.take(git, repository, { rig: 'r1', epoch: 1 });
    calls.length = 0;
    await git(['checkout', '--quiet', 'main'], { cwd: box.root });
    assert.deepEqual(calls, ['checkout --quiet main']);
    await second.takeLease(repository, { rig: 'r1', epoch: 2 });
    await assert.rejects(git(['checkout', '--quiet', 'main'], { cwd: box.root }), isFenced);
  });

  it('is taken past the lock of a git that was killed long ago', async () => {
    const folder = path.join(repository.commonDir, 'refs/rigs');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'lease.lock'), '');
    await utimes(path.join(folder, 'lease.lock'), 1, 1);
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    assert.deepEqual(await readdir(folder), ['lease']);
  });

  it('survives housekeeping and disturbs no other command', async () => {
    await first.takeLease(repository, { rig: 'r1', epoch: 1 });
    await box.person('gc', '-q', '--prune=now');
    assert.match(await lease(), /^rig r1/);
    for (const args of [
      ['log', '--all', '--graph'],
      ['fsck', '--strict'],
      ['rev-list', '--all', '--not', 'main'],
    ]) {
      await box.person(...args);
    }
    const clone = path.join(box.folder, 'clone');
    await box.person('clone', '-q', box.root, clone);
    assert.equal(await box.personIn(clone, 'for-each-ref', 'refs/rigs'), '');
    await land(first);
  });

  it('holds in a repository that names objects by sha256', async () => {
    const root = path.join(box.folder, 'long');
    await box.person('init', '-q', '-b', 'main', '--object-format=sha256', root);
    await box.personIn(root, 'commit', '-q', '--allow-empty', '-m', 'one');
    const from = id(await box.personIn(root, 'rev-parse', 'main'));
    await box.personIn(root, 'commit', '-q', '--allow-empty', '-m', 'two');
    const to = id(await box.personIn(root, 'rev-parse', 'main'));
    await box.personIn(root, 'update-ref', 'refs/heads/main', from);
    const long = await first.describe(root);
    await first.takeLease(long, { rig: 'r1', epoch: 1 });
    await second.takeLease(long, { rig: 'r1', epoch: 2 });
    await assert.rejects(first.land(long, 'main', from, to), isFenced);
    await second.land(long, 'main', from, to);
    assert.equal(await box.personIn(root, 'rev-parse', 'main'), to);
  });

  it('holds in a repository whose refs are a table', async function () {
    const root = path.join(box.folder, 'table');
    const made = await box.person('init', '-q', '-b', 'main', '--ref-format=reftable', root).then(
      () => true,
      () => false,
    );
    // Git before 2.45 does not know them.
    if (!made) this.skip();
    await box.personIn(root, 'commit', '-q', '--allow-empty', '-m', 'one');
    const from = id(await box.personIn(root, 'rev-parse', 'main'));
    const table = await first.describe(root);
    await first.takeLease(table, { rig: 'r1', epoch: 1 });
    await second.takeLease(table, { rig: 'r1', epoch: 2 });
    const place = path.join(box.folder, 'w');
    await second.addWorktree(table, place, 'polecat/a/1', from);
    await assert.rejects(first.retire(table, place, path.join(box.folder, 'trash')), isFenced);
  });
});
