import { equal } from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonDirOf, hasUnfinishedWork } from '../../../src/vscode/loading/gitPlaces.ts';

describe('The first look at a folder', () => {
  let top = '';

  beforeEach(async () => {
    top = await realpath(await mkdtemp(join(tmpdir(), 'rg-')));
  });
  afterEach(() => rm(top, { recursive: true }));

  const repository = async (): Promise<string> => {
    const gitDir = join(top, 'repo "ä 🛢"', '.git');
    await mkdir(join(gitDir, 'worktrees', 'nux'), { recursive: true });
    await writeFile(join(gitDir, 'worktrees', 'nux', 'commondir'), '../..\n');
    return gitDir;
  };

  it('finds the repository from any folder in it', async () => {
    const gitDir = await repository();
    const deep = join(gitDir, '..', 'src', 'a');
    await mkdir(deep, { recursive: true });
    equal(await commonDirOf(deep), gitDir);
  });

  it('finds the same repository from a worktree of it', async () => {
    const gitDir = await repository();
    const worktree = join(top, 'nux');
    await mkdir(worktree);
    await writeFile(join(worktree, '.git'), `gitdir: ${join(gitDir, 'worktrees', 'nux')}\n`);
    equal(await commonDirOf(worktree), gitDir);
  });

  it('finds none where none is, nor in a folder that is gone', async () => {
    equal(await commonDirOf(join(top, 'gone')), null);
  });

  it('sees unfinished work by its marker, or what was kept for whoever opens it next', async () => {
    const gitDir = await repository();
    equal(await hasUnfinishedWork(gitDir), false, 'no rig');
    const state = join(top, 'state');
    await mkdir(state);
    await mkdir(join(gitDir, 'rigs'));
    await writeFile(join(gitDir, 'rigs', 'home.json'), JSON.stringify({ folder: state }));
    equal(await hasUnfinishedWork(gitDir), false, 'a rig at rest');
    const outbox = join(state, 'spool', 'outbox');
    await mkdir(join(outbox, 'taken'), { recursive: true });
    equal(await hasUnfinishedWork(gitDir), false, 'nothing kept for it');
    await writeFile(join(outbox, '000000000000001-x.json'), '');
    equal(await hasUnfinishedWork(gitDir), true, 'a word kept for it');
    await rm(join(outbox, '000000000000001-x.json'));
    await writeFile(join(state, 'unfinished'), '');
    equal(await hasUnfinishedWork(gitDir), true, 'a rig with work');
  });

  it('leaves a pointer that cannot be read to the store, which explains it', async () => {
    const gitDir = await repository();
    await mkdir(join(gitDir, 'rigs'));
    await writeFile(join(gitDir, 'rigs', 'home.json'), '{"folder"');
    equal(await hasUnfinishedWork(gitDir), true);
  });
});
