import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beadIdOf } from '../../fakes/events.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

const rounds = 25;

describe('a rig whose owner is killed', () => {
  let rig: RigFolder;
  before(async () => {
    rig = await new RigFolder().make();
  });
  after(() => rig.remove());

  /** Lets a process append until some moment within the acknowledgements of some 30 ms, kills it, and returns the last. */
  async function appendUntilKilled(round: number): Promise<number> {
    const args = [join(import.meta.dirname, 'appender.ts'), rig.commonDir, rig.storageRoot];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let problems = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // Counted from the first word on, because starting takes much longer than the rest.
      if (said === '') setTimeout(() => child.kill('SIGKILL'), (round * 7) % 31).unref();
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      problems += text;
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL', problems);
    // The kill may have cut the last number short; the line before it was said whole.
    return Number(said.split('\n').at(-2));
  }

  it(`remembers everything it acknowledged and nothing by halves, ${String(rounds)} times in a row`, async function () {
    this.timeout(120_000);
    let total = 0;
    for (let round = 0; round < rounds; round += 1) {
      const acknowledged = await appendUntilKilled(round);
      assert.ok(acknowledged > total, `round ${String(round)} acknowledged ${String(acknowledged)}`);
      const store = await rig.open({ mode: 'reader' });
      total = store.read.seq();
      assert.ok(total >= acknowledged, `${String(acknowledged)} was acknowledged, ${String(total)} is there`);
      const beads = Object.values(store.initial.beads);
      assert.deepEqual(
        beads.map(({ id, status }) => [id, status]),
        Array.from({ length: total }, (_, index) => [beadIdOf(index + 1), 'queued']),
      );
      assert.deepEqual(store.read.countByStatus(), { queued: total });
      await store.close();
    }
    // The next owner after so many dead ones finds the place in order.
    const { folder } = await rig.open();
    assert.equal((await namesIn(folder, /^owner-/)).length, 1);
    assert.deepEqual(await namesIn(folder, /^damaged-|^(journal|snapshot).*draft$/), []);
    const databases = await namesIn(folder, /^snapshot-.*sqlite$/);
    const manifests = await namesIn(folder, /^snapshot-.*json$/);
    assert.deepEqual(
      databases,
      manifests.map((name) => name.replace('.json', '.sqlite')),
    );
  });
});
