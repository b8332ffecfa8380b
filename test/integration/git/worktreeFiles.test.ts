import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Furnished, Repository, Share } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const ignore = '.env*\n!.env.example\nnode_modules/\ncache\n/config/local/\n*.key\n';

describe('what git ignores, in a new worktree', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let place: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', '.gitignore': ignore, '.env.example': 'K=\n' });
    repository = await box.repository();
    place = path.join(box.folder, `the 'rigs'`, 'nux "🦊"');
  });
  afterEach(() => box.end());

  /** `.worktreeinclude` is committed, a worktree made at that commit, and furnished. */
  async function furnish(
    patterns: string | null,
    share: Readonly<Record<string, Share>> = {},
    signal?: AbortSignal,
  ): Promise<Furnished> {
    if (patterns !== null) await commitPatterns(patterns);
    const commit = await box.at('main');
    await box.git.addWorktree(repository, place, 'polecat/nux/gt-00001', commit);
    return box.git.furnish(repository, place, { commit, share }, signal);
  }
  async function commitPatterns(patterns: string): Promise<CommitId> {
    await writeFile(path.join(box.root, '.worktreeinclude'), patterns);
    await box.person('add', '.worktreeinclude');
    await box.person('commit', '-q', '-m', 'what worktrees need');
    return box.at('HEAD');
  }
  const inside = (file: string): Promise<string> => readFile(path.join(place, file), 'utf8');
  const isThere = (file: string): Promise<boolean> =>
    lstat(path.join(place, file)).then(
      () => true,
      () => false,
    );
  const uncommitted = (): Promise<readonly string[]> => box.git.uncommitted(place);

  it('is the files that .worktreeinclude names, with their modes, and nothing that git would commit', async () => {
    await box.write('.env', 'SECRET=1\n');
    await chmod(path.join(box.root, '.env'), 0o640);
    await box.write('apps/web 🕸/.env', 'SECRET=2\n');
    await box.write('.env.local', 'not named\n');
    const { files, leftOut } = await furnish('.env\n');
    assert.deepEqual([...files].sort(), ['.env', 'apps/web 🕸/.env']);
    assert.deepEqual(leftOut, []);
    assert.equal(await inside('.env'), 'SECRET=1\n');
    assert.equal((await stat(path.join(place, '.env'))).mode & 0o777, 0o640);
    assert.equal(await inside('apps/web 🕸/.env'), 'SECRET=2\n');
    assert.equal(await isThere('.env.local'), false);
    assert.deepEqual(await uncommitted(), []);
  });

  it('follows the whole of gitignore’s syntax, with what it takes back', async () => {
    for (const name of ['a', 'b', 'prod']) await box.write(`keys/${name}.key`, name);
    const { files } = await furnish('# keys\n*.key\n!/keys/prod.key\n\n');
    assert.deepEqual([...files].sort(), ['keys/a.key', 'keys/b.key']);
  });

  it('leaves alone what lies in a folder that is ignored as a whole, unless a pattern names it', async () => {
    await box.write('node_modules/pack/.env', 'of a package');
    await box.write('config/local/dev.json', '{}');
    await box.write('config/local/deep/dev.json', '{}');
    await box.write('config/local/dev.txt', 'x');
    const { files } = await furnish('.env\n/config/local/*.json\n');
    assert.deepEqual(files, ['config/local/dev.json']);
    assert.equal(await isThere('node_modules'), false);
  });

  it('is a whole folder where the pattern is one', async () => {
    await box.write('config/local/dev.json', '{}');
    await box.write('config/local/deep/dev.txt', 'x');
    const { files } = await furnish('config/local/\n');
    assert.deepEqual([...files].sort(), ['config/local/deep/dev.txt', 'config/local/dev.json']);
  });

  it('is what the target says, whatever stands in the checkout or on another branch', async () => {
    await box.write('.env', 'x');
    await box.write('a.key', 'x');
    const commit = await commitPatterns('.env\n');
    await box.write('.worktreeinclude', '*.key\n');
    await box.git.addWorktree(repository, place, 'polecat/nux/gt-00001', commit);
    await writeFile(path.join(place, '.worktreeinclude'), '*.key\n');
    const { files } = await box.git.furnish(repository, place, { commit, share: {} });
    assert.deepEqual(files, ['.env']);
  });

  it('is never a file that git does not ignore there: it would land with the work', async () => {
    await commitPatterns('.env\nnotes.txt\n');
    const commit = await box.at('main');
    // Ignored by the person's checkout alone.
    await box.write('.gitignore', `${ignore}notes.txt\n`);
    await box.write('notes.txt', 'mine');
    await box.git.addWorktree(repository, place, 'polecat/nux/gt-00001', commit);
    const { files, leftOut } = await box.git.furnish(repository, place, { commit, share: {} });
    assert.deepEqual(files, []);
    assert.deepEqual(leftOut, [{ path: 'notes.txt', why: 'not_ignored' }]);
    assert.equal(await isThere('notes.txt'), false);
  });

  it('writes over nothing, and is the same when it is asked for again', async () => {
    await box.write('.env', 'mine');
    await box.write('a.key', 'k');
    const commit = await commitPatterns('.env\n*.key\n');
    await box.git.addWorktree(repository, place, 'polecat/nux/gt-00001', commit);
    await writeFile(path.join(place, '.env'), 'its own');
    const first = await box.git.furnish(repository, place, { commit, share: {} });
    assert.deepEqual(first, { files: ['a.key'], folders: [], leftOut: [] });
    assert.deepEqual((await box.git.furnish(repository, place, { commit, share: {} })).files, []);
    assert.equal(await inside('.env'), 'its own');
    assert.deepEqual(await readdir(path.join(path.dirname(place), '.arrivals')), []);
  });

  it('follows no link out of the repository, on neither side', async () => {
    const outside = path.join(box.folder, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'id.key'), 'of somebody');
    await symlink(path.join(outside, 'id.key'), path.join(box.root, 'a.key'));
    await symlink('.git/config', path.join(box.root, 'b.key'));
    await box.write('real.key', 'mine');
    await symlink('real.key', path.join(box.root, 'c.key'));
    // On the target `x` is a link out of the worktree; in the checkout it is a folder.
    await symlink(outside, path.join(box.root, 'x'));
    await box.person('add', 'x');
    await commitPatterns('*.key\n');
    await box.person('rm', '-q', '--cached', 'x');
    await unlink(path.join(box.root, 'x'));
    await box.write('x/d.key', 'would go out');
    const { files, leftOut } = await furnish(null);
    assert.deepEqual([...files].sort(), ['c.key', 'real.key']);
    assert.equal(await inside('c.key'), 'mine');
    assert.equal((await lstat(path.join(place, 'c.key'))).isSymbolicLink(), false);
    assert.deepEqual(leftOut.map(({ path: one, why }) => `${one} ${why}`).sort(), [
      'a.key leads_out',
      'b.key leads_out',
      'x/d.key leads_out',
    ]);
    assert.deepEqual(await readdir(outside), ['id.key']);
  });

  it('is said to be too large or too many where it is, and the rest comes', async () => {
    await box.write('a.key', 'k');
    await box.write('huge.key', '');
    await truncate(path.join(box.root, 'huge.key'), 20 << 20);
    await box.write('cache/0', '');
    for (let at = 1; at <= 2_000; at += 1) writeFileSync(path.join(box.root, `cache/${String(at)}`), '');
    const { files, leftOut } = await furnish('*.key\ncache\n');
    assert.deepEqual(files, ['a.key']);
    assert.deepEqual(leftOut, [
      { path: 'cache/', why: 'too_many' },
      { path: 'huge.key', why: 'too_large' },
    ]);
  });

  it('asks git nothing more where nobody wants anything', async () => {
    await box.write('.env', 'x');
    assert.deepEqual(await furnish(null), { files: [], folders: [], leftOut: [] });
    assert.equal(await isThere('.env'), false);
  });

  describe('a folder that is shared by setting', () => {
    beforeEach(async () => {
      await box.write('node_modules/pack/index.js', 'module.exports = 1;\n');
      await box.write('node_modules/.bin/.keep', '');
      await symlink('../pack/index.js', path.join(box.root, 'node_modules/.bin/pack'));
      await chmod(path.join(box.root, 'node_modules/pack/index.js'), 0o755);
      await box.write('cache/big', 'b');
    });

    for (const how of ['clone', 'copy'] as const) {
      it(`is a ${how} of its own, with its modes and its links as they are`, async () => {
        const { folders, leftOut } = await furnish(null, { 'node_modules/': how });
        assert.deepEqual([folders, leftOut], [['node_modules'], []]);
        assert.equal((await stat(path.join(place, 'node_modules/pack/index.js'))).mode & 0o777, 0o755);
        assert.equal(await readlink(path.join(place, 'node_modules/.bin/pack')), '../pack/index.js');
        await writeFile(path.join(place, 'node_modules/pack/index.js'), 'changed');
        assert.equal(await box.read('node_modules/pack/index.js'), 'module.exports = 1;\n');
        assert.deepEqual(await uncommitted(), []);
      });
    }

    it('keeps read-only folders and times, and passes over what has no content', async () => {
      const pack = path.join(box.root, 'node_modules/pack');
      const then = new Date('2026-01-02T03:04:05Z');
      await utimes(path.join(pack, 'index.js'), then, then);
      await promisify(execFile)('mkfifo', [path.join(box.root, 'cache/pipe')]);
      await chmod(pack, 0o500);
      try {
        const { folders, leftOut } = await furnish(null, { node_modules: 'clone', cache: 'copy' });
        assert.deepEqual([folders, leftOut], [['node_modules', 'cache'], []]);
      } finally {
        await chmod(pack, 0o700);
      }
      const there = path.join(place, 'node_modules/pack');
      assert.equal((await stat(there)).mode & 0o777, 0o500);
      await chmod(there, 0o700);
      assert.equal((await stat(path.join(there, 'index.js'))).mtimeMs, then.getTime());
      assert.deepEqual(await readdir(path.join(place, 'cache')), ['big']);
    });

    it('is a link to the person’s own, where git ignores a link of that name', async () => {
      const { folders } = await furnish(null, { cache: 'link' });
      assert.deepEqual(folders, ['cache']);
      assert.equal(await readlink(path.join(place, 'cache')), path.join(box.root, 'cache'));
      assert.deepEqual(await uncommitted(), []);
      await box.git.retire(repository, place, path.join(path.dirname(place), '.trash'));
      assert.equal(await box.read('cache/big'), 'b');
    });

    it('is no link where a pattern with a slash at its end would let git commit it', async () => {
      const { folders, leftOut } = await furnish(null, { node_modules: 'link' });
      assert.deepEqual(folders, []);
      assert.deepEqual(leftOut, [{ path: 'node_modules', why: 'not_ignored' }]);
      assert.equal(await isThere('node_modules'), false);
    });

    it('is nothing that leads elsewhere, is not there, or belongs to git', async () => {
      const outside = path.join(box.folder, 'outside');
      await mkdir(outside);
      await symlink(outside, path.join(box.root, '.env-folder'));
      const share = {
        '../x': 'copy',
        '.git': 'copy',
        'a/../b': 'link',
        '.env-folder': 'link',
        dist: 'copy',
      } as const;
      const { folders, leftOut } = await furnish(null, { ...share, '/etc': 'copy', 'a.txt': 'copy' });
      assert.deepEqual(folders, []);
      assert.deepEqual(Object.fromEntries(leftOut.map((one) => [one.path, one.why])), {
        '../x': 'bad_path',
        '.git': 'bad_path',
        'a/../b': 'bad_path',
        '.env-folder': 'leads_out',
        dist: 'missing',
        '/etc': 'bad_path',
        'a.txt': 'missing',
      });
    });

    it('comes once: files below it that .worktreeinclude names are the folder’s', async () => {
      const { files, folders } = await furnish('node_modules/\n', { node_modules: 'clone' });
      assert.deepEqual([files, folders], [[], ['node_modules']]);
    });

    it('is never there by half: a copy that was cut short is made anew', async () => {
      const stop = new AbortController();
      stop.abort(new Error('stopped'));
      await assert.rejects(furnish(null, { node_modules: 'copy' }, stop.signal), /stopped/);
      const half = path.join(
        path.dirname(place),
        '.arrivals',
        path.basename(place),
        'folder',
        'node_modules',
      );
      await mkdir(path.join(half, 'half'), { recursive: true });
      await chmod(path.join(half, 'half'), 0o500);
      const { folders } = await furnish(null, { node_modules: 'copy' });
      assert.deepEqual(folders, ['node_modules']);
      assert.deepEqual((await readdir(path.join(place, 'node_modules'))).sort(), ['.bin', 'pack']);
    });
  });
});
