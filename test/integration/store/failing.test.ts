import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { eventsVersion } from '../../../src/town/upcast.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { Living, ManualHost } from '../../fakes/manualHost.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { noticeAt } from './contract.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

const created = (number: number): ReturnType<typeof beadCreated> => beadCreated(beadIdOf(number));
const beadsOf = (store: Store): readonly string[] => Object.keys(store.initial.beads);

describe('a disk that fails', () => {
  let rig: RigFolder;
  let files: WatchedFiles;
  beforeEach(async () => {
    rig = await new RigFolder().make();
    files = new WatchedFiles();
  });
  afterEach(() => rig.remove());

  const failures: Readonly<Record<string, (disk: WatchedFiles) => void>> = {
    'is full in the middle of a group': (disk) => {
      disk.room = 700;
      disk.before = (operation) => {
        if (operation === 'create') throw systemError('ENOSPC', 'no space left on device');
      };
    },
    'cannot sync': (disk) => {
      disk.failSync = true;
    },
    'takes nothing and does not even say who owns the rig': (disk) => {
      disk.before = (operation) => {
        throw systemError('EACCES', `permission denied, ${operation}`);
      };
    },
    'became read-only': (disk) => {
      disk.room = 0;
      disk.before = (operation) => {
        if (!['read', 'list', 'stands', 'realPath'].includes(operation))
          throw systemError('EROFS', 'read-only file system');
      };
    },
  };
  for (const [what, fail] of Object.entries(failures)) {
    it(`and ${what} costs nothing that was acknowledged, and the same process goes on once it is mended`, async () => {
      const store = await rig.open({ files });
      await store.append(1, [created(1)]);
      fail(files);
      const group = await Promise.allSettled([2, 3, 4].map((one) => store.append(1, [created(one)])));
      for (const each of group) {
        assert.equal(each.status, 'rejected');
        const { reason, message } = each.reason as { reason: string; message: string };
        assert.equal(reason, 'append_failed');
        assert.match(message, /read-only until it is opened again/);
      }
      await assert.rejects(store.append(5, []), { reason: 'append_failed' });
      assert.equal(store.read.seq(), 1);
      await store.close();
      if (what !== 'cannot sync')
        await assert.rejects(rig.open({ files }), (error: { reason?: string }) =>
          ['not_writable', 'not_readable', 'append_failed'].includes(error.reason ?? ''),
        );

      const mended = await rig.open({ files: new WatchedFiles() });
      assert.ok(mended.initial.beads[beadIdOf(1)]);
      const seq = mended.read.seq();
      assert.equal(beadsOf(mended).length, seq);
      assert.equal(await mended.append(6, [created(9)]), seq + 1);
    });
  }

  it('and is really full rejects what it has no room for, and goes on when there is room again', async function () {
    const place = join(rig.place, 'small');
    await mkdir(place);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', place]).status === 0;
    if (!mounted) return this.skip(); // Only who may mount has a small disk at hand; the tests above need none.
    try {
      const options = { storageRoot: join(place, 'storage'), limits: { snapshotEvery: Infinity } };
      const store = await rig.open(options);
      await writeFile(join(place, 'ballast'), Buffer.alloc(150_000));
      let acknowledged = 0;
      await assert.rejects(
        async () => {
          for (;;) acknowledged = await store.append(1, [created(acknowledged + 1)]);
        },
        { reason: 'append_failed', message: /ENOSPC/ },
      );
      assert.ok(acknowledged > 20);
      await store.close();
      await assert.rejects(rig.open(options), { reason: 'not_writable' });
      await rm(join(place, 'ballast'));
      const again = await rig.open(options);
      assert.ok(beadsOf(again).length >= acknowledged);
      assert.equal(await again.append(1, []), again.read.seq());
      await again.close();
    } finally {
      await rig.closeAll();
      assert.equal(spawnSync('umount', [place]).status, 0);
    }
    return undefined;
  });

  it('and is full of what a killed owner was still writing has room again at the next opening', async () => {
    const first = await rig.open({ files });
    await first.append(1, [created(1)]);
    await first.close();
    const drafts = ['snapshot-9.sqlite', 'owner-9.json', 'released-1.json', 'hosting-1', 'rig.json'];
    for (const name of drafts)
      await writeFile(join(first.folder, `${name}.0123456789ab.draft`), 'half of it');
    files.before = (operation) => {
      if (operation !== 'create') return;
      if (files.stands(join(first.folder, 'snapshot-9.sqlite.0123456789ab.draft')))
        throw systemError('ENOSPC', 'no space left on device');
    };
    assert.deepEqual(beadsOf(await rig.open({ files })), [beadIdOf(1)]);
    assert.deepEqual(await namesIn(first.folder, /draft$/), []);
  });

  it('and tore the last line leaves it, kept aside and told of', async () => {
    const store = await rig.open({ files });
    await store.append(1, [created(1)]);
    files.room = 300;
    await assert.rejects(store.append(2, [created(2)]), { reason: 'append_failed' });
    files.room = Infinity;
    await store.close();
    const reopened = await rig.open();
    const [said] = await reopened.recentFeed(1);
    assert.equal(said?.what, 'store.tail_cut');
    const [kept = ''] = await namesIn(store.folder, /^torn-/);
    assert.equal((await readFile(join(store.folder, kept))).length, 300);
  });

  it('and took part of a line loses nothing before it and applies no half of it, wherever it ends', async function () {
    this.timeout(60_000);
    const store = await rig.open();
    for (const one of [1, 2]) await store.append(one, [created(one)]);
    await store.close();
    for (const name of await namesIn(store.folder, /^(snapshot|owner|released|pulse)-|^journal-3/))
      await files.unlink(join(store.folder, name));
    const path = join(store.folder, 'journal-2.jsonl');
    const acknowledged = await readFile(path);
    const line = Buffer.from(
      seal({ seq: 3, at: 1, v: eventsVersion, events: [{ type: 'town.stopped', at: 1 }] }),
    );
    const whole = line.length - 1;
    for (let end = 0; end <= line.length; end += 1) {
      await writeFile(path, Buffer.concat([acknowledged, line.subarray(0, end)]));
      const reader = await rig.open({ mode: 'reader' });
      assert.equal(reader.read.seq(), end < whole ? 2 : 3, String(end));
      assert.equal(reader.initial.stopped, end >= whole);
      assert.deepEqual(beadsOf(reader), [1, 2].map(beadIdOf));
      await reader.close();
    }
    for (const end of [1, Math.floor(whole / 2), whole - 1]) {
      await rig.clock.advance(1);
      for (const name of await namesIn(store.folder, /^(journal-[3-9]|snapshot|released|pulse|owner)/))
        await files.unlink(join(store.folder, name));
      await writeFile(path, Buffer.concat([acknowledged, line.subarray(0, end)]));
      const owner = await rig.open();
      assert.equal(owner.read.seq(), 2);
      const [said] = await owner.recentFeed(1);
      assert.equal(said?.what, 'store.tail_cut');
      const kept = await readFile(join(store.folder, String(said.facts['keptAs'])));
      assert.deepEqual(kept, line.subarray(0, end));
      await owner.close();
    }
  });

  it('and cannot take a snapshot costs nothing but a longer start', async () => {
    const store = await rig.open({ files, limits: { snapshotEvery: 2 } });
    files.before = (operation, path) => {
      if (operation === 'create' && path.includes('snapshot')) throw systemError('ENOSPC', 'no space left');
    };
    for (const one of [1, 2, 3, 4, 5]) await store.append(one, [created(one)]);
    await store.close();
    const reopened = await rig.open();
    assert.equal(beadsOf(reopened).length, 5);
  });

  it('and cannot begin a new file of the journal goes on in the old one', async () => {
    const store = await rig.open({ files, limits: { snapshotEvery: 2 } });
    let failed = 0;
    files.before = (operation, path) => {
      if (operation === 'link' && path.includes('journal')) {
        failed += 1;
        throw systemError('ENOSPC', 'no space left');
      }
    };
    for (const one of [1, 2, 3, 4, 5, 6]) {
      await store.append(one, [created(one)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await store.close();
    assert.ok(failed > 0);
    assert.equal(beadsOf(await rig.open()).length, 6);
  });

  it('and closes a file of the journal with an error goes on in the next one', async () => {
    const store = await rig.open({ files, limits: { snapshotEvery: 2 } });
    let failed = 0;
    files.closed = (path) => {
      if (!path.includes('journal') || failed > 0) return;
      failed += 1;
      throw systemError('EIO', 'i/o error, close');
    };
    for (const one of [1, 2, 3, 4, 5, 6]) {
      await store.append(one, [created(one)]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await store.close();
    assert.equal(failed, 1);
    assert.equal(beadsOf(await rig.open()).length, 6);
  });

  for (const which of ['journal-', 'feed.jsonl', 'pulse-']) {
    it(`and cannot close ${which} keeps nobody from the rig, and whoever closes is told of it`, async () => {
      const living = new Living();
      const host = new ManualHost(living);
      const { commonDir, storageRoot, clock } = rig;
      const store = await openStore({ commonDir, storageRoot, clock, files, host });
      await store.append(1, [created(1)]);
      store.feed(noticeAt(1));
      await store.recentFeed(1);
      files.closed = (path) => {
        if (path.includes(which)) throw systemError('EIO', 'i/o error, close');
      };
      // The counter is nobody's memory.
      if (which === 'pulse-') await store.close();
      else await assert.rejects(store.close(), { code: 'EIO' });
      const [released] = await namesIn(store.folder, /^released-/);
      assert.equal(released, 'released-1.json');
      const other = await rig.open({ host: new ManualHost(living) });
      assert.deepEqual(beadsOf(other), [beadIdOf(1)]);
    });
  }

  it('and cannot say whether a new file of the journal stands adds nothing to the old one', async () => {
    const store = await rig.open({ files, limits: { snapshotEvery: 2 } });
    let linked = false;
    files.before = (operation, path) => {
      if (operation === 'link' && path.includes('journal')) linked = true;
      // Its name is given, and nothing more can be done to it or to the folder.
      if (linked && (operation === 'syncFolder' || operation === 'unlink'))
        throw systemError('EIO', 'i/o error');
    };
    const seqs: number[] = [];
    for (const one of [1, 2, 3, 4, 5, 6]) {
      await store.append(one, [created(one)]).then(
        (seq) => seqs.push(seq),
        () => undefined,
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await store.close();
    files.before = () => undefined;
    assert.equal((await rig.open()).read.seq(), seqs.length);
  });
});
