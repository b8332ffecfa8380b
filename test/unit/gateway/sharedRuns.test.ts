import assert from 'node:assert/strict';
import type { CommandResult } from '../../../src/gateway/command.ts';
import { SharedRuns } from '../../../src/gateway/sharedRuns.ts';

describe('a command that is said twice, because its answer got lost', () => {
  const here = new AbortController().signal;

  function counting(out: string) {
    let started = 0;
    const start = (): Promise<CommandResult> => {
      started += 1;
      return Promise.resolve({ exit: 0, out: `${out} ${String(started)}` });
    };
    return { start, started: () => started };
  }

  it('is carried out once, and answered alike', async () => {
    const runs = new SharedRuns();
    const { start } = counting('made');
    const [first, second] = await Promise.all([
      runs.run('nux a', start, here),
      runs.run('nux a', start, here),
    ]);
    assert.deepEqual([first, second, await runs.run('nux a', start, here)], [first, first, first]);
    assert.equal((await runs.run('nux b', start, here)).out, 'made 2');
  });

  it('is carried out again when it failed, and when its answer was too long to be kept', async () => {
    const runs = new SharedRuns();
    await assert.rejects(
      runs.run('nux a', () => Promise.reject(new Error('no disk')), here),
      /no disk/,
    );
    assert.equal((await runs.run('nux a', counting('made').start, here)).out, 'made 1');
    const long = counting('x'.repeat(100_000));
    await runs.run('nux b', long.start, here);
    await runs.run('nux b', long.start, here);
    assert.equal(long.started(), 2);
  });

  it('is given up when nobody waits for it any more, and not before', async () => {
    const runs = new SharedRuns();
    let given: AbortSignal | undefined;
    const waits = (signal: AbortSignal): Promise<CommandResult> => {
      given = signal;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('given up'));
        });
      });
    };
    const [one, other] = [new AbortController(), new AbortController()];
    const both = [runs.run('nux a', waits, one.signal), runs.run('nux a', waits, other.signal)];
    one.abort();
    assert.equal(given?.aborted, false);
    other.abort();
    assert.equal(given.aborted, true);
    for (const run of both) await assert.rejects(run, /given up/);
    assert.equal((await runs.run('nux a', counting('made').start, here)).out, 'made 1');
  });
});
