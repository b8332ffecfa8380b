import assert from 'node:assert/strict';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Rehearsing, isAlive, until } from './rehearsing.ts';

const book = { name: 'test', goals: [], tasks: { 'A task': { begin: [{ say: 'Hello.' }] } } };

describe('starting a rehearsal', () => {
  let rehearsing: Rehearsing;
  let playbook: string;

  beforeEach(async () => {
    rehearsing = await Rehearsing.open();
    playbook = await rehearsing.playbook(book);
  });

  afterEach(async () => {
    await rehearsing.close();
  });

  async function addressFile(): Promise<string> {
    const [folder = ''] = await readdir(path.join(rehearsing.folder, 'home'));
    return path.join(rehearsing.folder, 'home', folder, 'rehearsal.json');
  }

  it('gives a loopback address that only its owner can read', async () => {
    const { address, pid } = await rehearsing.start(playbook);
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
    const file = await addressFile();
    assert.equal((JSON.parse(await readFile(file, 'utf8')) as { pid: number }).pid, pid);
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('adopts the one that lives', async () => {
    const first = await rehearsing.start(playbook);
    assert.deepEqual(await rehearsing.start(playbook), first);
  });

  it('leaves one server, however many windows start at once', async () => {
    const started = await Promise.all([1, 2, 3].map(() => rehearsing.start(playbook)));
    assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
  });

  it('replaces one that died, at the same address, so that agents find it again', async () => {
    const first = await rehearsing.start(playbook);
    rehearsing.end(first.pid);
    await until(() => !isAlive(first.pid));
    const second = await rehearsing.start(playbook);
    assert.notEqual(second.pid, first.pid);
    assert.equal(second.address, first.address);
  });

  it('starts another server for a playbook that changed, and leaves the old one to its agents', async () => {
    const first = await rehearsing.start(playbook);
    const second = await rehearsing.start(await rehearsing.playbook({ ...book, name: 'changed' }));
    assert.notEqual(second.address, first.address);
    assert.ok(isAlive(first.pid));
  });

  it('ends by itself when nobody asked for a while', async () => {
    const { pid } = await rehearsing.start(playbook, { idleMinutes: 0.005 });
    await until(() => !isAlive(pid));
    await assert.rejects(stat(await addressFile()), { code: 'ENOENT' });
  });

  it('ends by itself when its home is gone', async () => {
    const { pid } = await rehearsing.start(playbook, { idleMinutes: 0.02 });
    await rm(path.join(rehearsing.folder, 'home'), { recursive: true });
    await until(() => !isAlive(pid));
  });

  it('says what is wrong with a playbook, and where', async () => {
    const wrong = { ...book, tasks: { 'A task': { begin: [{ say: 7 }] } } };
    await assert.rejects(rehearsing.start(await rehearsing.playbook(wrong)), {
      reason: 'playbook_invalid',
      message: /tasks\.A task\.begin\.0\.say/,
    });
  });

  it('says when a playbook cannot be read', async () => {
    await assert.rejects(rehearsing.start(path.join(rehearsing.folder, 'none.json')), {
      reason: 'playbook_unreadable',
    });
  });

  it('says why a server did not start', async () => {
    await assert.rejects(rehearsing.start(playbook, { script: path.join(rehearsing.folder, 'none.cjs') }), {
      reason: 'not_started',
      message: /Cannot find module/,
    });
  });
});
