/** A sample repository in a folder with a difficult name, as the e2e tests play on it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRunGit } from '../../src/git/run.ts';
import { rehearsalConfigKey } from '../../src/providers/rehearsal/playbooks.ts';
import { createSample } from '../../src/providers/rehearsal/sample.ts';
import { root } from '../harness/toolchain.mjs';

const run = promisify(execFile);

export type Sample = {
  readonly folder: string;
  readonly git: (...args: string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
};

const media = path.join(root, 'media', 'rehearsal');

/** `speed`: how much faster than a person would watch the script is played. */
export async function makeSample(name = 'rigs e2e', speed = 1): Promise<Sample> {
  const into = await mkdtemp(path.join(tmpdir(), `${name} `));
  const git = createRunGit('git');
  const folder = await createSample({ git, mediaFolder: media, into });
  if (speed !== 1) {
    const playbook = path.join(into, 'fast.playbook.json');
    const original: unknown = JSON.parse(await readFile(path.join(media, 'sample.playbook.json'), 'utf8'));
    await writeFile(playbook, JSON.stringify(Object.assign({}, original, { speed })));
    await git(['config', '--local', rehearsalConfigKey, playbook], { cwd: folder });
  }
  return {
    folder,
    git: async (...args) => (await run('git', args, { cwd: folder })).stdout.trim(),
    remove: () => rm(into, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
