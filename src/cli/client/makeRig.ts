import { homedir } from 'node:os';
import path from 'node:path';
import { makeRepository } from '../../git/makeRepository.ts';
import { GitError } from '../../ports/git.ts';
import { StoreError } from '../../ports/store.ts';
import { existingHome, homeOf } from '../../store/home.ts';
import { systemClock } from '../../system/clock.ts';
import { realFiles } from '../../system/realFiles.ts';
import { plain } from '../../words/plain.ts';
import { notFound, refused } from '../commandError.ts';
import { gitFlag } from '../commands/init.ts';
import { findRepository } from '../findHome.ts';
import type { Given } from '../verb.ts';

/** Where the first seed keeps it. */
const usualFolder = '.rigs';

/** `rigs init`: the memory of the current repository, made when it has none. Every window follows it from then on. */
export async function makeRig(given: Given, cwd: string): Promise<string> {
  const ready = given.is(gitFlag.name) ? await repositoryIn(cwd) : '';
  const commonDir = await findRepository(cwd);
  if (commonDir === null)
    throw notFound(`${plain(cwd, 300)} is in no git repository. \`rigs init --git\` makes it one.`);
  const named = given.maybe('folder');
  const storageRoot = named === null ? path.join(homedir(), usualFolder) : path.resolve(cwd, named);
  try {
    const found = await existingHome(commonDir, realFiles);
    const had = found.kind === 'own';
    const { folder } = had ? found : await homeOf({ commonDir, storageRoot, clock: systemClock });
    const said = had ? 'The rig has its memory already' : 'The rig’s memory is made';
    return `${said}: ${plain(folder, 300)}. Its journal keeps every change. Open the repository in VS Code to work with it.${ready}`;
  } catch (error) {
    if (error instanceof StoreError) throw refused(error.message);
    throw error;
  }
}

async function repositoryIn(cwd: string): Promise<string> {
  try {
    const born = await makeRepository(cwd);
    return born ? '' : ' It has no commit yet, which agents start from: git add -A, then git commit.';
  } catch (error) {
    if (GitError.is(error)) throw refused(`${error.message} ${plain(error.detail, 300)}`);
    throw error;
  }
}
