/** A sample repository in a folder with a difficult name, as the e2e tests play on it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRunGit } from '../../src/git/run.ts';
import { type Playbook, parsePlaybook } from '../../src/providers/rehearsal/playbook.ts';
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

export type Play = {
  /** How much faster than a person would watch the script is played. */
  readonly speed: number;
  /** A task whose agent thinks for a minute (at speed 1) before it begins, to be caught at it. */
  readonly slow: string;
};

export async function makeSample(name = 'rigs e2e', play?: Play): Promise<Sample> {
  const into = await mkdtemp(path.join(tmpdir(), `${name} `));
  const git = createRunGit('git');
  const folder = await createSample({ git, mediaFolder: media, into });
  if (play !== undefined) {
    const playbook = path.join(into, 'played.playbook.json');
    const original = parsePlaybook(await readFile(path.join(media, 'sample.playbook.json'), 'utf8'));
    await writeFile(playbook, JSON.stringify(played(original, play)));
    await git(['config', '--local', rehearsalConfigKey, playbook], { cwd: folder });
  }
  return {
    folder,
    git: async (...args) => (await run('git', args, { cwd: folder })).stdout.trim(),
    remove: () => rm(into, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

function played(playbook: Playbook, { speed, slow }: Play): Playbook {
  const task = playbook.tasks[slow];
  const [first, ...rest] = task?.begin ?? [];
  if (task === undefined || first === undefined) throw new Error(`The playbook has no task "${slow}".`);
  const tasks = { ...playbook.tasks, [slow]: { ...task, begin: [{ ...first, pauseMs: 60_000 }, ...rest] } };
  return { ...playbook, speed, tasks };
}
