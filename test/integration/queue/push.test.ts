import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { needsYou } from '../../../src/town/needsYou.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { QueueRig, gitNow } from './queueRig.ts';

describe('What landed', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig | null = null;
  let remote: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n' });
    remote = path.join(box.folder, 'remote.git');
    execFileSync('git', ['init', '--quiet', '--bare', remote]);
    await box.person('remote', 'add', 'origin', remote);
    await box.person('push', '--quiet', 'origin', 'main');
  });
  afterEach(async () => {
    await rig?.close();
    rig = null;
    await box.end();
  });

  const opened = async (push: boolean): Promise<QueueRig> => (rig = await QueueRig.open(box, { push }));
  const there = (): string => gitNow(remote, 'rev-parse', 'refs/heads/main');
  const lands = async (one: QueueRig, name: string): Promise<string> => {
    await box.person('branch', name, await box.beside(await box.at('main'), { [name]: `${name}\n` }));
    const requests = await one.enter(name);
    await one.rest();
    assert.deepEqual(one.stagesOf(requests), ['landed'], one.story());
    return box.at('main');
  };

  it('stays here as long as nobody wants it pushed', async () => {
    const before = there();
    const one = await opened(false);
    const landed = await lands(one, 'one');
    assert.notEqual(landed, before);
    assert.deepEqual([there(), one.queue.unpushed ?? null], [before, null]);
  });

  it('is pushed where a person wants it, once the remote is back where that was away, also by the next window', async () => {
    const one = await opened(true);
    const first = await lands(one, 'one');
    await one.until(() => one.queue.unpushed === null);
    assert.equal(there(), first);
    renameSync(remote, `${remote}-away`);
    const second = await lands(one, 'two');
    await one.until(() => (one.queue.unpushed?.tries ?? 0) > 1);
    assert.equal(one.queue.unpushed?.why?.code, 'push_unreachable');
    assert.deepEqual(needsYou(one.foreman.state), []);
    one.kill();
    const next = await one.reopen();
    rig = next;
    assert.equal(next.queue.unpushed?.commit, second);
    renameSync(`${remote}-away`, remote);
    await next.until(() => next.queue.unpushed === null);
    assert.equal(there(), second);
  });

  it('never forces a remote that moved on: its person is told, and may resume when that is mended', async () => {
    const one = await opened(true);
    const first = await box.at('main');
    // Behind the back of this repository, and of another line than what is here.
    const tree = gitNow(remote, 'rev-parse', 'main^{tree}');
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.invalid'];
    const theirs = gitNow(remote, ...who, 'commit-tree', '-m', 'theirs', tree);
    gitNow(remote, 'update-ref', 'refs/heads/main', theirs);
    const landed = await lands(one, 'one');
    await one.until(() => one.queue.unpushed?.why?.code === 'push_rejected');
    assert.equal(there(), theirs);
    assert.deepEqual(
      needsYou(one.foreman.state).map((need) => need.kind === 'queue' && need.reason.code),
      ['push_rejected'],
    );
    gitNow(remote, 'update-ref', 'refs/heads/main', first);
    await one.foreman.wish({ type: 'resumeQueue' });
    await one.until(() => one.queue.unpushed === null);
    assert.equal(there(), landed);
  });
});
