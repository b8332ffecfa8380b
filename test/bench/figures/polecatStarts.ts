import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../../../src/git/brokered.ts';
import { openGit } from '../../../src/git/openGit.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Measurement, figure } from '../figure.ts';
import { plainGit } from '../host/bigRepository.ts';
import { median } from '../ratio.ts';

const rounds = 50;
const atOnce = 20;
const files = 50;

/** What a round leaves is taken away by hand: the product's own removal proves, and is measured elsewhere. */
async function sweep(root: string, worktrees: string): Promise<void> {
  await rm(worktrees, { recursive: true, force: true });
  for (const left of ['worktrees', 'refs/heads/polecat', 'logs/refs/heads/polecat']) {
    await rm(join(root, '.git', left), { recursive: true, force: true });
  }
}

/** As a window's: git runs in a small process. */
function broker(): Broker {
  const script = join(import.meta.dirname, '../../../src/git/broker.ts');
  return new Broker({ execPath: process.execPath, script, env: process.env });
}

async function inFolder(folder: string): Promise<Measurement> {
  const root = join(folder, 'repository');
  await mkdir(root);
  await Promise.all(
    Array.from({ length: files }, (_, n) => writeFile(join(root, `file${String(n)}.txt`), `${String(n)}\n`)),
  );
  await plainGit(root, 'init', '--quiet', '--initial-branch=main');
  await plainGit(root, 'add', '.');
  const who = ['-c', 'user.name=Rigs Bench', '-c', 'user.email=bench@example.invalid'];
  await plainGit(root, ...who, 'commit', '--quiet', '--message', 'Start');
  const git = openGit(process.platform === 'linux' ? { start: broker().start } : {});
  const repository = await git.describe(root);
  const base: CommitId = await git.freshestBase(repository, 'main');
  const worktrees = join(folder, 'rigs');
  const start = async (name: string): Promise<number> => {
    const began = performance.now();
    await git.addWorktree(repository, join(worktrees, name), `polecat/${name}/x`, base);
    return performance.now() - began;
  };
  const [alone, first]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await start('alone'));
    // One that fails fails the figure.
    first.push(
      Math.min(...(await Promise.all(Array.from({ length: atOnce }, (_, n) => start(`p${String(n)}`))))),
    );
    await sweep(root, worktrees);
  }
  return { value: median(first) / median(alone), baseline: median(alone), runs: rounds };
}

async function measure(): Promise<Measurement> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs-bench-')));
  try {
    return await inFolder(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

figure({
  name: 'polecat.start.20',
  unit: 'x',
  target: 1.5,
  against: 'a lone start of a worktree, first of 20 at once, none of 1000 failed, ms',
  measure,
});
