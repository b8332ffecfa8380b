import assert from 'node:assert/strict';
import { chmod, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { GitError, type GitErrorReason } from '../../../src/ports/git.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const because = (reason: GitErrorReason) => (error: unknown) => GitError.is(error, reason);

describe('finding a repository', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'deep/er/b.txt': 'b\n' });
  });
  afterEach(() => box.end());

  it('finds it from its top, from below, through a link and from a worktree of it', async () => {
    const expected = {
      commonDir: await realpath(path.join(box.root, '.git')),
      root: box.root,
      branch: 'main',
      remote: null,
    };
    const worktree = path.join(box.folder, 'rigs', 'nux');
    await box.git.addWorktree(await box.repository(), worktree, 'polecat/nux/gt-00001', await box.at('main'));
    const link = path.join(box.folder, 'link');
    await symlink(box.root, link);
    for (const folder of [
      box.root,
      path.join(box.root, 'deep/er'),
      link,
      worktree,
      path.join(worktree, 'deep'),
    ]) {
      assert.deepEqual(await box.git.describe(folder), expected, folder);
    }
  });

  it('says that a head is detached by having no branch', async () => {
    await box.person('switch', '-q', '--detach');
    assert.equal((await box.repository()).branch, null);
  });

  it('finds a submodule as a repository of its own, at its own place', async () => {
    await box.person('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', box.root, 'sub');
    const found = await box.git.describe(path.join(box.root, 'sub'));
    assert.equal(found.root, path.join(box.root, 'sub'));
    await box.commit({}, 'add sub');
  });

  it('knows the remote the branch follows, else origin, else the only one', async () => {
    const remote = async (): Promise<string | null> => (await box.repository()).remote;
    await box.person('remote', 'add', 'upstream', box.root);
    assert.equal(await remote(), 'upstream');
    await box.person('remote', 'add', 'origin', box.root);
    assert.equal(await remote(), 'origin');
    await box.person('config', 'branch.main.remote', 'upstream');
    assert.equal(await remote(), 'upstream');
  });

  it('says what is wrong with a folder', async () => {
    const none = path.join(box.folder, 'none');
    await mkdir(none);
    await assert.rejects(box.git.describe(none), because('not_a_repository'));
    await assert.rejects(box.git.describe(path.join(box.folder, 'gone')), because('not_a_repository'));
    const bare = path.join(box.folder, 'bare.git');
    await box.personIn(box.folder, 'clone', '-q', '--bare', box.root, bare);
    await assert.rejects(box.git.describe(bare), because('bare'));
    await box.personIn(none, 'init', '-q');
    await assert.rejects(box.git.describe(none), because('no_commit'));
  });

  it('says that git is missing, and not that the folder is', async () => {
    const git = openGit({ gitPath: path.join(box.folder, 'no git here') });
    await assert.rejects(git.describe(box.root), because('git_missing'));
  });

  it('says which git was found and which is needed when it is too old', async function () {
    if (process.platform === 'win32') this.skip();
    const old = path.join(box.folder, 'old git');
    await writeFile(old, '#!/bin/sh\necho git version 2.37.4\n');
    await chmod(old, 0o755);
    await assert.rejects(openGit({ gitPath: old }).describe(box.root), (error) => {
      assert.ok(GitError.is(error, 'git_too_old'));
      assert.match(error.message, /2\.37\.4.*2\.38/);
      return true;
    });
  });

  it('does not follow variables that point git elsewhere', async () => {
    process.env['GIT_DIR'] = path.join(box.folder, 'elsewhere');
    try {
      assert.equal((await box.repository()).root, box.root);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it("reads a value of the repository's own configuration only", async () => {
    const repository = await box.repository();
    await box.person('config', 'rigs.mark', ' two words\nand a line ');
    assert.equal(await box.git.localConfig(repository, 'rigs.mark'), ' two words\nand a line ');
    assert.equal(await box.git.localConfig(repository, 'rigs.other'), null);
    assert.equal(await box.git.localConfig(repository, 'core.hooksPath'), null);
  });
});

describe('the freshest base', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let origin: string;
  beforeEach(async () => {
    box = await sandbox();
    origin = path.join(box.folder, 'origin');
    await box.personIn(box.folder, 'clone', '-q', box.root, origin);
    await box.personIn(origin, 'config', 'user.name', 'Bea');
    await box.personIn(origin, 'config', 'user.email', 'bea@example.invalid');
    await box.person('remote', 'add', 'origin', origin);
  });
  afterEach(() => box.end());

  const freshest = async (signal?: AbortSignal): Promise<string> =>
    box.git.freshestBase(await box.repository(), 'main', signal);
  async function pushedByOthers(): Promise<string> {
    await writeFile(path.join(origin, 'b.txt'), 'b\n');
    await box.personIn(origin, 'add', '.');
    await box.personIn(origin, 'commit', '-q', '-m', 'others');
    return box.personIn(origin, 'rev-parse', 'HEAD');
  }

  it('is the local branch where there is no remote', async () => {
    await box.person('remote', 'remove', 'origin');
    assert.equal(await freshest(), await box.at('main'));
  });

  it("is the remote's tip when others pushed, fetched just now", async () => {
    const theirs = await pushedByOthers();
    const local = await box.at('main');
    assert.equal(await freshest(), theirs);
    assert.equal(await box.at('main'), local);
  });

  it('is the local branch when it is ahead', async () => {
    assert.equal(await freshest(), await box.at('main'));
    const mine = await box.commit({ 'c.txt': 'c\n' });
    assert.equal(await freshest(), mine);
  });

  it('is what the person sees when both went on', async () => {
    await pushedByOthers();
    const mine = await box.commit({ 'c.txt': 'c\n' });
    assert.equal(await freshest(), mine);
  });

  it('is what is known when the remote is gone', async () => {
    const theirs = await pushedByOthers();
    await freshest();
    await rm(origin, { recursive: true });
    assert.equal(await freshest(), theirs);
  });

  it('is found once for several that ask at the same time', async () => {
    const theirs = await pushedByOthers();
    const found = await Promise.all(Array.from({ length: 6 }, () => freshest()));
    assert.deepEqual(new Set(found), new Set([theirs]));
  });

  it('says when there is no such branch anywhere', async () => {
    const repository = await box.repository();
    await assert.rejects(box.git.freshestBase(repository, 'nope'), because('no_branch'));
    await assert.rejects(box.git.freshestBase(repository, '--upload-pack=x'), because('bad_name'));
  });

  describe('from a remote that never answers', () => {
    let silent: ReturnType<typeof createServer>;
    let connected: Promise<void>;
    beforeEach(async () => {
      silent = createServer();
      connected = new Promise((resolve) =>
        silent.once('connection', () => {
          resolve();
        }),
      );
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const address = silent.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await box.person('remote', 'set-url', 'origin', `git://127.0.0.1:${String(port)}/x`);
    });
    afterEach(() => {
      silent.close();
    });

    it('is what is known after the time limit', async () => {
      const git = openGit({ fetchPatienceMs: 300 });
      assert.equal(await git.freshestBase(await box.repository(), 'main'), await box.at('main'));
    });

    it('is not waited for when the caller gives up', async () => {
      const stop = new AbortController();
      const asked = freshest(stop.signal);
      await connected;
      stop.abort(new Error('stopped'));
      await assert.rejects(asked, /stopped/);
    });
  });
});
