import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Broker } from '../../../src/git/brokered.ts';
import { openGit } from '../../../src/git/openGit.ts';
import type { Git, LandingStyle, Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Measurement, figure } from '../figure.ts';
import { makeBigRepository, plainGit } from '../host/bigRepository.ts';
import { inTurns, timed } from '../ratio.ts';

const broker = new Broker({
  execPath: process.execPath,
  script: join(import.meta.dirname, '../../../src/git/broker.ts'),
  env: process.env,
});
const batch = 10;
const rounds = 3;
const at = 1_800_000_000_000;
const message = { subject: 'Land', body: '', trailers: [['Bead', 'gt-00001']] } as const;
const who = 'Rigs Bench <bench@example.invalid> 1700000000 +0000';

/** A repository of 10,000 files, ten branches of three commits on five files each, and one that conflicts. */
interface Scene {
  readonly folder: string;
  readonly root: string;
  readonly git: Git;
  readonly repository: Repository;
  /** The target, five commits ahead of where the branches began. */
  readonly trunk: CommitId;
  readonly heads: readonly CommitId[];
  readonly clashing: CommitId;
}

async function withScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs-bench-')));
  try {
    const root = join(folder, 'repository');
    await mkdir(root);
    await makeBigRepository(root);
    await plainGit(root, 'config', 'user.name', 'Rigs Bench');
    await plainGit(root, 'config', 'user.email', 'bench@example.invalid');
    await importBranches(root);
    // The target of the baseline is not checked out anywhere else; ours is not either, so that both only move a ref.
    await plainGit(root, 'checkout', '--quiet', '--detach');
    await plainGit(root, 'worktree', 'add', '--quiet', '--detach', join(folder, 'queue'), 'trunk');
    // As a window has it: git is started by a small process, and the configuration is not of this very moment.
    const git = openGit({ start: broker.start });
    await wait(2_700);
    const repository = await git.describe(root);
    const tipOf = async (branch: string): Promise<CommitId> => {
      const tip = await git.tip(repository, branch);
      if (tip === null) throw new Error(`no branch ${branch}`);
      return tip.commit;
    };
    const heads = await Promise.all(Array.from({ length: batch }, (_, n) => tipOf(`work${String(n)}`)));
    const [trunk, clashing] = [await tipOf('trunk'), await tipOf('clash')];
    return await work({ folder, root, git, repository, trunk, heads, clashing });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function importBranches(root: string): Promise<void> {
  let stream = '';
  const commits = (ref: string, count: number, text: (commit: number, file: number) => string): void => {
    for (let commit = 0; commit < count; commit += 1) {
      const from = commit === 0 ? 'from refs/heads/main^0\n' : '';
      stream += `commit refs/heads/${ref}\ncommitter ${who}\ndata 1\nx\n${from}`;
      for (let file = 0; file < 5; file += 1) stream += text(commit, file);
    }
  };
  const put = (directory: number, file: number, words: string): string =>
    `M 100644 inline src/part${String(directory)}/file${String(file)}.txt\ndata ${String(words.length)}\n${words}\n`;
  for (let n = 0; n < batch; n += 1)
    commits(`work${String(n)}`, 3, (commit, file) => put(n * 5 + file, commit, `work ${String(n)}\n`));
  commits('trunk', 5, (commit, file) => put(80 + file, commit, 'trunk\n'));
  // One file of the target's, in its first commit; a rebase stops there, and all else is its own.
  commits('clash', 3, (commit, file) => put(commit + file === 0 ? 80 : 90 + file, commit, 'clash\n'));
  const importing = promisify(execFile)('git', ['fast-import', '--quiet'], { cwd: root });
  importing.child.stdin?.end(stream);
  await importing;
}

/** What a queue with a worktree of its own does with a branch. */
async function landPlainly({ folder, heads, trunk }: Scene): Promise<void> {
  const queue = join(folder, 'queue');
  const target = 'trunk-plain';
  await plainGit(queue, 'branch', '--force', target, trunk);
  for (const head of heads) {
    await plainGit(queue, 'checkout', '--quiet', '--detach', head);
    await plainGit(queue, 'rebase', '--quiet', target);
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: queue });
    await plainGit(queue, 'checkout', '--quiet', target);
    await plainGit(queue, 'merge', '--quiet', '--ff-only', stdout.trim());
  }
  await plainGit(queue, 'checkout', '--quiet', '--detach');
}

