import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareHome } from '../../../src/gateway/home.ts';
import { outboxOf } from '../../../src/gateway/outbox.ts';
import { DeskError } from '../../../src/ports/desk.ts';
import type { Usage } from '../../../src/town/bead.ts';
import { type ForemansDoor, foremanAt, openDoor, usageReporter } from '../../../src/worker/foremansDoor.ts';
import type { Happening } from '../../../src/worker/transcript.ts';
import { type Rig, fakeDesk, nux, rigFolder } from '../gateway/fixtures.ts';

describe('an agent whose window is gone', () => {
  let rig: Rig;
  let door: ForemansDoor;
  let shown: Happening[];
  const { signal } = new AbortController();

  beforeEach(async () => {
    rig = await rigFolder();
    await prepareHome(rig.home);
    const env = await environment();
    door = openDoor(env, signal, { patienceMs: 200 });
    assert.deepEqual(env, {});
    shown = [];
  });

  afterEach(() => rm(rig.folder, { recursive: true }));

  const environment = async () => ({ RIGS_HOME: rig.home, RIGS_TOKEN: await rig.tokens.issue(nux) });
  const kept = async (): Promise<readonly string[]> => {
    const outbox = outboxOf(rig.home);
    const names = await readdir(outbox).catch(() => []);
    return Promise.all(names.toSorted().map((name) => readFile(join(outbox, name), 'utf8')));
  };
  const reporter = () => usageReporter(door, (happening) => void shown.push(happening), signal);
  const used = (input: number): Usage => ({ input, cachedInput: 0, output: 0 });

  it('is told that its done is kept, and to end its turn', async () => {
    assert.deepEqual(await foremanAt(door).done('Added it.'), {
      accepted: false,
      message:
        'The window does not answer; your report is kept and will be taken up when it is back. End your turn.',
      goOn: false,
    });
    const [one, ...more] = await kept();
    assert.match(one ?? '', /Added it\./);
    assert.deepEqual(more, []);
  });

  it('waits for the window once, says so, and then works on without waiting', async () => {
    const patienceMs = 1_000;
    door = openDoor(await environment(), signal, { patienceMs });
    const report = reporter();
    await report(used(1));
    const before = performance.now();
    for (let step = 2; step < 12; step += 1) await report(used(step));
    assert.ok(performance.now() - before < 10 * patienceMs);
    assert.equal((await kept()).length, 11);
    assert.equal(shown.length, 1);
    const open = await rig.open();
    await report(used(12));
    await open.close();
    assert.equal((await kept()).length, 11);
  });

  it('goes on when its numbers can be neither told nor kept', async () => {
    await mkdir(join(rig.folder, 'spool'), { recursive: true });
    await writeFile(outboxOf(rig.home), 'in the way');
    await reporter()(used(1));
    assert.deepEqual(
      shown.map((happening) => 'text' in happening && happening.text),
      [
        'The window that runs this rig does not answer, and the report could not be kept for it. The work goes on.',
      ],
    );
    await assert.rejects(foremanAt(door).done('Added it.'), { reason: 'not_kept' });
  });

  it('goes on when its numbers are refused, and ends when its session is over', async () => {
    for (const [reason, ends] of [
      ['invalid', false],
      ['late', true],
    ] as const) {
      const open = await rig.open(fakeDesk({ usage: () => Promise.reject(new DeskError(reason, 'Why.')) }));
      const told = reporter()(used(1));
      await (ends ? assert.rejects(told, { reason: 'late' }) : told);
      await open.close();
    }
    assert.deepEqual(shown, [{ kind: 'note', text: 'Why. The work goes on.' }]);
  });
});
