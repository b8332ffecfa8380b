import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Interface, createInterface } from 'node:readline';
import { beadIdOf } from '../../fakes/events.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

/** A process of its own that opens the rig; see `claimer.ts`. */
class Claimer {
  readonly process: ChildProcess;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;

  constructor(rig: RigFolder, place: string) {
    const script = join(import.meta.dirname, 'claimer.ts');
    const args = ['--disable-warning=ExperimentalWarning', script, rig.commonDir, rig.storageRoot, place];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process = child;
    this.#lines = createInterface({ input: child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  tell(word: string): void {
    this.process.stdin?.write(`${word}\n`);
  }

  async answer(): Promise<string> {
    const next = await this.#answers.next();
    return next.done === true ? 'ended' : next.value;
  }

  async does(word: string): Promise<string> {
    this.tell(word);
    return this.answer();
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'close');
  }
}

describe('processes that want one rig', function () {
  this.timeout(60_000);
  let rig: RigFolder;
  let claimers: Claimer[];
  beforeEach(async () => {
    rig = await new RigFolder().make();
    claimers = [];
  });
  afterEach(async () => {
    for (const one of claimers) await one.kill();
    await rig.remove();
  });

  function claimer(place = ''): Claimer {
    const one = new Claimer(rig, place);
    claimers.push(one);
    return one;
  }

  it('are refused while one of them owns it, and one takes over when that one was killed', async () => {
    const [first, second] = [claimer(), claimer()];
    assert.equal(await first.does('open'), '1');
    assert.equal(await first.does('append'), '1');
    assert.equal(await second.does('open'), 'owned_elsewhere');
    await first.kill();
    assert.equal(await second.does('open'), '2');
    assert.equal(await second.does('append'), '2');
  });

  it('never own it both, 50 times at the same moment', async () => {
    const all = [claimer(), claimer(), claimer()];
    for (const one of all) assert.equal(await one.does('look'), 'free');
    for (let round = 1; round <= 50; round += 1) {
      for (const one of all) one.tell('open');
      const answers = await Promise.all(all.map((one) => one.answer()));
      const [owner, ...others] = all.filter((_, index) => answers[index] !== 'owned_elsewhere');
      assert.equal(others.length, 0, answers.join());
      assert.equal(await owner?.does('append'), String(round), answers.join());
      assert.equal(await owner?.does('close'), 'closed');
    }
  });

  it('that slept through a takeover add nothing when they wake, and say that they are fenced', async function () {
    if (process.platform === 'win32') return this.skip();
    const [asleep, awake] = [claimer('here'), claimer('there')];
    assert.equal(await asleep.does('open'), '1');
    assert.equal(await asleep.does('append'), '1');
    assert.equal(await awake.does('open'), 'owned_elsewhere');
    asleep.process.kill('SIGSTOP');
    asleep.tell('append');
    const deadline = Date.now() + 20_000;
    let opened = 'owned_elsewhere';
    while (opened === 'owned_elsewhere' && Date.now() < deadline) opened = await awake.does('open');
    assert.equal(opened, '2');
    assert.equal(await awake.does('append'), '2');
    asleep.process.kill('SIGCONT');
    assert.equal(await asleep.answer(), 'fenced');
    assert.equal(await asleep.does('append'), 'fenced');
    assert.equal(await awake.does('append'), '3');
    await asleep.kill();
    await awake.kill();
    const store = await rig.open({ mode: 'reader' });
    assert.deepEqual(Object.keys(store.initial.beads), [1, 2, 3].map(beadIdOf));
    assert.equal((await namesIn(store.folder, /^owner-/)).length, 1);
    return undefined;
  });
});