async function landInMemory(scene: Scene, style: LandingStyle, turn: number): Promise<void> {
  const { git, repository, heads, trunk } = scene;
  let onto = trunk;
  for (const head of heads) {
    // Another instant each turn: commits that are there already cost less to make.
    const merged = await git.mergeOnto(repository, onto, { head, style, message, at: at + turn * 1000 });
    if (!merged.ok) throw new Error(`conflicts in ${merged.files.join(', ')}`);
    onto = merged.commit;
  }
  const landed = await git.land(repository, 'trunk', trunk, onto);
  if (!landed.ok) throw new Error('the target moved');
}

async function costOf(style: LandingStyle): Promise<Measurement> {
  return withScene(async (scene) => {
    let turn = 0;
    const subject = async (): Promise<number> => {
      const ms = await timed(() => landInMemory(scene, style, (turn += 1)));
      await plainGit(scene.root, 'update-ref', 'refs/heads/trunk', scene.trunk);
      return ms / batch;
    };
    const baseline = async (): Promise<number> => (await timed(() => landPlainly(scene))) / batch;
    return ratioOf(await inTurns({ subject, baseline, warmUp: 0, rounds }));
  });
}

async function checkOf(pairs: number): Promise<Measurement> {
  return withScene(async (scene) => {
    const { git, repository, folder, trunk, clashing, heads } = scene;
    const queue = join(folder, 'queue');
    const list = Array.from({ length: pairs }, (_, n) =>
      n === 0
        ? ([trunk, clashing] as const)
        : ([heads[n % batch] ?? trunk, n < batch ? trunk : clashing] as const),
    );
    const subject = async (): Promise<number> => {
      const ms = await timed(async () => {
        const found = await git.foresee(repository, list);
        if (found[0]?.length === 0) throw new Error('no conflict was seen');
      });
      return ms / pairs;
    };
    const baseline = async (): Promise<number> => {
      await plainGit(queue, 'checkout', '--quiet', '--detach', clashing);
      return timed(async () => {
        const conflicted = await plainGit(queue, 'rebase', '--quiet', 'trunk').then(
          () => false,
          () => true,
        );
        if (!conflicted) throw new Error('the baseline did not conflict');
        await plainGit(queue, 'rebase', '--abort');
      });
    };
    return ratioOf(await inTurns({ subject, baseline, warmUp: 2, rounds: 11 }));
  });
}

function ratioOf({ subjectMs, baselineMs, runs }: Awaited<ReturnType<typeof inTurns>>): Measurement {
  return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
}

const plainly = 'checkout + rebase + fast-forward in a worktree (10k files), ms a branch';
const styles: readonly (readonly [string, LandingStyle, number | null])[] = [
  ['mq.git.10k', 'merge', 1 / 3],
  ['mq.git.10k.squash', 'squash', null],
  ['mq.git.10k.rebase', 'rebase', null],
];
for (const [name, style, target] of styles)
  figure({ name, unit: 'x', target, against: plainly, measure: () => costOf(style) });

// As the queue asks: a request with the target and with all others, in one process. Alone, its start is most of it.
figure({
  name: 'mq.conflictCheck.10k',
  unit: 'x',
  target: 1 / 20,
  against: 'each pair of 20; git rebase that conflicts + abort (10k files), ms',
  measure: () => checkOf(20),
});
figure({
  name: 'mq.conflictCheck.alone',
  unit: 'x',
  target: null,
  against: 'one pair; the same, ms',
  measure: () => checkOf(1),
});
