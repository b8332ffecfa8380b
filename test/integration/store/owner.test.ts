import assert from 'node:assert/strict';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../../../src/ports/files.ts';
import type { HostIdentity } from '../../../src/ports/host.ts';
import type { Store, StoreError } from '../../../src/ports/store.ts';
import { claimOwnership } from '../../../src/store/owner.ts';
import { type Look, OwnerWatch } from '../../../src/store/ownerWatch.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { Living, ManualHost } from '../../fakes/manualHost.ts';
import { WatchedFiles } from '../../fakes/watchedFiles.ts';
import { noticeAt } from './contract.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

const elsewhere = { pidSpace: 'space 2', machine: 'machine 2' };

describe("a rig's owner", () => {
  let rig: RigFolder;
  let living: Living;
  beforeEach(async () => {
    rig = await new RigFolder().make();
    living = new Living();
  });
  afterEach(() => rig.remove());

  /** A window of its own process, and what it sees of the rig. */
  class Window {
    readonly host: ManualHost;
    readonly watch: OwnerWatch;
    readonly key: string;

    constructor(key: string, place: Partial<HostIdentity> = {}) {
      this.key = key;
      this.host = new ManualHost(living, place);
      this.watch = new OwnerWatch({ commonDir: rig.commonDir, window: key, host: this.host });
    }

    open(): Promise<Store> {
      return rig.open({ window: this.key, host: this.host, watch: this.watch });
    }

    async looks(): Promise<Look['kind']> {
      return (await this.watch.look()).kind;
    }
  }
  const isOwned = { name: 'StoreError', reason: 'owned_elsewhere' };
  const created = (number: number): ReturnType<typeof beadCreated> => beadCreated(beadIdOf(number));

  it('is one: another opening is refused and told which process it is', async () => {
    await rig.open();
    await assert.rejects(rig.open(), (error: Error & { reason?: string }) => {
      assert.equal(error.reason, 'owned_elsewhere');
      assert.match(error.message, new RegExp(`Process ${String(process.pid)} owns`));
      return true;
    });
  });

  it('lets go when it closes, and each owner has a higher epoch than the one before', async () => {
    const epochs: number[] = [];
    for (const _ of [1, 2, 3]) {
      const store = await rig.open();
      epochs.push(store.epoch);
      await store.close();
    }
    assert.deepEqual(epochs, [1, 2, 3]);
    assert.equal((await rig.open({ mode: 'reader' })).epoch, 3);
  });

  it('that is dead is taken over from at once, and one that lives is not', async () => {
    const first = new Window('a');
    const second = new Window('b');
    assert.equal(await second.looks(), 'free');
    const store = await first.open();
    assert.deepEqual(await second.watch.look(), {
      kind: 'owned',
      pid: first.host.identity.pid,
      mayBeGone: false,
    });
    await assert.rejects(second.open(), isOwned);
    await store.append(1, [created(1)]);
    first.host.die();
    assert.equal(await second.looks(), 'free');
    assert.ok((await second.open()).read.bead(beadIdOf(1)));
  });

  it('of an earlier boot of the same machine is dead, and its process id says nothing', async () => {
    await new Window('a').open();
    const later = new Window('b', { boot: 'boot 2' });
    assert.equal(await later.looks(), 'free');
    assert.equal((await later.open()).epoch, 2);
  });

  for (const [where, place] of [
    ['in another container', { pidSpace: 'space 2' }],
    ['on another machine', { machine: 'machine 2', boot: 'boot 9' }],
    ['on a machine that nothing names', { machine: '', boot: 'boot 9' }],
  ] as const) {
    it(`${where} counts as gone once its counter stood still for 60 s of the observer's own clock`, async () => {
      const store = await new Window('a').open();
      const observer = new Window('b', place);
      const look = async (): Promise<boolean> => {
        const seen = await observer.watch.look();
        if (seen.kind === 'owned') assert.ok(seen.mayBeGone);
        return seen.kind === 'owned';
      };
      assert.ok(await look());
      for (const _ of [1, 2, 3, 4]) {
        // The clock on the wall jumps about, as does the owner's; neither matters.
        observer.host.pass(50_000);
        await rig.clock.advance(10_000);
        assert.ok(await look());
      }
      observer.host.pass(59_999);
      assert.ok(await look());
      await assert.rejects(observer.open(), isOwned);
      observer.host.pass(1);
      assert.ok(!(await look()));
      assert.equal((await observer.open()).epoch, 2);
      await assert.rejects(store.append(1, [created(1)]), { name: 'StoreError', reason: 'fenced' });
    });
  }

  it('that cannot be seen is respected by who sees it for the first time', async () => {
    await new Window('a').open();
    const host = new ManualHost(living, elsewhere);
    host.pass(1_000_000);
    await assert.rejects(rig.open({ host }), isOwned);
  });

  for (const how of ['dies', 'closes'] as const) {
    it(`whose window hosts agents is waited for 20 s when it ${how}, but not by that window itself`, async () => {
      const first = new Window('a');
      const other = new Window('b');
      const store = await first.open();
      await store.hosts(true);
      if (how === 'dies') first.host.die();
      else await store.close();
      assert.deepEqual(await other.watch.look(), {
        kind: 'leaving',
        pid: first.host.identity.pid,
        freeInMs: 20_000,
      });
      await assert.rejects(other.open(), isOwned);
      other.host.pass(19_999);
      assert.equal(await other.looks(), 'leaving');
      const reloaded = new Window('a');
      assert.equal(await reloaded.looks(), 'free');
      other.host.pass(1);
      assert.equal(await other.looks(), 'free');
      assert.equal((await reloaded.open()).epoch, 2);
      assert.equal(await other.looks(), 'owned');
    });
  }

  it('whose agents are gone again is not waited for', async () => {
    const first = new Window('a');
    const store = await first.open();
    for (const live of [true, false, true, false]) await store.hosts(live);
    first.host.die();
    assert.equal(await new Window('b').looks(), 'free');
  });

  it('that lost the rig while it slept adds nothing: its append is fenced, and so is every later one', async () => {
    const asleep = await new Window('a').open();
    await asleep.append(1, [created(1)]);
    const awake = await takeOver(asleep);
    await awake.append(2, [created(2)]);
    await assert.rejects(asleep.append(3, [created(3)]), { name: 'StoreError', reason: 'fenced' });
    await assert.rejects(asleep.append(4, [created(4)]), { name: 'StoreError', reason: 'fenced' });
    await asleep.close();
    assert.equal(await awake.append(5, [created(5)]), 3);
    await awake.close();
    for (const name of await namesIn(awake.folder, /^snapshot/)) await rm(join(awake.folder, name));
    assert.deepEqual(Object.keys((await rig.open()).initial.beads), [1, 2, 5].map(beadIdOf));
  });

  it('that lost the rig while it had nothing to add is told by its own heart', async () => {
    const asleep = await new Window('a').open();
    const told: StoreError[] = [];
    void asleep.ended.then((why) => told.push(why));
    await rig.clock.advance(10_000);
    assert.deepEqual(told, []);
    await takeOver(asleep);
    await rig.clock.advance(10_000);
    assert.deepEqual(
      told.map(({ reason }) => reason),
      ['fenced'],
    );
  });

  it('is told that it lost the rig although its counter cannot be moved', async () => {
    const files = new WatchedFiles();
    const asleep = await rig.open({ host: new ManualHost(living), files });
    await takeOver(asleep);
    files.room = 0;
    await rig.clock.advance(10_000);
    assert.equal((await asleep.ended).reason, 'fenced');
  });

  for (const knows of ['knows of it', 'does not know yet'] as const) {
    it(`that lost the rig and ${knows} takes no file of the feed away from its successor`, async () => {
      const asleep = await rig.open({ host: new ManualHost(living), limits: { feedBytes: 2_000 } });
      asleep.feed(noticeAt(1));
      await asleep.recentFeed(1);
      const awake = await takeOver(asleep);
      if (knows === 'knows of it') await assert.rejects(asleep.append(1, []), { reason: 'fenced' });
      for (let at = 2; at <= 50; at += 1) asleep.feed(noticeAt(at));
      await asleep.close();
      assert.deepEqual(await namesIn(awake.folder, /^feed/), ['feed.jsonl']);
      if (knows === 'knows of it') assert.deepEqual(await awake.recentFeed(99), [noticeAt(1)]);
    });
  }

  it('sees that it was fenced however many owners came and went while it slept', async () => {
    for (let successors = 1; successors <= 4; successors += 1) {
      const asleep = await rig.open({ host: new ManualHost(living) });
      for (let each = 1; each <= successors; each += 1) await (await takeOver(asleep)).close();
      await assert.rejects(asleep.append(1, [created(successors)]), { reason: 'fenced' }, String(successors));
      await asleep.close();
    }
  });

  it('changes nothing by what it wrote late, whole lines or half ones, and the bytes are kept', async () => {
    const asleep = await rig.open({ host: new ManualHost(living) });
    await asleep.append(1, [created(1)]);
    const journal = join(asleep.folder, 'journal-2.jsonl');
    const awake = await takeOver(asleep);
    await assert.rejects(asleep.append(2, [created(2)]), { reason: 'fenced' });
    await appendFile(journal, '{"seq":3,"at');
    const late = await readFile(journal, 'utf8');
    await awake.append(3, [created(3)]);
    await awake.close();
    for (const name of await namesIn(awake.folder, /^snapshot/)) await rm(join(awake.folder, name));
    const store = await rig.open();
    assert.deepEqual(Object.keys(store.initial.beads), [1, 3].map(beadIdOf));
    assert.equal(await readFile(journal, 'utf8'), late);
    assert.deepEqual(await store.recentFeed(9), []);
  });

  it('that lost the rig in the middle of a snapshot spoils nothing', async () => {
    const asleep = await rig.open({ host: new ManualHost(living), limits: { snapshotEvery: 3 } });
    for (const one of [1, 2, 3]) await asleep.append(1, [created(one)]);
    // The third one set a snapshot off, which begins a new file of the journal at this moment.
    const awake = await takeOver(asleep);
    await asleep.append(1, [created(9)]).catch(() => undefined);
    await asleep.close();
    await awake.append(1, [created(4)]);
    await awake.close();
    assert.deepEqual(Object.keys((await rig.open()).initial.beads), [1, 2, 3, 4].map(beadIdOf));
    for (const name of await namesIn(awake.folder, /^snapshot/)) await rm(join(awake.folder, name));
    assert.deepEqual(
      Object.keys((await rig.open({ mode: 'reader' })).initial.beads),
      [1, 2, 3, 4].map(beadIdOf),
    );
  });

  it('is one, however many take over from a dead one at the same moment', async () => {
    const { folder } = await rig.open({ host: new ManualHost(living) }).then(async (store) => {
      await store.close();
      return store;
    });
    const place = { files: realFiles, folder };
    for (let round = 0; round < 50; round += 1) {
      const windows = [1, 2, 3, 4, 5].map((key) => new Window(String(key)));
      const claims = await Promise.allSettled(
        windows.map(({ host, key, watch }) =>
          claimOwnership({ place, host, clock: rig.clock, window: key, watch }),
        ),
      );
      assert.equal(claims.filter(({ status }) => status === 'fulfilled').length, 1, `round ${String(round)}`);
      assert.equal((await namesIn(folder, /^owner-/)).length, 1);
      for (const { host } of windows) host.die();
    }
  });

  it('is one, when a claimer looked before a whole ownership came and went', async () => {
    const { folder } = await closed();
    const slow = new Window('slow');
    const host = new ManualHost(living);
    // Everything between its look and its claim: others come and go, and remove the claim it saw.
    let others: Promise<void> | null = null;
    const files = {
      ...realFiles,
      create: async (path: string, data: string | Uint8Array, mode: number): Promise<void> => {
        others ??= (async () => {
          for (const _ of [1, 2]) await closed();
          await rig.open({ host });
        })();
        await others;
        await realFiles.create(path, data, mode);
      },
    };
    const claim = claimOwnership({
      place: { files, folder },
      host: slow.host,
      clock: rig.clock,
      window: '',
      watch: slow.watch,
    });
    await assert.rejects(claim, isOwned);
    assert.equal((await namesIn(folder, /^owner-/)).length, 1);
  });

  it('claims again when another who opens the rig swept its unfinished claim away', async () => {
    await closed();
    let swept = 0;
    const files: Files = {
      ...realFiles,
      link: async (path, name) => {
        if (name.includes('owner') && swept < 2) {
          swept += 1;
          await realFiles.unlink(path);
        }
        await realFiles.link(path, name);
      },
    };
    assert.equal((await rig.open({ files })).epoch, 2);
    assert.equal(swept, 2);
  });

  it('that cannot be written down as gone can open the rig again in the same process', async () => {
    const host = new ManualHost(living);
    const store = await rig.open({
      host,
      files: {
        ...realFiles,
        link: (path, name) =>
          name.includes('released') ? Promise.reject(new Error('ENOSPC')) : realFiles.link(path, name),
      },
    });
    await store.close();
    await assert.rejects(rig.open({ host: new ManualHost(living) }), isOwned);
    assert.equal((await rig.open({ host })).epoch, 2);
  });

  it('is known by the journal where somebody removed the claims by hand', async () => {
    const { folder, epoch } = await closed();
    for (const name of await namesIn(folder, /^(owner|released)-/)) await rm(join(folder, name));
    assert.equal((await rig.open()).epoch, epoch + 1);
  });

  it('of the first schema that cannot be seen is respected for good, since it has no counter', async () => {
    const { folder } = await closed();
    const [name = ''] = await namesIn(folder, /^owner-/);
    await rm(join(folder, 'released-1.json'));
    const record = {
      schema: 1,
      pid: 7,
      startTime: 'x',
      boot: 'boot 1',
      pidSpace: 'space 1',
      released: false,
      at: 1,
    };
    await writeFile(join(folder, name), JSON.stringify(record));
    const observer = new Window('b', elsewhere);
    for (const _ of [1, 2, 3]) {
      assert.equal(await observer.looks(), 'owned');
      observer.host.pass(100_000);
    }
  });

  it('does not keep others from reading, and readers write nothing', async () => {
    const owner = await rig.open();
    await owner.append(1, [created(1)]);
    const before = await namesIn(owner.folder, /./);
    const reader = await rig.open({ mode: 'reader' });
    assert.equal(reader.read.seq(), 1);
    assert.deepEqual(reader.initial.beads, { [beadIdOf(1)]: owner.read.bead(beadIdOf(1)) });
    await assert.rejects(reader.append(2, []), { name: 'StoreError', reason: 'not_writable' });
    await assert.rejects(reader.hosts(true), { name: 'StoreError', reason: 'not_writable' });
    await reader.close();
    assert.deepEqual(await namesIn(owner.folder, /./), before);
    assert.equal(await owner.append(2, []), 2);
  });

  async function closed(): Promise<Store> {
    const store = await rig.open({ host: new ManualHost(living) });
    await store.close();
    return store;
  }

  /** By a process that cannot see the owner, once that one's counter stood still for long enough. */
  async function takeOver(_from: Store): Promise<Store> {
    const observer = new Window('observer', { pidSpace: `far space ${String(living.size)}` });
    await observer.watch.look();
    observer.host.pass(60_000);
    return observer.open();
  }
});
