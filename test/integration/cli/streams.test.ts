import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Notice } from '../../../src/ports/notices.ts';
import { RealRig } from './fixtures.ts';

const main = join(import.meta.dirname, '../../../src/cli/main.ts');

const notice = (title: string, own: Partial<Notice> = {}): Notice => ({
  at: Date.UTC(2026, 2, 7, 8),
  level: 'good',
  what: 'bead.moved',
  facts: { title, from: 'merging', to: 'completed' },
  why: null,
  kind: 'bead',
  bead: null,
  polecat: null,
  request: null,
  ...own,
});

describe('rigs that goes on', () => {
  let rig: RealRig;
  const children: ChildProcessWithoutNullStreams[] = [];
  before(async () => {
    rig = await RealRig.make();
    rig.bench.control.remembered.push(notice('Before'));
    await rig.openWindow();
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rig.remove();
  });

  function rigs(...args: readonly string[]) {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: rig.repository,
      env: { ...process.env, RIGS_HOME: '', RIGS_TOKEN: '', NODE_NO_WARNINGS: '1' },
    });
    children.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (piece: Buffer) => (said.out += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (said.err += piece.toString()));
    return {
      child,
      said,
      async until(wanted: RegExp): Promise<void> {
        const late = AbortSignal.timeout(20_000);
        while (!wanted.test(said.out)) await once(child.stdout, 'data', { signal: late });
      },
      async interrupted(): Promise<unknown> {
        child.kill('SIGINT');
        return (await once(child, 'close'))[0];
      },
    };
  }

  it('feed tells of before and of what happens, and Ctrl+C is its good end', async () => {
    const feed = rigs('feed');
    await feed.until(/“Before” is completed\.\n/);
    rig.bench.control.notice(notice('Since\u001b[2J'));
    await feed.until(/“Since” is completed\.\n/);
    assert.equal(await feed.interrupted(), 0);
    assert.equal(feed.said.err, '');
    assert.equal(feed.said.out.split('\n').length, 3);
  });

  it('what waits for stdin ends with Ctrl+C too, and that is no good end', async () => {
    const waits = rigs('goal', 'plan', '--plan', '-');
    // It is at it once it has taken more than a pipe holds.
    await new Promise<unknown>((taken) => waits.child.stdin.write('x'.repeat(1 << 20), taken));
    assert.equal(await waits.interrupted(), 130);
    assert.match(waits.said.err, /^Interrupted/);
  });

  it('attach shows the agent, then its own lines alone', async () => {
    const [nux] = rig.bench.scene.polecats('working');
    assert.ok(nux);
    const attached = rigs('attach', 'nux');
    await attached.until(/Its terminal is shown/);
    // It begins to follow a moment after it has shown the head.
    const telling = setInterval(() => {
      rig.bench.control.notice(notice('Of another', { polecat: 'slit-9' as typeof nux.id }));
      rig.bench.control.notice(notice('Its own', { polecat: nux.id }));
    }, 50);
    await attached.until(/“Its own”/);
    clearInterval(telling);
    assert.equal(await attached.interrupted(), 0);
    assert.doesNotMatch(attached.said.out, /Of another/);
  });
});
