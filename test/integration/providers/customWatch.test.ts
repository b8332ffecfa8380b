import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { newestChange } from '../../../src/providers/custom/newestChange.ts';

const git = promisify(execFile);

describe("A sign of life of a person's own agent", () => {
  let folder: string;
  let worktree: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs watch '));
    worktree = path.join(folder, 'wt');
    const repository = path.join(folder, 'repo');
    await mkdir(repository);
    const run = (...args: readonly string[]) => git('git', [...args], { cwd: repository });
    await run('init', '-q');
    const person = ['-c', 'user.name=p', '-c', 'user.email=p@example.invalid'];
    await run(...person, 'commit', '-q', '--allow-empty', '-m', 'Begin');
    await run('worktree', 'add', '-q', worktree);
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** The disk's clock may stand for some milliseconds. */
  async function laterThan(instant: number): Promise<void> {
    const probe = path.join(folder, 'probe');
    const end = Date.now() + 5_000;
    do await writeFile(probe, '');
    while ((await stat(probe)).ctimeMs <= instant && Date.now() < end);
  }

  const changes: readonly (readonly [what: string, change: () => Promise<unknown>])[] = [
    ['a file at the top', () => writeFile(path.join(worktree, 'a.txt'), 'x')],
    [
      'a file below, dated as it likes',
      async () => {
        const file = path.join(worktree, 'src/deep/a.txt');
        await writeFile(file, 'x');
        await utimes(file, 1, 1);
      },
    ],
    ['what git keeps of the worktree', () => git('git', ['add', 'b.txt'], { cwd: worktree })],
  ];
  for (const [what, change] of changes) {
    it(`is a change of ${what}`, async () => {
      await mkdir(path.join(worktree, 'src/deep'), { recursive: true });
      await writeFile(path.join(worktree, 'src/deep/a.txt'), '');
      await writeFile(path.join(worktree, 'b.txt'), '');
      const before = await newestChange(worktree);
      assert.equal(await newestChange(worktree), before);
      await laterThan(before);
      await change();
      assert.ok((await newestChange(worktree)) > before);
    });
  }

  it('is looked for where an agent put a pipe in the place of what git keeps', async () => {
    await rm(path.join(worktree, '.git'));
    await git('mkfifo', [path.join(worktree, '.git')]);
    assert.ok((await newestChange(worktree)) > 0);
  });

  it('is none where nothing is to be seen', async () => {
    assert.equal(await newestChange(path.join(folder, 'gone')), 0);
  });
});
