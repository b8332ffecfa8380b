import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimOwnership } from '../../../src/store/owner.ts';
import { identityOf } from '../../../src/system/processIdentity.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { realHost } from '../../../src/system/realHost.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

describe("a rig's owner", () => {
  let rig: RigFolder;
  beforeEach(async () => {
    rig = await new RigFolder().make();
  });
  afterEach(() => rig.remove());

  /** Makes the record of the present owner say something else. */
  async function rewriteOwner(folder: string, change: Readonly<Record<string, unknown>>): Promise<string> {
    const [name = ''] = (await namesIn(folder, /^owner-/)).slice(-1);
    const path = join(folder, name);
    const record = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...record, ...change }));
    return path;
  }

  it('is one: another opening is refused and told which process it is', async () => {
    await rig.open();
    await assert.rejects(rig.open(), (error: Error & { reason?: string }) => {
      assert.equal(error.reason, 'owned_elsewhere');
      assert.match(error.message, new RegExp(`Process ${String(process.pid)} owns`));
      return true;
    });
  });

  it('lets go when it closes', async () => {
    const first = await rig.open();
    await first.close();
    const second = await rig.open();
    assert.equal(second.folder, first.folder);
  });

  it('in another living process is respected, and taken over from once that process is dead', async () => {
    const { folder } = await closed();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const identity = await identityOf(child.pid ?? 0);
    const path = await rewriteOwner(folder, { ...identity, released: false });
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'owned_elsewhere', path });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await rig.open()).append(1, [beadCreated(beadIdOf(1))]);
  });

  it('is dead when its process id belongs to another process by now', async () => {
    const { folder } = await closed();
    await rewriteOwner(folder, { pid: process.pid, startTime: 'an earlier one', released: false });
    await rig.open();
  });

  it('in another container of this machine cannot be seen, so it is respected and the way out is said', async function () {
    if (process.platform !== 'linux') return this.skip();
    const { folder } = await closed();
    const path = await rewriteOwner(folder, { pid: 1, startTime: 'x', pidSpace: 'pid:[1]', released: false });
    await assert.rejects(rig.open(), (error: Error & { reason?: string }) => {
      assert.equal(error.reason, 'owned_elsewhere');
      assert.ok(error.message.includes(`remove ${path}`));
      return true;
    });
    return undefined;
  });

  it('is one, however many take over from a dead one at the same moment', async () => {
    const { folder } = await closed();
    for (let round = 0; round < 20; round += 1) {
      await rewriteOwner(folder, { startTime: 'dead', released: false });
      const claims = await Promise.allSettled(
        [1, 2, 3, 4, 5].map(() => claimOwnership({ files: realFiles, folder }, realHost, rig.clock)),
      );
      assert.equal(claims.filter(({ status }) => status === 'fulfilled').length, 1, `round ${String(round)}`);
      assert.equal((await namesIn(folder, /^owner-/)).length, 1);
    }
  });

  it('does not keep others from reading, and readers write nothing', async () => {
    const owner = await rig.open();
    await owner.append(1, [beadCreated(beadIdOf(1))]);
    const before = await namesIn(owner.folder, /./);
    const reader = await rig.open({ mode: 'reader' });
    assert.equal(reader.read.seq(), 1);
    assert.deepEqual(reader.initial.beads, { [beadIdOf(1)]: owner.read.bead(beadIdOf(1)) });
    await assert.rejects(reader.append(2, []), { name: 'StoreError', reason: 'not_writable' });
    await reader.close();
    assert.deepEqual(await namesIn(owner.folder, /./), before);
    assert.equal(await owner.append(2, []), 2);
  });

  async function closed(): Promise<{ readonly folder: string }> {
    const store = await rig.open();
    await store.close();
    return store;
  }
});
