import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openGit } from '../../../src/git/openGit.ts';
import { type Measurement, figure } from '../figure.ts';
import { makeBigRepository, plainGit } from '../host/bigRepository.ts';
import { inTurns, timed } from '../ratio.ts';

const rounds = 3;

interface Both {
  readonly made: Measurement;
  readonly removed: Measurement;
}
let both: Promise<Both> | null = null;

/** On disk, where making files is most of the work; both figures come of the same worktrees. */
async function measure(): Promise<Both> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs-bench-')));
  try {
    return await inFolder(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inFolder(folder: string): Promise<Both> {
  const root = join(folder, 'repository');
  await mkdir(root);
  await makeBigRepository(root);
  const git = openGit();
  const repository = await git.describe(root);
  const base = await git.freshestBase(repository, 'main');
  const [spares, trash] = [join(folder, 'rigs', '.spares'), join(folder, 'rigs', '.trash')];
  const removals: { subject: number[]; baseline: number[] } = { subject: [], baseline: [] };
  let turn = 0;
  const subject = async (): Promise<number> => {
    const place = join(folder, 'rigs', `nux${String((turn += 1))}`);
    await git.prepareSpares(repository, spares, base, 1);
    const branch = `polecat/nux/${String(turn)}`;
    const ms = await timed(() => git.addWorktree(repository, place, branch, base, spares));
    await readFile(join(place, 'src', 'part99', 'file99.txt'));
    const retired = git.retire(repository, place, trash);
    removals.subject.push(await timed(() => untilGone(place)));
    await retired;
    return ms;
  };
  const baseline = async (): Promise<number> => {
    const place = join(folder, 'plain', `plain${String((turn += 1))}`);
    const branch = `plain${String(turn)}`;
    const ms = await timed(() => plainGit(root, 'worktree', 'add', '--quiet', '-b', branch, place));
    removals.baseline.push(await timed(() => plainGit(root, 'worktree', 'remove', '--force', place)));
    return ms;
  };
  const added = await inTurns({ subject, baseline, warmUp: 0, rounds });
  const removed = await inTurns({
    subject: () => Promise.resolve(removals.subject.shift() ?? NaN),
    baseline: () => Promise.resolve(removals.baseline.shift() ?? NaN),
    warmUp: 0,
    rounds,
  });
  return { made: ratioOf(added), removed: ratioOf(removed) };
}

/** As a person sees it: the rest of the proof goes on with the folder in the trash. */
async function untilGone(place: string): Promise<void> {
  while (existsSync(place)) await nextTurn();
}

function ratioOf(medians: Awaited<ReturnType<typeof inTurns>>): Measurement {
  const { subjectMs, baselineMs, runs } = medians;
  return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
}

figure({
  name: 'worktree.pooled.10k',
  unit: 'x',
  target: 1 / 5,
  against: 'git worktree add (10k files, on disk), ms',
  measure: async () => (await (both ??= measure())).made,
});
figure({
  name: 'worktree.removed.10k',
  unit: 'x',
  target: 1 / 20,
  against: 'git worktree remove (10k files, on disk), ms',
  measure: async () => (await (both ??= measure())).removed,
});
