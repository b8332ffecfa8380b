import assert from 'node:assert/strict';
import { copyFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import type { Store } from '../../../src/ports/store.ts';
import { goOnFromLastGood } from '../../../src/store/open.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { eventsVersion } from '../../../src/town/upcast.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { Living, ManualHost } from '../../fakes/manualHost.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { RigFolder, bytesIn, flipBit, namesIn } from './rigFolder.ts';

const files = /^(journal|snapshot)-/;
const beadsOf = (store: Store): readonly string[] => Object.keys(store.initial.beads);
const beads = (last: number): readonly string[] =>
  Array.from({ length: last }, (_, index) => beadIdOf(index + 1));

describe('a damaged rig', () => {
  let rig: RigFolder;
  let folder: string;
  let good: Readonly<Record<string, string>>;
  const journal = (number: number): string => join(folder, `journal-${String(number)}.jsonl`);

  before(async () => {
    rig = await new RigFolder().make();
    // Three owners with two numbers each, all of them after the founding file; no snapshot answers for any.
    for (const first of [1, 3, 5]) {
      const store = await rig.open({ limits: { snapshotEvery: Infinity } });
      for (const one of [first, first + 1]) await store.append(one, [beadCreated(beadIdOf(one))]);
      ({ folder } = store);
      await store.close();
      for (const name of await namesIn(folder, /^snapshot-/)) await rm(join(folder, name));
    }
    good = await bytesIn(folder);
  });
  after(() => rig.remove());
  afterEach(async () => {
    await rig.closeAll();
    await rm(folder, { recursive: true });
    await realFiles.makeFolder(folder, 0o700);
    for (const [name, bytes] of Object.entries(good)) await writeFile(join(folder, name), bytes, 'latin1');
  });

  /** Byte in the middle of the line of a number. */
  async function inLine(number: number, path: string): Promise<number> {
    return (await readFile(path, 'utf8')).indexOf(`{"seq":${String(number)},`) + 20;
  }

  async function goOn(over: Partial<Parameters<typeof goOnFromLastGood>[0]> = {}): Promise<Store> {
    const { commonDir, storageRoot, clock } = rig;
    return rig.keep(await goOnFromLastGood({ commonDir, storageRoot, clock, ...over }));
  }

  it('is shown up to its last good number to who asks for that, and says what is wrong', async () => {
    await flipBit(journal(4), await inLine(4, journal(4)));
    const before = await bytesIn(folder);
    await assert.rejects(rig.open({ mode: 'reader' }), { reason: 'damaged', path: journal(4) });
    const reader = await rig.open({ mode: 'reader', tolerant: true });
    assert.deepEqual(beadsOf(reader), beads(3));
    assert.equal(reader.read.seq(), 3);
    assert.equal(reader.damage?.path, journal(4));
    assert.match(reader.damage.message, /number 4/);
    await assert.rejects(reader.append(1, []), { reason: 'not_writable' });
    assert.deepEqual(await bytesIn(folder), before);
  });

  it('that is whole says so to a tolerant reader', async () => {
    const reader = await rig.open({ mode: 'reader', tolerant: true });
    assert.equal(reader.damage, null);
    assert.deepEqual(beadsOf(reader), beads(6));
  });

  /** What was done to it, and how many numbers are good. */
  const harms: readonly (readonly [string, () => Promise<void>, number])[] = [
    ['a line has a flipped bit', async () => flipBit(journal(4), await inLine(3, journal(4))), 2],
    ['the first line of a file has a flipped bit', () => flipBit(journal(4), 20), 2],
    ['a file is missing', () => rm(journal(4)), 2],
    ['the first file is missing', () => rm(journal(1)), 0],
    ['a file is cut in a line', async () => truncate(journal(6), (await inLine(6, journal(6))) + 9), 5],
    ['a file is cut between lines', async () => truncate(journal(4), (await inLine(4, journal(4))) - 20), 3],
    [
      'the last file that has lines is cut between lines',
      async () => truncate(journal(6), (await inLine(6, journal(6))) - 20),
      5,
    ],
    ['a file is empty', () => truncate(journal(2), 0), 0],
    ['a file is doubled over the next', () => copyFile(journal(2), journal(4)), 2],
    [
      'two files have changed their names',
      async () => {
        await rename(journal(2), `${journal(2)}.x`);
        await rename(journal(4), journal(2));
        await rename(`${journal(2)}.x`, journal(4));
      },
      0,
    ],
    [
      'two lines have changed places',
      async () => {
        const [head, one, two] = (await readFile(journal(4), 'utf8')).split('\n');
        await writeFile(journal(4), [head, two, one, ''].join('\n'));
      },
      2,
    ],
    [
      'a line is doubled',
      async () => {
        const [head, one, two] = (await readFile(journal(4), 'utf8')).split('\n');
        await writeFile(journal(4), [head, one, one, two, ''].join('\n'));
      },
      3,
    ],
  ];
  for (const [what, harm, last] of harms) {
    it(`goes on from number ${String(last)} when ${what} and its person says so; every byte is kept`, async () => {
      await harm();
      const harmed = await bytesIn(folder, files);
      await assert.rejects(rig.open(), { name: 'StoreError', reason: 'damaged' });
      await assert.rejects(rig.open({ mode: 'reader' }), { name: 'StoreError', reason: 'damaged' });
      assert.deepEqual(await bytesIn(folder, files), harmed);

      const store = await goOn();
      assert.deepEqual(beadsOf(store), beads(last));
      assert.equal((await store.recentFeed(1))[0]?.what, 'store.went_on');
      assert.equal(await store.append(9, [beadCreated(beadIdOf(9))]), last + 1);
      await store.close();
      const [aside = ''] = await namesIn(folder, /^damaged-\d+$/);
      const kept = { ...(await bytesIn(folder, files)), ...(await bytesIn(join(folder, aside))) };
      for (const [name, bytes] of Object.entries(harmed)) assert.equal(kept[name], bytes, name);

      for (const name of await namesIn(folder, /^snapshot-/)) await rm(join(folder, name));
      assert.deepEqual(beadsOf(await rig.open()), [...beads(last), beadIdOf(9)]);
    });
  }

  it('keeps every file from one on that holds a number which cannot be applied, though its seal is good', async () => {
    const [head, one] = (await readFile(journal(2), 'utf8')).split('\n');
    const unfit = seal({
      seq: 2,
      at: 1,
      v: eventsVersion,
      events: [{ type: 'bead.archived', bead: beadIdOf(1), at: 1 }],
    });
    await writeFile(journal(2), [head, one, unfit].join('\n'));
    const harmed = await bytesIn(folder, /^journal-[2-9]/);
    await assert.rejects(rig.open(), { reason: 'damaged', path: journal(2) });
    const store = await goOn();
    assert.deepEqual(beadsOf(store), beads(1));
    const [aside = ''] = await namesIn(folder, /^damaged-\d+$/);
    assert.deepEqual(await bytesIn(join(folder, aside)), harmed);
    await store.close();
    assert.deepEqual(beadsOf(await rig.open()), beads(1));
  });

  it('can be told to go on again when that was cut short at any operation', async () => {
    const host = new ManualHost(new Living());
    for (let stop = 0; ; stop += 1) {
      for (const name of await namesIn(folder, /./)) await rm(join(folder, name), { recursive: true });
      for (const [name, bytes] of Object.entries(good)) await writeFile(join(folder, name), bytes, 'latin1');
      await flipBit(journal(4), 20);
      const files = new WatchedFiles();
      let left = stop;
      files.before = (operation) => {
        if (['read', 'list', 'stands', 'realPath'].includes(operation)) return;
        if (left === 0) throw systemError('EIO', 'the power is gone');
        left -= 1;
      };
      const cut = await goOn({ files, host }).then(
        () => false,
        () => true,
      );
      await rig.closeAll();
      const store = await goOn({ host });
      assert.deepEqual(beadsOf(store), beads(2), String(stop));
      await store.close();
      if (!cut) break;
      assert.ok(stop < 200);
      await rig.clock.advance(1);
    }
  });

  it('is opened as always by who says to go on though nothing is wrong', async () => {
    const store = await goOn();
    assert.deepEqual(beadsOf(store), beads(6));
    assert.deepEqual(await namesIn(folder, /^damaged-/), []);
  });

  it('is named when the newest file is gone, though its owner was killed', async () => {
    const living = new Living();
    const host = new ManualHost(living);
    const store = await rig.open({ host });
    await store.append(7, [beadCreated(beadIdOf(7))]);
    host.die();
    await rm(journal(8));
    await assert.rejects(rig.open({ host: new ManualHost(living) }), { reason: 'damaged', path: journal(8) });
  });

  it('is never taken for a whole one, whatever becomes of its files', async () => {
    const names = [1, 2, 3, 4, 5, 6, 7].map((number) => basename(journal(number)));
    const name = fc.constantFrom(...names);
    const whole = await rig.open({ mode: 'reader' });
    const expected = JSON.stringify(whole.initial);
    const harm = fc.oneof(
      fc.record({ how: fc.constant('copy' as const), name, other: name }),
      fc.record({ how: fc.constant('swap' as const), name, other: name }),
      fc.record({ how: fc.constant('cut' as const), name, part: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({
        how: fc.constant('flip' as const),
        name,
        part: fc.double({ min: 0, max: 1, noNaN: true }),
        bit: fc.nat(7),
      }),
      fc.record({ how: fc.constant('remove' as const), name }),
    );
    const bytesOf = (one: string): Buffer => Buffer.from(good[one] ?? '', 'latin1');
    await fc.assert(
      fc.asyncProperty(harm, async (done) => {
        const changed = new Map<string, Buffer | null>();
        if (done.how === 'copy') changed.set(done.other, bytesOf(done.name));
        if (done.how === 'swap')
          changed.set(done.other, bytesOf(done.name)).set(done.name, bytesOf(done.other));
        if (done.how === 'remove') changed.set(done.name, null);
        if (done.how === 'cut')
          changed.set(
            done.name,
            bytesOf(done.name).subarray(0, Math.floor(bytesOf(done.name).length * done.part)),
          );
        if (done.how === 'flip') {
          const bytes = bytesOf(done.name);
          const at = Math.min(bytes.length - 1, Math.floor(bytes.length * done.part));
          bytes[at] = (bytes[at] ?? 0) ^ (1 << done.bit);
          changed.set(done.name, bytes);
        }
        const before = await bytesIn(folder);
        for (const [one, bytes] of changed) {
          if (bytes === null) await rm(join(folder, one));
          else await writeFile(join(folder, one), bytes);
        }
        const same = [...changed].every(([one, bytes]) => bytes?.equals(bytesOf(one)) === true);
        try {
          const reader = await rig.open({ mode: 'reader' });
          // The last newline of a file is no part of a number, and the file after the last number has none to lose.
          assert.equal(JSON.stringify(reader.initial), expected);
          const harmless = [...changed].every(
            ([one, bytes]) => bytes !== null && bytesOf(one).length - bytes.length <= 1,
          );
          assert.ok(same || harmless, JSON.stringify(done));
          await reader.close();
        } catch (error) {
          assert.equal((error as { reason?: string }).reason, 'damaged', String(error));
          assert.ok(!same);
        }
        for (const [one, bytes] of Object.entries(before))
          await writeFile(join(folder, one), bytes, 'latin1');
      }),
      { numRuns: 40 },
    );
  });
});
