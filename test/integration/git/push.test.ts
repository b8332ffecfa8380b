import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { GitError, type PushResult, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

describe('pushing what landed', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let remote: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n' });
    remote = path.join(box.folder, 'remote.git');
    await box.person('clone', '-q', '--bare', box.root, remote);
    await box.person('remote', 'add', 'origin', remote);
    repository = await box.repository();
    base = await box.at('main');
  });
  afterEach(() => box.end());

  const push = (commit: CommitId, branch = 'main'): Promise<PushResult> =>
    box.git.push(repository, 'origin', branch, commit);
  const there = (branch = 'main'): Promise<string> => box.personIn(remote, 'rev-parse', branch);
  async function hook(folder: string, name: string, lines: string): Promise<void> {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${lines}\n`);
    await chmod(path.join(folder, name), 0o755);
  }

  it('moves the remote branch to exactly that commit, whatever the local branch is at, and nothing else', async () => {
    const landed = await box.beside(base, { 'b.txt': 'b\n' });
    await box.person('tag', '-a', '-m', 'tagged', 'v1', landed);
    await box.person('config', 'push.followTags', 'true');
    await box.person('config', 'remote.origin.mirror', 'true');
    await box.person('config', 'push.gpgSign', 'true');
    assert.deepEqual(await push(landed), { ok: true });
    assert.equal(await there(), landed);
    assert.equal(await box.at('main'), base);
    assert.equal(await box.personIn(remote, 'for-each-ref', '--format=%(refname)'), 'refs/heads/main');
    assert.deepEqual(await push(landed), { ok: true });
  });

  it('is rejected, and never forces, when the remote has moved on', async () => {
    const theirs = await box.beside(base, { 'b.txt': 'theirs\n' });
    await box.person('push', '-q', 'origin', `${theirs}:refs/heads/main`);
    await box.person('config', 'remote.origin.push', '+refs/heads/*:refs/heads/*');
    const mine = await box.beside(base, { 'b.txt': 'mine\n' });
    const result = await push(mine);
    assert.equal(result.ok ? null : result.why, 'rejected');
    assert.equal(await there(), theirs);
  });

  it('is unreachable when the remote is gone, and says so without a password', async () => {
    await rename(remote, `${remote} gone`);
    const gone = await push(base);
    assert.equal(gone.ok ? null : gone.why, 'unreachable');
    const closed = await freePort();
    await box.person('remote', 'set-url', 'origin', `http://me:hush@127.0.0.1:${String(closed)}/x.git`);
    const silent = await push(base);
    assert.ok(!silent.ok);
    assert.equal(silent.why, 'unreachable');
    assert.notEqual(silent.detail, '');
    assert.doesNotMatch(silent.detail, /hush/);
  });

  it('is unreachable when the remote does not answer in time, and ends when it is told to', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    assert.ok(typeof address === 'object' && address !== null);
    await box.person('remote', 'set-url', 'origin', `git://127.0.0.1:${String(address.port)}/x.git`);
    try {
      const hurried = openGit({ pushPatienceMs: 300 });
      const result = await hurried.push(repository, 'origin', 'main', base);
      assert.equal(result.ok ? null : result.why, 'unreachable');
      const stop = new AbortController();
      const pushing = box.git.push(repository, 'origin', 'main', base, stop.signal);
      stop.abort(new Error('told to'));
      await assert.rejects(pushing, /told to/);
    } finally {
      mute.close();
    }
  });

  it("runs the remote's own hooks, whose no is a refusal, and none of the repository's", async function () {
    if (process.platform === 'win32') this.skip();
    const marks = await mkdtemp(path.join(box.folder, 'marks '));
    await hook(path.join(repository.commonDir, 'hooks'), 'pre-push', `: > '${marks}/pre-push'\nexit 1`);
    const landed = await box.beside(base, { 'b.txt': 'b\n' });
    assert.deepEqual(await push(landed), { ok: true });
    await hook(path.join(remote, 'hooks'), 'pre-receive', `: > '${marks}/theirs'\necho not today\nexit 1`);
    const next = await box.beside(landed, { 'b.txt': 'c\n' });
    const result = await push(next);
    assert.ok(!result.ok);
    assert.equal(result.why, 'refused');
    assert.match(result.detail, /pre-receive hook declined[^]*not today/);
    assert.deepEqual(await readdir(marks), ['theirs']);
    assert.equal(await there(), landed);
  });

  it("runs no program that the repository's configuration names as the way to the remote", async () => {
    const unsafe = (error: unknown): boolean => GitError.is(error, 'unsafe_config');
    for (const key of ['remote.origin.receivepack', 'core.sshCommand', 'credential.helper']) {
      await box.person('config', key, 'true');
      await assert.rejects(push(base), unsafe, key);
      await box.person('config', '--unset', key);
    }
    assert.deepEqual(await push(base), { ok: true });
  });

  it('is an error, and no answer of the remote, where there is no such commit or name', async () => {
    const nowhere = '1'.repeat(40) as CommitId;
    await assert.rejects(push(nowhere), (error) => GitError.is(error, 'failed'));
    await assert.rejects(push(base, '--all'), (error) => GitError.is(error, 'bad_name'));
  });

  it('ends for a former owner of the rig', async () => {
    await box.git.takeLease(repository, { rig: 'r', epoch: 1 });
    await openGit().takeLease(repository, { rig: 'r', epoch: 2 });
    const landed = await box.beside(base, { 'b.txt': 'b\n' });
    await assert.rejects(push(landed), (error) => GitError.is(error, 'fenced'));
    assert.equal(await there(), base);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
