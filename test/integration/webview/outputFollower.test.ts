import { deepEqual, equal } from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyQueue } from '../../../src/town/queue.ts';
import { type RigState, fold } from '../../../src/town/state.ts';
import type { OutputPiece } from '../../../src/vscode/messages/queueOutput.ts';
import { findOutput } from '../../../src/vscode/panels/outputFile.ts';
import { OutputFollower } from '../../../src/vscode/panels/outputFollower.ts';
import { OutputReader } from '../../../src/vscode/panels/outputReader.ts';
import { morning, passed, requestIdOf, rigWith } from '../../unit/panels/examples.ts';

const source = { kind: 'run' as const, rig: '0'.repeat(12), batch: 3, length: 1 };

/** One request in batch 3, whose checks run. */
function running(): RigState {
  const request = requestIdOf(1);
  const about = { batch: 3, at: morning };
  const state = { ...rigWith({ number: 1, stage: 'proving' }), queue: emptyQueue };
  const formed = { ...about, target: 'main', checks: null, line: [request], lands: true };
  return [
    { type: 'batch.formed' as const, ...formed },
    { type: 'batch.running' as const, ...about, running: [1] },
  ].reduce(fold, state);
}

describe('The output of a run, as the queue follows it', () => {
  let folder: string;
  let outputs: string;
  let state: RigState;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs-follow-')));
    outputs = join(folder, 'outputs', 'batch-3.1.2000');
    state = running();
    await mkdir(outputs, { recursive: true });
    // Of another length, another batch and an earlier run of the same.
    for (const other of ['batch-3.11.9000', 'batch-13.1.9000', 'batch-3.1.1999']) {
      await mkdir(join(folder, 'outputs', other));
      await writeFile(join(folder, 'outputs', other, '9-test.log'), 'other');
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): Promise<void> => appendFile(join(outputs, name), text);

  it('is that of the check which runs now', async () => {
    deepEqual(await findOutput(folder, state, source), { file: null, live: true });
    await write('2-test.log', 'x');
    await write('10-build.log', 'x');
    deepEqual(await findOutput(folder, state, source), { file: join(outputs, '10-build.log'), live: true });
    deepEqual(await findOutput(folder, state, { ...source, batch: 4 }), { file: null, live: false });
  });

  it('is that of the failed check when the run is over', async () => {
    await write('1-lint.log', 'x');
    await write('2-test.log', 'x');
    const checks = [
      { ...passed, name: 'lint', outputFile: join(outputs, '1-lint.log') },
      { ...passed, outcome: 'failed' as const, outputFile: join(outputs, '2-test.log') },
    ];
    const run = { outcome: 'red' as const, checks, known: false, at: morning };
    const over = fold(state, { type: 'batch.ran', batch: 3, length: 1, run, at: morning });
    deepEqual(await findOutput(folder, over, source), { file: join(outputs, '2-test.log'), live: false });
  });

  it('never comes through a link from elsewhere', async () => {
    const secret = `${folder}.secret`;
    await writeFile(secret, 'not for you');
    await symlink(secret, join(outputs, '3-x.log'));
    const found = await findOutput(folder, state, source);
    await rm(secret);
    equal(found.file, null);
  });

  it('is read along from where it was left, whole characters at a time', async () => {
    const bytes = Buffer.from('Größe\n');
    await write('1-test.log', '');
    const reader = new OutputReader(join(outputs, '1-test.log'), 100);
    const texts: (string | undefined)[] = [(await reader.read())?.text];
    for (const part of [bytes.subarray(0, 3), bytes.subarray(3)]) {
      await appendFile(join(outputs, '1-test.log'), part);
      texts.push((await reader.read())?.text);
    }
    deepEqual(texts, ['', 'Gr', 'öße\n']);
  });

  it('begins at a line of its end when it is too long, also when too much came at once', async () => {
    await write('1-test.log', 'first\nsecond\nthird\n');
    const reader = new OutputReader(join(outputs, '1-test.log'), 10);
    deepEqual(await reader.read(), { anew: true, skipped: 13, text: 'third\n' });
    await write('1-test.log', 'a\n');
    deepEqual(await reader.read(), { anew: false, skipped: 13, text: 'a\n' });
    await write('1-test.log', 'much more\nthan fits\n');
    deepEqual(await reader.read(), { anew: true, skipped: 31, text: 'than fits\n' });
    await rm(join(outputs, '1-test.log'));
    equal(await reader.read(), null);
  });

  it('is told piece by piece until the run is over, with what it wrote last', async () => {
    const told: OutputPiece[] = [];
    const follower = new OutputFollower((error) => {
      throw error;
    });
    await write('1-lint.log', 'lint\n');
    follower.follow({
      number: 5,
      find: () => findOutput(folder, state, source),
      told: (piece) => void told.push(piece),
    });
    await until(() => told.length === 1);
    await write('2-test.log', 'test');
    await until(() => told.length === 2);
    await write('2-test.log', ' failed\n');
    // The batch is over, and nothing of it is known any more.
    state = fold(state, { type: 'batch.ended', batch: 3, culprit: null, at: morning });
    await until(() => told.some(({ live }) => !live));
    equal(told.map(({ text }) => text).join(''), 'lint\ntest failed\n');
    deepEqual(
      told.map(({ file, anew }) => [file, anew]),
      [
        ['1-lint.log', true],
        ['2-test.log', true],
        ['2-test.log', false],
      ],
    );
    equal(
      told.every(({ following }) => following === 5),
      true,
    );
  });

  it('is looked at no more once it was left', async () => {
    let looks = 0;
    const follower = new OutputFollower(() => undefined);
    follower.follow({
      number: 1,
      find: () => {
        looks += 1;
        follower.leave();
        return findOutput(folder, state, source);
      },
      told: () => {
        throw new Error('nobody reads it');
      },
    });
    await until(() => looks === 1);
    await new Promise((resolve) => setImmediate(resolve));
    equal(looks, 1);
  });
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('Not in time.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
