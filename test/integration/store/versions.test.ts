import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal } from '../../../src/store/sealedLine.ts';
import type { Rig } from '../../../src/town/rig.ts';
import { type RigState, emptyRig, fold } from '../../../src/town/state.ts';
import { eventsVersion, upcast, upcastRest } from '../../../src/town/upcast.ts';
import { rigId } from '../../fakes/events.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { RigFolder, bytesIn } from './rigFolder.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'journals');

describe('a rig of the first version', () => {
  let rig: RigFolder;
  let folder: string;
  /** As the first Rigs left it: its journal, a released owner and the two records that name each other. */
  beforeEach(async () => {
    rig = await new RigFolder().make();
    folder = join(rig.storageRoot, 'rigs', rigId);
    await mkdir(folder, { recursive: true });
    await mkdir(join(rig.commonDir, 'rigs'));
    const { commonDir } = rig;
    const owner = { schema: 1, pid: 7, startTime: 'x', boot: 'b', pidSpace: 'p', released: true, at: 1 };
    const records: Readonly<Record<string, unknown>> = {
      [rig.pointer]: { schema: 1, id: rigId, folder, commonDir, madeAt: 1 },
      [join(folder, 'rig.json')]: { schema: 1, id: rigId, commonDir },
      [join(folder, 'owner-4.json')]: owner,
    };
    for (const [path, record] of Object.entries(records)) await writeFile(path, JSON.stringify(record));
    await writeFile(join(folder, 'journal-1.jsonl'), await readFile(join(fixtures, 'version-1.jsonl')));
  });
  afterEach(() => rig.remove());

  const golden = async (): Promise<unknown> =>
    JSON.parse(await readFile(join(fixtures, 'version-1.state.json'), 'utf8'));

  it('is remembered as it was, with what later versions say of it', async () => {
    const store = await rig.open();
    assert.deepEqual(store.initial, await golden());
    assert.equal(store.initial.rig?.id, rigId);
    assert.equal(store.epoch, 5);
    await store.close();
    const again = await rig.open();
    assert.deepEqual(again.initial, await golden());
    assert.equal((await again.recentFeed(9)).length, 0);
  });

  it('is shown to a reader without being touched', async () => {
    const before = await bytesIn(folder);
    assert.deepEqual((await rig.open({ mode: 'reader' })).initial, await golden());
    assert.deepEqual(await bytesIn(folder), before);
  });

  it('is copied before it is migrated, and refused by older Rigs from then on', async () => {
    const before = await bytesIn(folder, /^(journal|rig)/);
    await rig.open();
    assert.deepEqual(await bytesIn(join(folder, 'before-schema-2')), before);
    const deed = JSON.parse(await readFile(join(folder, 'rig.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(deed['schema'], 2);
  });

  it('is migrated whole when that was cut short at any operation', async () => {
    const before = await bytesIn(folder, /^(journal|rig)/);
    for (let stop = 1; stop < 40; stop += 3) {
      const files = new WatchedFiles();
      let left = stop;
      files.before = (operation) => {
        if (['read', 'list', 'stands', 'realPath'].includes(operation)) return;
        left -= 1;
        if (left < 0) throw systemError('EIO', 'the power is gone');
      };
      await rig.open({ files }).catch((error: unknown) => {
        assert.equal((error as Error).name, 'StoreError');
      });
      await rig.closeAll();
    }
    assert.deepEqual((await rig.open()).initial, await golden());
    assert.deepEqual(await bytesIn(join(folder, 'before-schema-2'), /(jsonl|json)$/), before);
  });

  it('gains what it lacked when it comes from a snapshot', async () => {
    const { name, commonDir, target, adoptedAt, parked, checks, grants } =
      (await rig.open()).initial.rig ?? ({} as Partial<Rig>);
    const old = { name, commonDir, target, adoptedAt, parked, checks, grants } as Rig;
    const { rig: found } = upcastRest({ rig: old }, { rig: rigId });
    assert.equal(JSON.stringify(found), JSON.stringify(((await golden()) as RigState).rig));
    assert.deepEqual(upcastRest({ rig: null }, { rig: rigId }), { rig: null });
  });

  it('is refused where a newer Rigs wrote events', async () => {
    const journal = join(folder, 'journal-1.jsonl');
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    const next = seal({ seq: lines.length, at: 1, v: eventsVersion + 1, events: [] });
    await writeFile(journal, `${lines.join('\n')}\n${next}`);
    for (const mode of ['reader', 'owner'] as const)
      await assert.rejects(rig.open({ mode }), { name: 'StoreError', reason: 'newer_schema', path: journal });
  });

  it('is refused where a newer Rigs wrote the folder', async () => {
    await writeFile(join(folder, 'rig.json'), JSON.stringify({ schema: 3, id: rigId, home: 'else' }));
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'newer_schema' });
    await rm(join(folder, 'rig.json'));
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'pointer_leads_nowhere' });
  });
});

describe('an event of an older version', () => {
  it('is read as this version would have written it', () => {
    const adopted = { type: 'rig.adopted', name: 'a', commonDir: '/a', target: 'main', at: 3 };
    const rig = fold(emptyRig, upcast(adopted, 1, { rig: rigId })).rig;
    assert.equal(rig?.id, rigId);
    assert.equal(rig.name, 'a');
    const other = { type: 'town.stopped', at: 3 };
    assert.deepEqual(upcast(other, 1, { rig: rigId }), other);
  });
});
