import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openAccount } from '../../../src/store/account/openAccount.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { AccountFolder } from './accountFolder.ts';
import { namesIn } from './rigFolder.ts';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly said: readonly number[]; readonly problems: string }>;
}

describe('two processes on one account', () => {
  let person: AccountFolder;
  let script: string;
  beforeEach(async () => {
    person = new AccountFolder();
    script = join(person.place, 'process.mjs');
    const entry = join(import.meta.dirname, 'accountProcess.ts');
    // In one file it starts in a quarter of the time, and it is started often.
    const options = { bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' } as const;
    await build({ ...options, entryPoints: [entry], outfile: script });
  });
  afterEach(() => person.remove());

  function run(rig: string, steps = ''): Run {
    const child = spawn(process.execPath, [script, person.folder, rig, steps], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let problems = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      problems += text;
    });
    const ended = once(child, 'close').then(() => ({
      // A kill may cut the last number short; the line before it was said whole.
      said: said.split('\n').slice(0, -1).map(Number),
      problems,
    }));
    return { child, ended };
  }

  it('lose no step and never have the one place at the same time', async function () {
    this.timeout(60_000);
    const ends = await Promise.all(['left', 'right'].map((rig) => run(rig, '70').ended));
    for (const { said, problems } of ends) assert.deepEqual([said.length, problems], [70, '']);
    const account = await openAccount({ folder: person.folder, clock: systemClock });
    assert.equal((await account.rigs()).length, 140);
    assert.deepEqual(await account.held(), []);
    await account.close();
  });

  it('that are killed at any moment lose nothing they acknowledged, and a third goes on', async function () {
    this.timeout(60_000);
    const account = await openAccount({ folder: person.folder, clock: systemClock });
    for (let round = 0; round < 10; round += 1) {
      const runs = ['left', 'right'].map((rig) => ({ rig, ...run(rig) }));
      await Promise.all(runs.map(({ child }) => once(child.stdout ?? child, 'data')));
      for (const [index, { child }] of runs.entries())
        setTimeout(() => child.kill('SIGKILL'), (round * 7 + index * 3) % 23);
      const ends = await Promise.all(runs.map(({ ended }) => ended));
      // It goes on at once, also after a process that died in the middle of its turn.
      await account.rigSeen({ rig: String(round), root: '/', name: 'third' });
      const held = await account.held();
      for (const [index, { rig }] of runs.entries()) {
        const tokens = held.filter((one) => one.rig === rig).map(({ token }) => token);
        assert.equal(ends[index]?.problems, '');
        assert.ok(tokens.length >= (ends[index].said.at(-1) ?? Infinity), `round ${String(round)}`);
        // One after the other, so that none is missing in between.
        assert.deepEqual(
          tokens,
          tokens.map((_, before) => before + 1),
        );
      }
    }
    assert.equal((await account.rigs()).length, 10);
    await account.close();
    assert.deepEqual(await namesIn(person.folder, /draft$/), []);
    assert.equal((await namesIn(person.folder, /^turn-/)).length, 1);
  });
});
