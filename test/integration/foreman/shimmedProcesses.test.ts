import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShimmedProcesses } from '../../../src/foreman/shimmedProcesses.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { PolecatId } from '../../../src/town/ids.ts';

describe('who waits for news of a session', () => {
  let spool: string;
  const { signal } = new AbortController();
  const session = { polecat: 'nux-1' as PolecatId, token: 7 };

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
    const changed = processes(untilAborted).changed(60_000, signal, session);
    await writeFile(join(spool, 'nux-1.7.exit.json'), '');
    await changed;
  });

  it('is not woken by what other sessions write, nor by a draft', async () => {
    const seen: string[] = [];
    const changed = processes(untilAborted)
      .changed(60_000, signal, session)
      .then(() => seen.push('woken'));
    for (const name of ['nux-1.71.start.json', 'ace-2.7.exit.json', 'nux-1.7.start.json.1-2.draft'])
      await writeFile(join(spool, name), '');
    // The system tells of files in the order in which they came, so this one is told after those.
    const other = processes(untilAborted).changed(60_000, signal, { ...session, token: 8 });
    await writeFile(join(spool, 'nux-1.8.exit.json'), '');
    await other;
    assert.deepEqual(seen, []);
    await writeFile(join(spool, 'nux-1.7.exit.json'), '');
    await changed;
  });

  it('is woken by the clock alone where the system watches no folder', async () => {
    const slept: number[] = [];
    const waiting = processes((ms) => Promise.resolve(void slept.push(ms)));
    // Refused in the same way as one watcher too many.
    await rm(spool, { recursive: true });
    await waiting.changed(500, signal, session);
    assert.deepEqual(slept, [500]);
  });
});
