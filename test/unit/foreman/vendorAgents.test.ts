import assert from 'node:assert/strict';
import type { AgentDesk } from '../../../src/foreman/desk.ts';
import type { HookQuestion } from '../../../src/ports/agents.ts';
import type { Caller } from '../../../src/ports/desk.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { settled } from '../../fakes/manualClock.ts';
import { type Call, type PlayedVendor, VendorScene, doing } from './vendorScene.ts';
import type { World } from './world.ts';

describe("vendors' agents under the foreman", () => {
  let scene: VendorScene;
  let vendor: PlayedVendor;
  let world: World;
  let desk: AgentDesk;
  let bead: BeadId;

  beforeEach(async () => {
    scene = await VendorScene.open();
    ({ vendor, world, desk, bead } = scene);
  });

  afterEach(() => world.foreman.close());

  const me = (): Caller => scene.me();
  const call = (...said: Parameters<VendorScene['call']>): ReturnType<VendorScene['call']> =>
    scene.call(...said);
  const answer = (said: 'allow' | 'always' | 'deny'): Promise<void> => scene.answer(said);
  const open = (): ReturnType<VendorScene['needs']> => scene.needs();
  const run: HookQuestion = { kind: 'permission', tool: 'run', detail: 'make', hidesDialogMs: 20_000 };

  describe('a permission that a hook asks for', () => {
    it('is put before the person and answered through the hook', async () => {
      for (const said of ['allow', 'deny'] as const) {
        const asked = call({ question: { ...run, detail: said } });
        await answer(said);
        assert.equal((await asked).kind, said);
      }
    });

    it('is not asked again once it was allowed for good, and no wider', async () => {
      const first = call({ question: run });
      await answer('always');
      await first;
      assert.equal((await call({ question: run })).kind, 'allow');
      const other = call({ question: { ...run, detail: 'make install' } });
      await answer('deny');
      assert.equal((await other).kind, 'deny');
    });

    it("yields to the vendor's own dialog after twenty seconds, and is over once the agent goes on", async () => {
      const asked = call({ question: run });
      await world.need();
      await world.clock.advance(20_000);
      assert.equal((await asked).kind, 'undecided');
      const [need] = open();
      assert.ok(need?.kind === 'ask' && need.ask.onScreen);
      await call({ sightings: [{ kind: 'settled', tool: 'run', detail: 'make' }, doing('working')] });
      assert.deepEqual(open(), []);
    });

    it('waits as long as it takes where the dialog stands beside it, and is over when answered there', async () => {
      const gone = new AbortController();
      const asked = call({ question: { ...run, hidesDialogMs: null } }, gone.signal);
      await world.need();
      await world.clock.advance(3 * 60 * 60 * 1000);
      assert.equal(open().length, 1);
      gone.abort();
      assert.equal((await asked).kind, 'undecided');
      await call({ sightings: [doing('idle')] });
      assert.deepEqual(open(), []);
    });

    it('is what the agent does while it waits, and over when its own words are seen to be decided', async () => {
      await call({ sightings: [doing('working')] });
      const asked = call({ question: { ...run, hidesDialogMs: null } });
      await world.need();
      await settled();
      assert.equal(world.polecat(bead).session?.doing.kind, 'permission');
      await call({ sightings: [{ kind: 'settled', tool: 'run', detail: 'make all' }, { kind: 'alive' }] });
      assert.equal(open().length, 1);
      await call({ sightings: [{ kind: 'settled', tool: 'run', detail: 'make' }, doing('working')] });
      assert.equal((await asked).kind, 'undecided');
      assert.deepEqual(open(), []);
      assert.equal(world.polecat(bead).session?.doing.kind, 'working');
    });

    it('stays open for an answer when the hook went away because the door closed', async () => {
      const gone = new AbortController();
      const asked = call({ question: run }, gone.signal);
      await world.need();
      desk.close();
      gone.abort();
      await asked;
      const [need] = open();
      assert.ok(need?.kind === 'ask' && !need.ask.onScreen);
    });

    it('asked again after that is the same question; asked anew with the same words it is another', async () => {
      const first = call({ question: run });
      await world.need();
      const again = call({ question: run });
      await settled();
      assert.equal(open().length, 1);
      await answer('allow');
      assert.deepEqual([(await first).kind, (await again).kind], ['allow', 'allow']);
      const later = call({ question: run });
      await world.need();
      assert.equal(open().length, 1);
      await answer('deny');
      assert.equal((await later).kind, 'deny');
    });
  });

  describe('the end of a turn', () => {
    const ends: Call = { sightings: [doing('idle')], question: { kind: 'turnEnd' } };

    it('without done is answered with what is missing, twice; then a person is asked', async () => {
      for (let nth = 0; nth < 2; nth += 1) {
        const answered = await call(ends);
        assert.equal(answered.kind, 'goOn');
        assert.match('message' in answered ? answered.message : '', /call done/);
      }
      assert.equal((await call(ends)).kind, 'nothing');
      assert.equal(open().length, 1);
    });

    it('that is answered is none: the agent works on, and is not reminded again meanwhile', async () => {
      assert.equal((await call(ends)).kind, 'goOn');
      assert.equal(world.polecat(bead).session?.doing.kind, 'working');
      await world.clock.advance(70_000);
      assert.equal(world.bead(bead).reminders, 1);
    });

    it('told twice at once costs one reminder', async () => {
      await Promise.all([call(ends), call(ends)]);
      assert.equal(world.bead(bead).reminders, 1);
    });

    it('that no hook tells is noticed after a minute, and the reminder is typed', async () => {
      vendor.see?.(doing('idle'));
      await world.clock.advance(70_000);
      assert.equal(world.bead(bead).reminders, 1);
      assert.match(world.processes.typed[0] ?? '', /call done/);
    });

    it('of accepted work lets the agent go, with or without a word of it', async () => {
      await world.work(bead, ['a.txt']);
      await world.reaches(bead, 'merging');
      await world.clock.advance(25_000);
      assert.ok(world.processes.signals.length > 0);
    });
  });

  describe('a message of the person', () => {
    it('is carried to a working agent by its next hook, and said to be heard', async () => {
      const sent = world.foreman.messages.send(me().polecat, 'Use tabs.');
      await settled();
      const told = await call({ question: { kind: 'ear' } });
      assert.deepEqual(told, { kind: 'tell', message: 'Your person says: Use tabs.' });
      assert.equal(await sent, 'heard');
      assert.equal((await call({ question: { kind: 'ear' } })).kind, 'nothing');
    });

    it('goes before a reminder at the end of a turn', async () => {
      void world.foreman.messages.send(me().polecat, 'Use tabs.');
      await settled();
      assert.equal((await call({ question: { kind: 'turnEnd' } })).kind, 'goOn');
      assert.equal(world.bead(bead).reminders, 0);
    });

    it('is typed to one at its prompt, and counts as heard when its hook says so', async () => {
      await call({ sightings: [doing('idle')] });
      const sent = world.foreman.messages.send(me().polecat, 'Use tabs.');
      await settled();
      assert.deepEqual(world.processes.typed, ['Use tabs.']);
      await call({ sightings: [{ kind: 'heard', text: 'Use tabs.' }] });
      assert.equal(await sent, 'heard');
    });

    it('is queued as long as nobody heard it, and refused where nobody works', async () => {
      const sent = world.foreman.messages.send(me().polecat, 'Use tabs.');
      await world.clock.advance(16_000);
      assert.equal(await sent, 'queued');
      assert.equal(await world.foreman.messages.send('nobody-1' as never, 'Hm?'), 'refused');
    });
  });

  it('that give no sign for long are put before the person, until they give one', async () => {
    world.silentAfterMs = 60_000;
    vendor.see?.(doing('working'));
    await world.clock.advance(30_000);
    vendor.see?.({ kind: 'alive' });
    await world.clock.advance(40_000);
    assert.deepEqual(open(), []);
    await world.clock.advance(30_000);
    assert.equal(world.polecat(bead).session?.doing.kind, 'silent');
    assert.equal(open().length, 1);
    vendor.see?.({ kind: 'alive' });
    await settled();
    assert.deepEqual(open(), []);
  });

  it('that are limited are asked to end as their vendor likes it, and go on at the reset', async () => {
    vendor.see?.({ kind: 'conversation', id: 's-1' });
    vendor.see?.(doing('limited', { until: world.clock.now() + 60_000 }));
    await settled();
    assert.deepEqual(world.processes.signals.at(0)?.split(' ')[0], 'terminate');
    await world.exit(bead, 143);
    await world.clock.advance(50_000);
    assert.equal(world.polecat(bead).session, null);
    // Those that wait for one reset do not all go at its very instant.
    await world.clock.advance(60_000);
    await world.until(() => world.polecat(bead).state === 'working');
    assert.equal(vendor.watched?.conversation, 's-1');
  });

  it('tell what their account has left', async () => {
    const reading = { gauge: '5h', model: null, used: 0.4, capacity: null, resetsAt: 7 } as const;
    await call({ sightings: [{ kind: 'reading', reading: { ...reading, source: 'statusLine' } }] });
    const told = world.account.told.flatMap((one) =>
      one.kind === 'read' ? one.readings.map(({ gauge, used }) => [one.tank, gauge, used]) : [],
    );
    assert.deepEqual(told, [['t', '5h', 0.4]]);
  });

  it('whose session is over are told nothing and change nothing', async () => {
    const before = me();
    await world.exit(bead, null, 'SIGKILL');
    await assert.rejects(
      desk.hook(before, 'any', JSON.stringify({ question: run }), new AbortController().signal),
      { reason: 'late' },
    );
  });
});
