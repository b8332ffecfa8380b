import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Syncs, makeDurable, realSyncs } from '../../../src/git/durable.ts';
import { gitEnvironment } from '../../../src/git/environment.ts';
import { createRunGit } from '../../../src/git/run.ts';
import { GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, id, sandbox, withoutPersonalConfig } from './sandbox.ts';

const run = promisify(execFile);
const git = createRunGit('git');

describe("an agent's commits before its done counts", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let head: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'old.txt': 'old\n' });
    repository = await box.repository();
    base = await box.at('main');
    await box.person('checkout', '-q', '-b', 'polecat/nux/gt-00001');
    await box.commit({ 'a.txt': 'one\n', 'dir/b.txt': 'b\n' });
    head = await box.commit({ 'a.txt': 'two\n', 'dir/c.txt': 'c\n' });
  });
  afterEach(() => box.end());

  const objectsIn = (folder = repository.commonDir): string => path.join(folder, 'objects');
  const looseOf = (object: string, folder?: string): string =>
    path.join(objectsIn(folder), object.slice(0, 2), object.slice(2));
  const added = async (): Promise<string[]> =>
    (await box.person('rev-list', '--objects', '--no-object-names', `${base}..${head}`)).split('\n');

  /** What is synced, in its order, for real. */
  async function synced(): Promise<{ files: string[]; folders: string[] }> {
    const files: string[] = [];
    const folders: string[] = [];
    const watched: Syncs = {
      file: async (file) => {
        const bytes = await realSyncs.file(file);
        files.push(file);
        return bytes;
      },
      folder: async (folder) => {
        folders.push(folder);
        await realSyncs.folder(folder);
      },
    };
    await makeDurable(git, repository, base, head, watched);
    return { files, folders };
  }

  it('are synced object by object, with the folders that hold their names, and then the branch', async () => {
    const { files, folders } = await synced();
    const objects = await added();
    assert.ok(objects.length >= 8);
    for (const object of objects) {
      assert.ok(files.includes(looseOf(object)), object);
      assert.ok(folders.includes(path.dirname(looseOf(object))), object);
    }
    assert.ok(folders.includes(objectsIn()));
    assert.equal(files.at(-1), path.join(repository.commonDir, 'refs/heads/polecat/nux/gt-00001'));
    for (const below of ['refs', 'refs/heads', 'refs/heads/polecat', 'refs/heads/polecat/nux']) {
      assert.ok(folders.includes(path.join(repository.commonDir, below)), below);
    }
    const old = id(await box.person('rev-parse', `${base}:old.txt`));
    assert.equal(files.includes(looseOf(old)), false);
  });

  it('are synced in their pack, when the agent packed them', async () => {
    await box.person('repack', '-q', '-a', '-d');
    await box.person('pack-refs', '--all');
    const { files, folders } = await synced();
    assert.ok(files.some((file) => file.endsWith('.pack')));
    assert.ok(files.some((file) => file.endsWith('.idx')));
    assert.ok(folders.includes(path.join(objectsIn(), 'pack')));
    assert.ok(files.includes(path.join(repository.commonDir, 'packed-refs')));
  });

  it('are synced where they are borrowed from, too', async () => {
    const lender = path.join(box.folder, 'lender');
    await box.personIn(box.folder, 'init', '-q', '--bare', lender);
    const [object = ''] = (await added()).toReversed();
    await mkdir(path.dirname(looseOf(object, lender)), { recursive: true });
    await rename(looseOf(object), looseOf(object, lender));
    await writeFile(path.join(objectsIn(), 'info/alternates'), `${objectsIn(lender)}\n`);
    assert.ok((await synced()).files.includes(looseOf(object, lender)));
  });

  it('are synced although no branch holds them, with the HEAD that does', async () => {
    const place = path.join(box.folder, 'rigs/nux');
    await box.git.addWorktree(repository, place, 'polecat/nux/gt-00002', base);
    await box.personIn(place, 'checkout', '-q', '--detach');
    await writeFile(path.join(place, 'a.txt'), 'detached\n');
    head = (await box.git.commitAll(place, 'detached', 'polecat/nux/gt-00002')) ?? base;
    assert.ok((await synced()).files.includes(path.join(repository.commonDir, 'worktrees/nux/HEAD')));
  });

  it('do not count when an object is missing or empty', async () => {
    const blob = looseOf(await box.person('rev-parse', `${head}:dir/c.txt`));
    const failed = (error: unknown): boolean => GitError.is(error, 'failed');
    await truncate(blob, 0).catch(() => appendFile(blob, ''));
    await assert.rejects(box.git.makeDurable(repository, base, head), failed);
    await rm(blob);
    await assert.rejects(box.git.makeDurable(repository, base, head), failed);
  });

  it('take nothing when there are none', async () => {
    head = base;
    const { files } = await synced();
    assert.deepEqual(
      files.filter((file) => file.startsWith(objectsIn())),
      [],
    );
  });
});

describe("Rigs' own commits", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  before(async function () {
    const traced = await run('strace', ['-V']).catch(() => null);
    if (traced === null) this.skip();
  });
  beforeEach(async () => {
    box = await sandbox();
  });
  afterEach(() => box.end());

  it('are synced by git itself: every object and the ref before the call returns', async () => {
    const repository = await box.repository();
    const log = path.join(box.folder, 'trace');
    const env = gitEnvironment();
    const trace = ['-f', '-y', '-o', log, '-e', 'trace=fsync,fdatasync', 'git'];
    const cwd = repository.root;
    const { stdout } = await run('strace', [...trace, 'commit-tree', '-m', 'x', 'HEAD^{tree}'], { cwd, env });
    assert.match(await readFile(log, 'utf8'), /objects\/[0-9a-f/]*tmp_obj|objects\/../);
    await run('strace', [...trace, 'update-ref', 'refs/rigs/saved/x/1', stdout.trim()], { cwd, env });
    assert.match(await readFile(log, 'utf8'), /refs\/rigs\/saved\/x\/1\.lock/);
    assert.ok((await stat(path.join(repository.commonDir, 'refs/rigs/saved/x/1'))).size > 0);
  });
});
