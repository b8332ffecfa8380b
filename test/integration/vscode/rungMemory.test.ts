import { deepEqual, equal } from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Rung, lastRung } from '../../../src/cli/rung.ts';
import { rememberedRung } from '../../../src/vscode/compose/rungMemory.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';

describe('The program that carries the calls of rigs', () => {
  let folder: string;
  let tool: string;
  let trials: number;
  let chosen: (rungs: readonly Rung[]) => Rung;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rung-'));
    tool = path.join(folder, 'nc');
    await writeFile(tool, '');
    trials = 0;
    chosen = ([first]) => first ?? lastRung;
  });
  afterEach(() => rm(folder, { recursive: true }));

  const here = (): readonly Rung[] => [{ name: 'nc', tool, flags: '-U' }];
  const world = {
    rungs: () => Promise.resolve(here()),
    choose: () => {
      trials += 1;
      return Promise.resolve(chosen(here()));
    },
  };

  it('is tried out once, as long as programs and script are the same', async () => {
    const memory = fakeMemento();
    deepEqual(await rememberedRung(memory, 'script', world), here()[0]);
    deepEqual(await rememberedRung(memory, 'script', world), here()[0]);
    equal(trials, 1);
    await rememberedRung(memory, 'another script', world);
    equal(trials, 2);
    await utimes(tool, 1, 1);
    await rememberedRung(memory, 'another script', world);
    equal(trials, 3);
  });

  it('is looked for again where none served', async () => {
    chosen = () => lastRung;
    const memory = fakeMemento();
    deepEqual(await rememberedRung(memory, 'script', world), lastRung);
    await rememberedRung(memory, 'script', world);
    equal(trials, 2);
  });
});
