import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createRunGit } from '../../../src/git/run.ts';
import { foresee } from '../../../src/git/foresee.ts';
import { openGit } from '../../../src/git/openGit.ts';
import { GitError, type LandingStyle, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { at, message, wanted, written } from './landingRig.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

describe('what is known of merges before and after them', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n' });
    repository = await box.repository();
    base = await box.at('main');
  });
  afterEach(() => box.end());

  describe('foresight', () => {
    const odd = 'q "u\no" 🦀.txt';

    it('names the files of each pair that conflicts, in one process, and keeps nothing of it', async () => {
      const one = await box.beside(base, { 'a.txt': 'one\n', [odd]: 'one\n' });
      const two = await box.beside(base, { 'a.txt': 'two\n', [odd]: 'two\n' });
      const three = await box.beside(base, { 'b.txt': null, 'c.txt': 'c\n' });
      const four = await box.beside(base, { 'b.txt': 'four\n', 'a.txt': '1\n2\n3\n4\nfour\n' });
      const counted = (): Promise<string> => box.person('count-objects');
      const before = await counted();
      const plain = createRunGit('git');
      let processes = 0;
      const found = await foresee(
        (args, options) => {
          processes += 1;
          return plain(args, options);
        },
        repository,
        [
          [one, two],
          [one, three],
          [three, four],
          [base, one],
          [two, one],
        ],
      );
      assert.deepEqual(
        found.map((files) => files.toSorted()),
        [['a.txt', odd], [], ['b.txt'], [], ['a.txt', odd]],
      );
      assert.equal(processes, 1);
      assert.equal(await counted(), before);
      assert.deepEqual(await box.git.foresee(repository, []), []);
    });

    it('takes histories that have nothing in common for a conflict in all that differs', async () => {
      const alone = await written(box, `${await box.beside(base, { 'a.txt': 'x\n' })}^{tree}`, [], 'alone');
      const same = await written(box, `${base}^{tree}`, [], 'same');
      const other = await box.beside(base, { 'c.txt': 'c\n' });
      const pairs = [
        [base, alone],
        [base, other],
        [base, same],
      ] as const;
      assert.deepEqual(await box.git.foresee(repository, pairs), [['a.txt'], [], ['a.txt', 'b.txt']]);
    });

    it('is an error where a commit is none, and not an answer', async () => {
      const nowhere = '1'.repeat(40) as CommitId;
      await assert.rejects(box.git.foresee(repository, [[base, nowhere]]), (error) =>
        GitError.is(error, 'failed'),
      );
    });
  });

  describe('undoing a landing', () => {
    const land = async (onto: CommitId, head: CommitId, style: LandingStyle): Promise<CommitId> => {
      const result = await box.git.mergeOnto(repository, onto, wanted(head, style));
      assert.ok(result.ok);
      return result.commit;
    };
    const revert = (onto: CommitId, before: CommitId, landed: CommitId) =>
      box.git.revertOnto(repository, onto, { before, landed }, { ...message, subject: 'Undo' }, at);

    it('takes back exactly that landing, of whatever style, and leaves what landed after it', async () => {
      const one = await box.beside(base, { 'a.txt': 'one\n2\n3\n4\n5\n' });
      const head = await box.beside(one, { 'new.txt': 'n\n', 'b.txt': null });
      const before = await box.beside(base, { 'c.txt': 'c\n' });
      for (const style of ['merge', 'squash', 'rebase'] as const) {
        const landed = await land(before, head, style);
        const at = await revert(landed, before, landed);
        assert.ok(at.ok);
        assert.equal(at.tree, await box.at(`${before}^{tree}`));
        const later = await box.beside(landed, { 'a.txt': 'one\n2\n3\n4\nlater\n' });
        const undone = await revert(later, before, landed);
        assert.ok(undone.ok && !undone.empty);
        assert.deepEqual(undone, await revert(later, before, landed));
        assert.equal(await box.person('log', '-1', '--format=%P %s', undone.commit), `${later} Undo`);
        assert.equal(await box.git.show(repository, undone.commit, 'a.txt'), '1\n2\n3\n4\nlater\n');
        assert.deepEqual(await box.git.files(repository, undone.commit), ['a.txt', 'b.txt', 'c.txt']);
        const again = await revert(undone.commit, before, landed);
        assert.deepEqual([again.ok && again.empty, again.ok && again.commit], [true, undone.commit]);
      }
    });

    it('conflicts where a later landing changed the same lines, and names both by commits that exist', async () => {
      const head = await box.beside(base, { 'a.txt': '1\n2\nmine\n4\n5\n' });
      for (const style of ['merge', 'squash', 'rebase'] as const) {
        const landed = await land(base, head, style);
        const later = await box.beside(landed, { 'a.txt': '1\n2\nlater\n4\n5\n' });
        const result = await revert(later, base, landed);
        assert.ok(!result.ok);
        assert.deepEqual(result.files, ['a.txt']);
        assert.match(result.hunks, new RegExp(`<{7} ${later}[^]*>{7} ${base}`));
      }
    });
  });

  describe('keeping a commit', () => {
    const loose = async (): Promise<CommitId> => {
      const made = await box.git.mergeOnto(
        repository,
        base,
        wanted(await box.beside(base, { 'n.txt': 'n\n' })),
      );
      assert.ok(made.ok);
      for (const ref of (await box.person('for-each-ref', '--format=%(refname)', 'refs/beside/')).split('\n'))
        await box.person('update-ref', '-d', ref);
      return made.commit;
    };
    const collect = (): Promise<string> => box.person('gc', '-q', '--prune=now');

    it("keeps it through git's garbage collection until it is let go", async () => {
      const commit = await loose();
      await box.git.keep(repository, 'batch-1', commit);
      await box.git.keep(repository, 'batch-1', commit);
      await collect();
      assert.equal(await box.person('cat-file', '-t', commit), 'commit');
      await box.git.keep(repository, 'batch-1', base);
      await box.git.keep(repository, 'batch-1', null);
      await box.git.keep(repository, 'batch-1', null);
      await collect();
      await assert.rejects(box.person('cat-file', '-t', commit));
    });

    it('takes only plain names, and nothing from a former owner', async () => {
      for (const name of ['', 'a/b', '../x', 'A', '-x y'])
        await assert.rejects(box.git.keep(repository, name, base), (error) => GitError.is(error, 'bad_name'));
      await box.git.takeLease(repository, { rig: 'r', epoch: 1 });
      await openGit().takeLease(repository, { rig: 'r', epoch: 2 });
      const fenced = (error: unknown): boolean => GitError.is(error, 'fenced');
      await assert.rejects(box.git.keep(repository, 'x', base), fenced);
      await assert.rejects(box.git.keep(repository, 'x', null), fenced);
    });

    it('is no reason to let go of a branch, or to leave out of what is saved what only it holds', async () => {
      const place = path.join(box.folder, 'rigs', 'nux');
      const trash = path.join(box.folder, 'rigs', '.trash');
      await box.git.addWorktree(repository, place, 'polecat/nux/gt-1', base);
      await mkdir(place, { recursive: true });
      await writeFile(path.join(place, 'work.txt'), 'work\n');
      const work = await box.git.commitAll(place, 'work', 'polecat/nux/gt-1');
      assert.ok(work !== null);
      await box.git.keep(repository, 'batch-1', work);
      const { keptRef } = await box.git.retire(repository, place, trash);
      await box.git.keep(repository, 'batch-1', null);
      await collect();
      assert.ok(keptRef !== null);
      assert.equal(await box.person('cat-file', '-t', work), 'commit');
    });
  });
});
