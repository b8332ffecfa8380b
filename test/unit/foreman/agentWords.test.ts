import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HookAnswer } from '../../../src/ports/agents.ts';
import type { AskId } from '../../../src/town/ids.ts';
import { plain } from '../../../src/vscode/text.ts';
import { settled } from '../../fakes/manualClock.ts';
import { type Call, VendorScene, doing } from './vendorScene.ts';

const ear: Call = { question: { kind: 'ear' } };
const ends: Call = { sightings: [doing('idle')], question: { kind: 'turnEnd' } };
const idle: Call = { sightings: [doing('idle')] };
const textOf = (answer: HookAnswer): string => ('message' in answer ? answer.message : '');

describe("words for vendors' agents", () => {
  let scene: VendorScene;

  beforeEach(async () => {
    scene = await VendorScene.open();
  });

  afterEach(() => scene.world.foreman.close());

  const say = (text: string): ReturnType<typeof scene.world.foreman.messages.send> =>
    scene.world.foreman.messages.send(scene.me().polecat, text);
  const typed = (): readonly string[] => scene.world.processes.typed;
  const reminders = (): number => scene.world.bead(scene.bead).reminders;

  /** Somebody stands in front of the terminal until the test says otherwise. */
  function keepBusy(): { free(): void; readonly tries: () => number } {
    const { processes } = scene.world;
    const real = processes.type.bind(processes);
    let tries = 0;
    Object.assign(processes, {
      type: () => {
        tries += 1;
        return Promise.resolve('busy');
      },
    });
    return { free: () => Object.assign(processes, { type: real }), tries: () => tries };
  }

  it('that were typed as one plain line are told once, whatever they were before', async () => {
    for (const text of [
      'Two lines:\n\n  and  a $(check) in [one](command:x)',
      `${'long '.repeat(1_000)}end`,
      'Use tabs.\u001b[31m',
    ]) {
      await scene.call(idle);
      const sent = say(text);
      await settled();
      // What the terminal types, and the vendor's hook tells back.
      const line = plain(text, 4_000);
      await scene.call({ sightings: [{ kind: 'heard', text: `${line} ` }, doing('working')] });
      assert.equal(await sent, 'heard');
      assert.equal((await scene.call(ear)).kind, 'nothing');
    }
  });

  it('that are like what a person typed themselves, and were not typed yet, are told', async () => {
    await scene.call({ sightings: [doing('working')] });
    void say('go on');
    await settled();
    await scene.call({ sightings: [{ kind: 'heard', text: 'Please go on with it' }] });
    assert.match(textOf(await scene.call(ear)), /go on/);
  });

  it('that wait when the window reloads wait in the next one, and are told once', async () => {
    await scene.call({ sightings: [doing('working')] });
    void say('Use tabs.');
    void say('And no semicolons.');
    await scene.crash();
    const told: string[] = [];
    // They lie on a real disk meanwhile.
    const deadline = Date.now() + 15_000;
    while (told.length === 0 && Date.now() < deadline) {
      const answer = await scene.call(ear);
      if (answer.kind === 'tell') told.push(answer.message);
      await settled();
    }
    assert.deepEqual(told, ['Your person says: Use tabs.\n\nYour person says: And no semicolons.']);
    await scene.crash();
    await settled();
    assert.equal((await scene.call(ear)).kind, 'nothing');
  });

  it('say whose they are: a reminder is not the person’s', async () => {
    await scene.call(idle);
    await scene.world.clock.advance(70_000);
    assert.match(typed()[0] ?? '', /^Rigs says: /);
    assert.match(textOf(await scene.call(ear)), /^Rigs says: /);
    void say('Use tabs.');
    assert.match(textOf(await scene.call(ear)), /^Your person says: Use tabs\.$/);
  });

  it('that cannot be typed while somebody may be typing are typed as soon as nobody is', async () => {
    await scene.call(idle);
    const terminal = keepBusy();
    const sent = say('Use tabs.');
    await scene.world.clock.advance(20_000);
    assert.equal(await sent, 'queued');
    assert.ok(terminal.tries() > 3);
    terminal.free();
    await scene.world.clock.advance(5_000);
    assert.deepEqual(typed(), ['Use tabs.']);
    await scene.world.clock.advance(30_000);
    assert.equal(typed().length, 1, 'and only once');
  });

  it('end with their session', async () => {
    await scene.call(idle);
    const terminal = keepBusy();
    const sent = say('Use tabs.');
    await scene.world.clock.advance(4_000);
    await scene.world.exit(scene.bead, null, 'SIGKILL');
    assert.equal(await sent, 'refused');
    await scene.world.until(() => scene.world.polecat(scene.bead).state === 'working');
    await scene.call(idle);
    const tries = terminal.tries();
    await scene.world.clock.advance(10_000);
    assert.equal(terminal.tries(), tries);
    assert.equal((await scene.call(ear)).kind, 'nothing');
  });

  it('of a reminder that reached nobody yet are followed by no other', async () => {
    await scene.call(idle);
    const terminal = keepBusy();
    await scene.world.clock.advance(300_000);
    assert.equal(reminders(), 1);
    terminal.free();
    await scene.world.clock.advance(5_000);
    assert.match(typed()[0] ?? '', /call done/);
    await scene.world.clock.advance(70_000);
    assert.equal(reminders(), 2);
  });

  it('are not typed where a question for trust may still stand; the first ear carries them', async () => {
    const sent = say('Use tabs.');
    await scene.world.clock.advance(10_000);
    assert.deepEqual(typed(), []);
    assert.match(textOf(await scene.call(ear)), /Use tabs/);
    assert.equal(await sent, 'heard');
  });

  describe('of a hook that goes away', () => {
    it('wait for the next one', async () => {
      const sent = say('Use tabs.');
      await settled();
      const gone = AbortSignal.abort();
      assert.equal((await scene.call(ear, gone)).kind, 'nothing');
      assert.equal((await scene.call({ question: { kind: 'turnEnd' } }, gone)).kind, 'nothing');
      assert.match(textOf(await scene.call(ear)), /Use tabs/);
      assert.equal(await sent, 'heard');
    });

    it('while its turn is ended spend one reminder, which is said all the same', async () => {
      const gone = new AbortController();
      scene.world.foreman.onChange(() => {
        if (reminders() === 1) gone.abort();
      });
      assert.equal((await scene.call(ends, gone.signal)).kind, 'nothing');
      await settled();
      assert.match(typed()[0] ?? '', /call done/);
      await scene.call({ sightings: [{ kind: 'heard', text: typed()[0] ?? '' }] });
      assert.equal((await scene.call(ear)).kind, 'nothing');
      assert.equal(reminders(), 1);
    });

    it('while it may still be typed over are said to the hook that comes next', async () => {
      keepBusy();
      const gone = new AbortController();
      scene.world.foreman.onChange(() => {
        if (reminders() === 1) gone.abort();
      });
      await scene.call(ends, gone.signal);
      assert.match(textOf(await scene.call(ends)), /call done/);
      assert.equal(reminders(), 1);
    });

    it('before its turn was ended spend none', async () => {
      assert.equal((await scene.call(ends, AbortSignal.abort())).kind, 'nothing');
      assert.equal(reminders(), 0);
    });
  });

  describe('of what a proof found missing', () => {
    let folder: string;

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'rigs-output-'));
    });

    afterEach(() => rm(folder, { recursive: true }));

    async function fails(): Promise<void> {
      const { world, bead } = scene;
      world.checkOutput = path.join(folder, 'test.txt');
      await writeFile(world.checkOutput, 'expected 3, got 4\n');
      const worktree = world.polecat(bead).worktree ?? '';
      world.git.edit(worktree, ['a.txt']);
      world.red.add((await world.git.commitAll(worktree, 'bad')) ?? '');
      await world.clock.advance(1_000);
    }

    it('reach an agent whose done went away before the answer, with the output, and cost no reminder', async () => {
      await fails();
      await scene.world.work(scene.bead, []);
      await scene.world.reaches(scene.bead, 'in_progress');
      const answer = textOf(await scene.call(ends));
      assert.match(answer, /expected 3, got 4/);
      assert.match(answer, /call done again/);
      assert.equal(scene.world.bead(scene.bead).reason?.code, 'check_failed', 'and is not lost');
      assert.equal(reminders(), 1, 'the one that the proof counted');
      assert.doesNotMatch(textOf(await scene.call(ends)), /expected 3/);
      assert.equal(reminders(), 2);
    });

    it('are not said twice to one that had its answer', async () => {
      await fails();
      const { world } = scene;
      const claim = 'c'.repeat(22);
      // The claim's file lies nowhere in this scene, so that it is said to the foreman as the desk would.
      await world.foreman.wish({ type: 'claimDone', ...scene.me(), claim });
      await world.reaches(scene.bead, 'in_progress');
      const reply = await scene.desk.done(scene.me(), 'Added it.', claim, new AbortController().signal);
      assert.match(reply.message, /expected 3, got 4/);
      assert.doesNotMatch(textOf(await scene.call(ends)), /expected 3/);
    });
  });

  describe('in reply to a question', () => {
    const ask = 'ak-77777' as AskId;
    const question = 'Tabs or spaces?';

    it('are the answer of the call that waits', async () => {
      const asked = scene.desk.question(scene.me(), ask, question, new AbortController().signal);
      await scene.answer('reply', 'Tabs.');
      assert.equal(await asked, 'Tabs.');
      assert.equal((await scene.call(ear)).kind, 'nothing');
    });

    it('are told with their question to an agent whose call is gone', async () => {
      const gone = new AbortController();
      const asked = scene.desk.question(scene.me(), ask, question, gone.signal);
      await scene.world.need();
      gone.abort(new Error('hung up'));
      await assert.rejects(asked, /hung up/);
      await scene.answer('reply', 'Tabs.');
      await settled();
      const told = textOf(await scene.call(ear));
      assert.match(told, /Tabs or spaces\?/);
      assert.match(told, /Tabs\.$/);
      assert.equal((await scene.call(ear)).kind, 'nothing', 'once');
    });

    it('are told as well when the window that was asked is gone, unless the call comes back', async () => {
      const gone = new AbortController();
      const lost = scene.desk.question(scene.me(), ask, question, gone.signal).catch(() => undefined);
      await scene.world.need();
      scene.desk.close();
      gone.abort(new Error('the door closed'));
      await lost;
      await scene.crash();
      await scene.world.clock.advance(30_000);
      await scene.answer('reply', 'Tabs.');
      await settled();
      assert.match(textOf(await scene.call(ear)), /Tabs\.$/);
    });
  });
});
