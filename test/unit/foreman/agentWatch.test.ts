import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HookQuestion } from '../../../src/ports/agents.ts';
import type { AskId } from '../../../src/town/ids.ts';
import { settled } from '../../fakes/manualClock.ts';
import { type Call, VendorScene, doing } from './vendorScene.ts';

const make: HookQuestion = { kind: 'permission', tool: 'run', detail: 'make', hidesDialogMs: null };
const made: Call = { sightings: [{ kind: 'settled', tool: 'run', detail: 'make' }, { kind: 'alive' }] };

describe("the watch over vendors' agents", () => {
  let scene: VendorScene;

  afterEach(() => scene.world.foreman.close());

  const kind = (): string | undefined => scene.world.polecat(scene.bead).session?.doing.kind;
  const asksOpen = (): readonly boolean[] =>
    Object.values(scene.world.foreman.state.asks)
      .filter(({ answer, subject }) => answer === null && subject.kind === 'permission')
      .map(({ onScreen }) => onScreen);

  it('begins again when a vendor’s files could not be read, and says so once', async () => {
    scene = await VendorScene.open((vendor) => {
      vendor.failing = 3;
    });
    const { vendor, world, bead } = scene;
    await world.clock.advance(5_000);
    assert.ok(vendor.watches < 4);
    await world.clock.advance(20_000);
    assert.equal(vendor.watches, 4);
    vendor.see?.(doing('working'));
    await settled();
    assert.equal(kind(), 'working');
    const notices = world.memory.feed.filter((one) => one.what === 'hand.failed');
    assert.equal(notices.length, 1);
    await world.exit(bead, null, 'SIGKILL');
  });

  it('takes one for silent that never began, and none that waits for a person', async () => {
    scene = await VendorScene.open();
    const { world, desk } = scene;
    world.silentAfterMs = 60_000;
    const asked = desk.question(scene.me(), 'ak-77777' as AskId, 'Tabs?', new AbortController().signal);
    await world.clock.advance(600_000);
    assert.equal(kind(), 'starting');
    await scene.answer('reply', 'Tabs.');
    await asked;
    await world.clock.advance(30_000);
    assert.equal(kind(), 'starting');
    await world.clock.advance(40_000);
    assert.equal(kind(), 'silent');
  });

  it('leaves to the screen what no hook waits for any more after a crash', async () => {
    scene = await VendorScene.open();
    void scene.call({ question: make });
    await scene.world.need();
    scene.desk.close();
    await scene.crash();
    await scene.world.clock.advance(20_000);
    assert.deepEqual(asksOpen(), [false]);
    await scene.world.clock.advance(10_000);
    assert.deepEqual(asksOpen(), [true]);
  });

  it('leaves alone what a hook came back for, and everything once it is closed', async () => {
    scene = await VendorScene.open();
    void scene.call({ question: make });
    await scene.world.need();
    await scene.crash();
    void scene.call({ question: make });
    await scene.world.clock.advance(40_000);
    assert.deepEqual(asksOpen(), [false]);
    scene.desk.close();
    await scene.crash();
    scene.desk.close();
    await scene.world.clock.advance(40_000);
    assert.deepEqual(asksOpen(), [false]);
  });

  it('takes one call as the end of one of two equal questions', async () => {
    scene = await VendorScene.open();
    void scene.call({ question: make });
    await scene.world.need();
    await scene.world.clock.advance(1_000);
    const other = { ...make, hidesDialogMs: 3_600_000 };
    void scene.call({ question: other });
    await settled();
    assert.deepEqual(asksOpen(), [false, false]);
    await scene.call(made);
    assert.deepEqual(asksOpen(), [false]);
    await scene.call(made);
    assert.deepEqual(asksOpen(), []);
  });

  it('takes no call that was answered here for the end of an equal question', async () => {
    scene = await VendorScene.open();
    const first = scene.call({ question: make });
    await scene.answer('allow');
    assert.equal((await first).kind, 'allow');
    void scene.call({ question: { ...make, hidesDialogMs: 3_600_000 } });
    await scene.world.need();
    await scene.call(made);
    assert.deepEqual(asksOpen(), [false]);
    await scene.call(made);
    assert.deepEqual(asksOpen(), []);
  });

  describe('of one whose bead is over', () => {
    beforeEach(async () => {
      scene = await VendorScene.open();
    });

    const folder = (): string => scene.vendor.watched?.folder ?? '';
    const isThere = (place: string): Promise<boolean> =>
      access(place).then(
        () => true,
        () => false,
      );

    async function cancel(): Promise<void> {
      await scene.world.foreman.wish({ type: 'cancelBead', bead: scene.bead });
      await scene.world.exit(scene.bead, 143);
      await scene.world.until(() => scene.world.polecat(scene.bead).cleared);
    }

    it('takes away what was written for its program', async () => {
      await mkdir(folder(), { recursive: true });
      await writeFile(path.join(folder(), 'settings.json'), '{}');
      await cancel();
      for (let turn = 0; turn < 200 && (await isThere(folder())); turn += 1) await settled();
      assert.equal(await isThere(folder()), false);
    });

    it('follows no link that stands there instead, nor one that lies in it', async () => {
      const outside = await mkdtemp(path.join(tmpdir(), 'rigs-outside-'));
      await writeFile(path.join(outside, 'mine.txt'), 'mine');
      await rm(folder(), { recursive: true, force: true });
      await mkdir(path.dirname(folder()), { recursive: true });
      await symlink(outside, folder());
      await cancel();
      await settled();
      assert.equal(await readFile(path.join(outside, 'mine.txt'), 'utf8'), 'mine');
      assert.equal(await isThere(folder()), true);
      await rm(outside, { recursive: true });
    });
  });
});
