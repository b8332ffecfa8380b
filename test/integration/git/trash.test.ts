import assert from 'node:assert/strict';
import { access, chmod, mkdir, mkdtemp, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { moveFolder, trashSlot } from '../../../src/git/trash.ts';
import { type EmptiedTrash, GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const branch = 'polecat/nux/gt-00001';
const day = 24 * 3600_000;
const week = 7 * day;

describe('emptying the trash', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let place: string;
  let trash: string;

  beforeEach(async () => {
    box = await sandbox();
    repository = await box.repository();
    base = await box.at('main');
    place = path.join(box.folder, 'rigs', 'nux');
    trash = path.join(box.folder, 'rigs', '.trash');
  });
  afterEach(() => box.end());

  const empty = (now: number): Promise<EmptiedTrash> => box.git.emptyTrash(repository, trash, week, now);
  /** A slot as `retire` leaves it, without the worktree's commits. */
  async function slotOf(): Promise<string> {
    const slot = await trashSlot(trash, 'nux');
    await mkdir(path.join(slot, 'nux'));
    await writeFile(path.join(slot, 'nux', 'a.txt'), 'a\n');
    await mkdir(path.join(slot, 'git-worktree', 'logs'), { recursive: true });
    await writeFile(path.join(slot, 'git-worktree', 'HEAD'), `ref: refs/heads/${branch}\n`);
    return slot;
  }
  async function trashed(text: string | null = null): Promise<string> {
    await box.git.addWorktree(repository, place, branch, base);
    if (text !== null) await writeFile(path.join(place, 'a.txt'), text);
    return (await box.git.retire(repository, place, trash)).trashedTo ?? '';
  }

  it('takes what is older than its days, and nothing younger', async () => {
    const slot = await trashed();
    assert.deepEqual(await empty(Date.now() + 6 * day), { removed: [], kept: [] });
    await access(slot);
    assert.deepEqual(await empty(Date.now() + 8 * day), { removed: [slot], kept: [] });
    await assert.rejects(access(slot));
  });

  it('is not for a former owner', async () => {
    const slot = await trashed();
    const former = openGit();
    await former.takeLease(repository, { rig: 'r', epoch: 1 });
    await box.git.takeLease(repository, { rig: 'r', epoch: 2 });
    const emptied = former.emptyTrash(repository, trash, week, Date.now() + 8 * day);
    await assert.rejects(emptied, (error) => GitError.is(error, 'fenced'));
    await access(slot);
  });

  it('goes by when it was thrown away, whatever the folder says', async () => {
    const slot = await slotOf();
    await utimes(slot, 0, 0);
    assert.deepEqual(await empty(Date.now()), { removed: [], kept: [] });
    assert.deepEqual(await empty(Date.now() - 30 * day), { removed: [], kept: [] });
  });

  it('keeps what is called otherwise, a link too, and follows none', async () => {
    await mkdir(path.join(trash, 'mine'), { recursive: true });
    const outside = path.join(box.folder, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'precious'), '');
    const link = path.join(trash, 'nux-20200101T000000Z-abcdef');
    await symlink(outside, link);
    const slot = await slotOf();
    await symlink(outside, path.join(slot, 'link'));
    const { removed, kept } = await empty(Date.now() + 8 * day);
    assert.deepEqual(removed, [slot]);
    assert.deepEqual(
      kept.map((one) => [path.basename(one.path), one.why]),
      [
        ['mine', 'unknown_age'],
        [path.basename(link), 'unknown_age'],
      ],
    );
    await access(path.join(outside, 'precious'));
  });

  it('keeps what holds commits that no ref reaches any more', async () => {
    const slot = await trashed('uncommitted\n');
    const kept = await box.person('for-each-ref', '--format=%(refname)', 'refs/rigs/saved/');
    await box.git.addWorktree(repository, place, branch, base);
    await writeFile(path.join(place, 'a.txt'), 'committed\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    const other = (await box.git.retire(repository, place, trash)).trashedTo ?? '';
    await box.person('update-ref', '-d', kept);
    await box.person('branch', '-q', '-D', branch);
    const emptied = await empty(Date.now() + 8 * day);
    assert.deepEqual(emptied.kept, [{ path: other, why: 'holds_commits', detail: tip }]);
    assert.deepEqual(emptied.removed, [slot]);
  });

  it('keeps the repositories of submodules that the agent had there', async () => {
    const slot = await slotOf();
    await mkdir(path.join(slot, 'git-worktree/modules/lib'), { recursive: true });
    assert.equal((await empty(Date.now() + 8 * day)).kept[0]?.why, 'holds_repository');
  });

  it('takes folders that were made read-only, and names what it could not take', async () => {
    const slot = await slotOf();
    await mkdir(path.join(slot, 'locked/in'), { recursive: true });
    await writeFile(path.join(slot, 'locked/in/file'), '');
    await chmod(path.join(slot, 'locked/in'), 0o500);
    await chmod(path.join(slot, 'locked'), 0o500);
    assert.deepEqual(await empty(Date.now() + 8 * day), { removed: [slot], kept: [] });
  });

  it('finishes what a crash left half removed', async () => {
    const slot = await slotOf();
    await rm(path.join(slot, 'nux'), { recursive: true });
    await rm(path.join(slot, 'git-worktree/logs'), { recursive: true });
    assert.deepEqual(await empty(Date.now() + 8 * day), { removed: [slot], kept: [] });
  });

  it('holds on its own disk all that came from another, before that goes there', async function () {
    const shared = await mkdtemp('/dev/shm/rigs-trash-').catch(() => null);
    if (shared === null || (await stat(shared)).dev === (await stat(box.folder)).dev) this.skip();
    try {
      const from = path.join(box.folder, 'nux');
      await mkdir(path.join(from, 'deep/er'), { recursive: true });
      await writeFile(path.join(from, 'a.txt'), 'a\n');
      await writeFile(path.join(from, 'deep/er/b.txt'), 'b\n');
      const synced: string[] = [];
      const note = async (file: string): Promise<void> => {
        await access(path.join(from, 'deep/er/b.txt'));
        synced.push(path.relative(shared, file));
      };
      await moveFolder(from, path.join(shared, 'nux'), { ...realFiles, sync: note, syncFolder: note });
      const expected = ['', 'nux', 'nux/a.txt', 'nux/deep', 'nux/deep/er', 'nux/deep/er/b.txt'];
      assert.deepEqual(synced.toSorted(), expected);
      assert.equal(synced.at(-1), '');
      await assert.rejects(access(from));
    } finally {
      await rm(shared, { recursive: true });
    }
  });

  it('has nothing to do where there is no trash', async () => {
    assert.deepEqual(await empty(Date.now()), { removed: [], kept: [] });
  });
});
