/** A sample repository in a folder with a difficult name, as the e2e tests play on it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRunGit } from '../../src/git/run.ts';
import { createSample } from '../../src/providers/rehearsal/sample.ts';
import { root } from '../harness/toolchain.mjs';

const run = promisify(execFile);

export type Sample = {
  readonly folder: string;
  readonly git: (...args: string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
};

export async function makeSample(name = 'rigs e2e'): Promise<Sample> {
  const into = await mkdtemp(path.join(tmpdir(), `${name} `));
  const folder = await createSample({
    git: createRunGit('git'),
    mediaFolder: path.join(root, 'media', 'rehearsal'),
    into,
  });
  return {
    folder,
    git: async (...args) => (await run('git', args, { cwd: folder })).stdout.trim(),
    remove: () => rm(into, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
