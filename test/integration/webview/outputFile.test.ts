import { equal } from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputFile } from '../../../src/vscode/panels/outputFile.ts';
import { morning, commit, passed, rigWith } from '../../unit/panels/examples.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';

describe('The output of a check, as the queue opens it', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs-output-')));
    await mkdir(join(folder, 'state', 'outputs'), { recursive: true });
    await writeFile(join(folder, 'state', 'outputs', 'test.txt'), '1 failing');
    await writeFile(join(folder, 'secret'), 'not for you');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const withOutput = (file: string | null): MergeRequest | undefined => {
    const checks = [{ ...passed, outputFile: file }];
    const candidate = { commit: commit('b'), onto: commit('c'), checks, provenAt: morning };
    return Object.values(rigWith({ number: 1, stage: 'ready', candidate }).requests)[0];
  };
  const found = (file: string | null, index = 0): Promise<string | null> =>
    outputFile(join(folder, 'state'), withOutput(file), index);

  it('is found by its place, relative to the state folder or absolute in it', async () => {
    const path = join(folder, 'state', 'outputs', 'test.txt');
    equal(await found('outputs/test.txt'), path);
    equal(await found(path), path);
  });

  it('is nothing when there is none, or when it is gone', async () => {
    equal(await found(null), null);
    equal(await found('outputs/test.txt', 7), null);
    equal(await found('outputs/gone.txt'), null);
    equal(await outputFile(folder, undefined, 0), null);
  });

  it('never lies outside the state folder, by no path and through no link', async () => {
    await symlink(join(folder, 'secret'), join(folder, 'state', 'outputs', 'link.txt'));
    equal(await found('../secret'), null);
    equal(await found(join(folder, 'secret')), null);
    equal(await found('outputs/link.txt'), null);
    equal(await found('.'), null);
  });
});
