import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareHome } from '../../../src/gateway/home.ts';
import { outboxOf, report } from '../../../src/gateway/outbox.ts';
import { type TakenUp, takeUpOutbox } from '../../../src/gateway/takeUpOutbox.ts';
import { sealWith } from '../../../src/gateway/tokens.ts';
import { DeskError } from '../../../src/ports/desk.ts';
import type { Files } from '../../../src/ports/files.ts';
import type { Notice } from '../../../src/ports/notices.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { type Rig, fakeDesk, nux, rigFolder } from './fixtures.ts';
import { Listening } from './listening.ts';

const day = 24 * 60 * 60_000;
const none: TakenUp = { taken: [], refused: [], setAside: [], left: [] };

describe('what an agent said while no window answered', () => {
  let rig: Rig;
  let secret: string;
  let outbox: string;
  let desk: Listening;
  let said: Notice[];
  let problems: unknown[];

  beforeEach(async () => {
    rig = await rigFolder();
    await prepareHome(rig.home);
    secret = await rig.tokens.issue(nux);
    outbox = outboxOf(rig.home);
    desk = new Listening();
    said = [];
    problems = [];
  });

  afterEach(() => rm(rig.folder, { recursive: true }));

  const idOf = (digit: string): string => '11111111-1111-4111-8111-111111111111'.replaceAll('1', digit);

  const done = (summary: string, at: number, id = randomUUID() as string) =>
    report(rig.home, secret, 'done', { id, summary }, { patienceMs: 0, now: () => at });
  const usage = (input: number, at: number) =>
    report(
      rig.home,
      secret,
      'usage',
      { id: randomUUID(), usage: { input, cachedInput: 0, output: 0 } },
      { patienceMs: 0, now: () => at },
    );

  const takeUp = (now = 100, files: Files = realFiles): Promise<TakenUp> =>
    takeUpOutbox({
      files,
      onError: (error) => problems.push(error),
      home: rig.home,
      tokens: rig.tokens,
      desk,
      control: rig.control,
      notices: { post: (notice) => void said.push(notice) },
      now: () => now,
    });

  const entries = async (folder = outbox): Promise<readonly string[]> =>
    (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));

  it('reaches the desk when one answers, and is kept nowhere', async () => {
    const door = await rig.open(fakeDesk());
    const reported = await done('Added it.', 1);
    assert.deepEqual(reported, {
      kept: false,
      reply: { accepted: true, message: 'Proven.', goOn: false },
    });
    assert.deepEqual(await entries(), []);
    await door.close();
  });

  it('is kept on disk, for its owner only and without the secret', async function () {
    assert.deepEqual(await done('Added it.', 7, idOf('2')), { kept: true });
    const name = `000000000000007-${idOf('2')}.json`;
    assert.deepEqual(await entries(), [name]);
    const text = await readFile(join(outbox, name), 'utf8');
    assert.ok(text.includes('Added it.'));
    assert.ok(!text.includes(secret));
    const [, hash = ''] =
      /"sha256":"(\w+)"/.exec(await readFile(join(rig.folder, 'tokens.json'), 'utf8')) ?? [];
    assert.ok(hash !== '' && !text.includes(hash));
    if (process.platform === 'win32') this.skip();
    assert.equal((await stat(outbox)).mode & 0o777, 0o700);
    assert.equal((await stat(join(outbox, name))).mode & 0o777, 0o600);
  });

  it('is not kept when the door refuses it', async () => {
    const late = () => Promise.reject(new DeskError('late', 'A newer session took over.'));
    const door = await rig.open(fakeDesk({ done: late }));
    await assert.rejects(done('Added it.', 1), { reason: 'late' });
    assert.deepEqual(await entries(), []);
    await door.close();
  });

  for (const [words, door] of Object.entries({
    'torn in the middle': '{"version":1,"addr',
    'of no such form': '{"version":1,"address":7}',
    'of another version of Rigs': '{"version":2,"address":"http://127.0.0.1:1","epoch":1,"key":""}',
  }))
    it(`is kept when the door's address is ${words}`, async () => {
      await writeFile(join(rig.home, 'door.json'), door);
      assert.deepEqual(await done('Added it.', 1), { kept: true });
      assert.equal((await entries()).length, 1);
    });

  it('is kept when the door failed to answer', async () => {
    const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    const door = await rig.open(fakeDesk({ done: full }));
    assert.deepEqual(await done('Added it.', 1), { kept: true });
    await door.close();
    assert.equal((await takeUp()).taken.length, 1);
  });

  it('says so when there is no room to keep it', async () => {
    const create = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    const body = { id: randomUUID(), summary: 'Added it.' };
    await assert.rejects(
      report(rig.home, secret, 'done', body, { patienceMs: 0, files: { ...realFiles, create } }),
      { name: 'DoorError', reason: 'not_kept' },
    );
  });

  it('is left for the next time when something fails, and keeps no other from being taken up', async () => {
    await done('unready', 1);
    await usage(5, 2);
    desk.unready.set('unready', new Error('no space'));
    const first = await takeUp();
    assert.deepEqual([first.taken.length, first.left.length], [1, 1]);
    desk.unready.clear();
    desk.problem = new Error('not on disk');
    assert.equal((await takeUp()).left.length, 1);
    desk.problem = null;
    const rename = () => Promise.reject(new Error('not moved'));
    assert.equal((await takeUp(100, { ...realFiles, rename })).left.length, 1);
    const read = () => Promise.reject(Object.assign(new Error('not read'), { code: 'EIO' }));
    assert.equal((await takeUp(100, { ...realFiles, read })).left.length, 1);
    assert.equal((await takeUp()).taken.length, 1);
    const words = problems.map((error) => (error as Error).message);
    assert.deepEqual(words, ['no space', 'not on disk', 'not moved', 'not read']);
    assert.deepEqual(said, []);
  });

  it('is taken up in order, all of it in one turn, each once', async () => {
    await done('second', 20, idOf('b'));
    await usage(5, 10);
    await usage(9, 30);
    const taken = await takeUp();
    assert.equal(taken.taken.length, 3);
    assert.deepEqual(desk.heard, ['ready', 'nux-1 used 5', 'nux-1 done second bb', 'nux-1 used 9']);
    assert.deepEqual(await takeUp(), none);
    assert.equal((await entries(join(outbox, 'taken'))).length, 3);
    assert.deepEqual(said, []);
  });

  it('is nothing when nothing was said', async () => {
    assert.deepEqual(await takeUp(), none);
  });

  it('is laid by when its session is over, without a word in the feed', async () => {
    await done('too late', 1);
    desk.problem = new DeskError('late', 'This session is over.');
    assert.equal((await takeUp()).refused.length, 1);
    assert.deepEqual(await takeUp(), none);
    assert.deepEqual(said, []);
  });

  it('waits for the next time when it cannot be written down', async () => {
    await done('Added it.', 1);
    desk.problem = new DeskError('unavailable', 'The rig is read-only.');
    assert.equal((await takeUp()).left.length, 1);
    desk.problem = null;
    assert.equal((await takeUp()).taken.length, 1);
  });

  it('is set aside and named when nobody who works here said it', async () => {
    const other = await rigFolder();
    secret = await other.tokens.issue(nux);
    await rm(other.folder, { recursive: true });
    await done('I am nux', 1);
    assert.equal((await takeUp()).setAside.length, 1);
    assert.deepEqual(desk.heard, []);
    const [notice] = said;
    assert.ok(notice !== undefined);
    assert.equal(notice.what, 'report.set_aside');
    assert.match(String(notice.facts['message']), /Nobody who works on this rig/);
    assert.match(await readFile(String(notice.facts['path']), 'utf8'), /I am nux/);
  });

  it('is not said in the name of an agent by who reads the book of tokens', async () => {
    const book = await readFile(join(rig.folder, 'tokens.json'), 'utf8');
    const body = { id: randomUUID(), summary: 'I am nux' };
    const said = JSON.stringify({ verb: 'done', at: 1, body });
    const seals = ['sha256', 'seals'].flatMap((name) => {
      const kept = new RegExp(`"${name}":"([^"]+)"`).exec(book)?.[1] ?? '';
      const keys = [kept, Buffer.from(kept, 'hex'), Buffer.from(kept, 'base64')];
      const byHash = keys.map((key) => createHmac('sha256', key).update(`rigs outbox\n${said}`).digest());
      return [
        sealWith(kept, said),
        ...byHash.flatMap((mac) => [mac.toString('hex'), mac.toString('base64url')]),
      ];
    });
    for (const seal of ['', ...seals]) assert.equal(rig.tokens.sealerOf(said, seal), null);
    assert.deepEqual(rig.tokens.sealerOf(said, sealWith(secret, said)), { ...nux, role: 'polecat' });
  });

  it('is set aside when a word of it was changed, or it is no report at all', async () => {
    await done('Added it.', 1);
    const [name = ''] = await entries();
    const text = await readFile(join(outbox, name), 'utf8');
    await writeFile(join(outbox, name), text.replace('Added it.', 'Added that.'));
    const garbage = ['', '{', 'null', '{"version":1,"said":"{}","seal":"00"}', text.slice(0, 40), '\0\0'];
    for (const [at, one] of garbage.entries())
      await writeFile(join(outbox, `00000000000001${String(at)}-${randomUUID()}.json`), one);
    assert.equal((await takeUp()).setAside.length, garbage.length + 1);
    assert.deepEqual(desk.heard, []);
    assert.equal(said.length, garbage.length + 1);
    assert.deepEqual(await takeUp(), none);
  });

  it('keeps one good word among damaged ones from being lost', async () => {
    await mkdir(outbox, { recursive: true });
    await writeFile(join(outbox, `000000000000001-${randomUUID()}.json`), 'damaged');
    await done('Added it.', 2, idOf('c'));
    const { taken, setAside } = await takeUp();
    assert.deepEqual([taken.length, setAside.length], [1, 1]);
    assert.deepEqual(desk.heard, ['ready', 'nux-1 done Added it. cc']);
  });

  it('leaves alone what is not its own: drafts of writers, and files of others', async () => {
    await mkdir(outbox, { recursive: true });
    const names = [`000000000000001-${randomUUID()}.json.0123456789ab.draft`, 'README', 'x.json'];
    for (const name of names) await writeFile(join(outbox, name), 'x');
    assert.deepEqual(await takeUp(), none);
    assert.deepEqual((await readdir(outbox)).toSorted(), names.toSorted());
  });

  it('is forgotten a week after it was taken up', async () => {
    await usage(1, 1);
    await takeUp();
    await usage(2, 8 * day);
    await takeUp(8 * day);
    assert.equal((await entries(join(outbox, 'taken'))).length, 1);
  });
});
