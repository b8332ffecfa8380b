import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '../../../src/ports/files.ts';
import { createDurably, writeDurably } from '../../../src/system/durableFile.ts';
import { identityOf, isAlive, startTimeOf } from '../../../src/system/processIdentity.ts';
import { killTree } from '../../../src/system/processTree.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { until } from '../worker/until.ts';

describe('a durable file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigs-system-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is replaced whole and leaves nothing else behind', async () => {
    const file = join(folder, 'a.json');
    await writeDurably(file, 'old');
    await writeDurably(file, 'new', { mode: 0o600 });
    assert.equal(await readFile(file, 'utf8'), 'new');
    assert.deepEqual(await readdir(folder), ['a.json']);
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('is created by exactly one of many, and keeps what the winner wrote', async () => {
    const file = join(folder, 'claim');
    const won = await Promise.all(Array.from({ length: 20 }, (_, n) => createDurably(file, String(n))));
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(await readFile(file, 'utf8'), String(won.indexOf(true)));
    assert.deepEqual(await readdir(folder), ['claim']);
  });

  for (const [what, write] of Object.entries({ replaced: writeDurably, created: createDurably })) {
    for (const operation of ['create', 'sync'] as const) {
      it(`that is to be ${what} leaves no half of it on a full disk when ${operation} fails`, async () => {
        const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        const files: Files = {
          ...realFiles,
          [operation]: async (path: string, data: string, mode: number) => {
            if (operation === 'create') await realFiles.create(path, data.slice(0, 3), mode);
            throw full;
          },
        };
        await assert.rejects(write(join(folder, 'a.json'), 'content', { files }), full);
        assert.deepEqual(await readdir(folder), []);
        const stuck: Files = { ...files, unlink: () => Promise.reject(new Error('read-only')) };
        await assert.rejects(write(join(folder, 'a.json'), 'content', { files: stuck }), full);
      });
    }
  }
});

describe('a process', () => {
  const node = (script: string) =>
    spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const waits = 'setInterval(() => {}, 1000);';

  it('is known by its id and start time, and no longer once it ended', async () => {
    const child = node(waits);
    const identity = await until(() => identityOf(child.pid ?? 0));
    assert.ok(await isAlive(identity));
    assert.ok(!(await isAlive({ ...identity, startTime: `${identity.startTime}0` })));
    child.kill('SIGKILL');
    await until(async () => !(await isAlive(identity)));
    assert.equal(await startTimeOf(identity.pid), null);
  });

  it('ends with everything it started, also what left its group and what ignores a polite request', async () => {
    const deaf = `process.on('SIGTERM', () => {}); console.log(process.pid); ${waits}`;
    const script = `for (const detached of [true, false]) require('node:child_process')
      .spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}], { detached, stdio: 'inherit' }); ${deaf}`;
    const child = node(script);
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    const pids = await until(() => (said.match(/\d+\n/g)?.length === 3 ? said.trim().split('\n') : null));
    const tree = await Promise.all(pids.map(async (pid) => until(() => identityOf(Number(pid)))));
    const root = tree.find((one) => one.pid === child.pid);
    assert.ok(root !== undefined);
    await killTree(root, 100);
    assert.deepEqual(await Promise.all(tree.map(isAlive)), [false, false, false]);
  });

  it('that only bears the number of one that ended is left alone', async () => {
    const child = node(waits);
    const identity = await until(() => identityOf(child.pid ?? 0));
    await killTree({ ...identity, startTime: 'another' }, 0);
    assert.ok(await isAlive(identity));
    child.kill('SIGKILL');
  });
});
