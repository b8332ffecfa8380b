import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShimmedProcesses } from '../../../src/foreman/shimmedProcesses.ts';
import type { Clock } from '../../../src/ports/clock.ts';

describe('who waits for news of a session', () => {
  let spool: string;
  const { signal } = new AbortController();

  beforeEach(async () => {
    spool = await mkdtemp(join(tmpdir(), 'rigs-spool-'));
  });

  afterEach(() => rm(spool, { recursive: true, force: true }));

  const processes = (sleep: Clock['sleep']) =>
    new ShimmedProcesses({
      spool,
      execPath: process.execPath,
      nodeEnv: {},
      shimScript: 'shim.cjs',
      clock: { now: () => 0, sleep },
    });
  const untilAborted: Clock['sleep'] = (_, until) =>
    new Promise((_resolve, reject) =>
      until?.addEventListener('abort', () => {
        reject(new Error('woken'));
      }),
    );

  it('is woken by the spool before the clock would', async () => {
    const changed = processes(untilAborted).changed(60_000, signal);
    await writeFile(join(spool, 'nux-1.7.exit.json'), '');
    await changed;
  });

  it('is woken by the clock alone where the system watches no folder', async () => {
    const slept: number[] = [];
    const waiting = processes((ms) => Promise.resolve(void slept.push(ms)));
    // Refused in the same way as one watcher too many.
    await rm(spool, { recursive: true });
    await waiting.changed(500, signal);
    assert.deepEqual(slept, [500]);
  });
});
