import assert from 'node:assert/strict';
import { appendFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchedFiles } from '../../fakes/watchedFiles.ts';
import { noticeAt } from './contract.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

describe('the feed', () => {
  let rig: RigFolder;
  beforeEach(async () => {
    rig = await new RigFolder().make();
  });
  afterEach(() => rig.remove());

  it('is rotated, keeps one previous file and reads across both', async () => {
    const store = await rig.open({ limits: { feedBytes: 2_000 } });
    for (let at = 1; at <= 100; at += 1) store.feed(noticeAt(at));
    const newest = await store.recentFeed(12);
    assert.deepEqual(await namesIn(store.folder, /^feed/), ['feed.1.jsonl', 'feed.jsonl']);
    for (const name of ['feed.1.jsonl', 'feed.jsonl']) {
      assert.ok((await stat(join(store.folder, name))).size <= 2_000);
    }
    assert.deepEqual(
      newest,
      Array.from({ length: 12 }, (_, index) => noticeAt(89 + index)),
    );
  });

  it('skips lines that are torn, foreign or hostile, and says how many', async () => {
    const store = await rig.open();
    const good = JSON.stringify(noticeAt(1));
    const hostile = [
      '{"at":1,"level":"in',
      'null',
      '[]',
      '{}',
      good.replace('"info"', '"<b>"'),
      good.replace('check.started', '<img src=x>'),
      good.replace('"facts":{', '"facts":{"a":{"toString":"x"},'),
      '\u0000\ufffd',
    ];
    await writeFile(join(store.folder, 'feed.jsonl'), [...hostile, good, ''].join('\n'));
    const [first, said] = await store.recentFeed(50);
    assert.deepEqual(first, noticeAt(1));
    assert.equal(said?.what, 'feed.unreadable');
    assert.equal(said.facts['count'], hostile.length);
  });

  it('goes on in a line of its own behind one that a crash tore', async () => {
    const first = await rig.open();
    first.feed(noticeAt(1));
    await first.close();
    await appendFile(join(first.folder, 'feed.jsonl'), '{"torn');
    const second = await rig.open();
    second.feed(noticeAt(2));
    const [one, two, said] = await second.recentFeed(9);
    assert.deepEqual([one, two], [noticeAt(1), noticeAt(2)]);
    assert.equal(said?.facts['count'], 1);
  });

  it('is not opened again by a line that comes after the end, which is counted as missing', async () => {
    const files = new WatchedFiles();
    const store = await rig.open({ files });
    store.feed(noticeAt(1));
    await store.close();
    files.before = (operation) => {
      if (operation !== 'read') assert.fail(operation);
    };
    store.feed(noticeAt(2));
    const [first, said] = await store.recentFeed(9);
    assert.deepEqual(first, noticeAt(1));
    assert.deepEqual([said?.what, said?.facts['count']], ['feed.not_written', 1]);
  });

  it('that cannot be written disturbs nobody and says how many lines are missing', async () => {
    const store = await rig.open();
    await mkdir(join(store.folder, 'feed.jsonl'));
    store.feed(noticeAt(1));
    store.feed(noticeAt(2));
    await assert.rejects(store.recentFeed(9), { name: 'StoreError', reason: 'damaged' });
    await rm(join(store.folder, 'feed.jsonl'), { recursive: true });
    store.feed(noticeAt(3));
    const [first, said] = await store.recentFeed(9);
    assert.deepEqual(first, noticeAt(3));
    assert.equal(said?.what, 'feed.not_written');
    assert.equal(said.facts['count'], 2);
  });
});
