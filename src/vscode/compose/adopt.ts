import path from 'node:path';
import type { Control } from '../../foreman/control.ts';
import { type Git, GitError, type Repository } from '../../ports/git.ts';
import type { RigId } from '../../town/ids.ts';
import { sentence } from '../../words/reasons.ts';
import { plainEnglish } from '../../words/translate.ts';
import type { RigSettings } from './rigSettings.ts';

interface AdoptParts {
  readonly git: Git;
  readonly repository: Repository;
  readonly settings: Pick<RigSettings, 'target'>;
}

/** Makes a repository a rig, at its first opening. */
export async function adopt(parts: AdoptParts, control: Pick<Control, 'wish'>, id: RigId): Promise<void> {
  const { git, repository } = parts;
  const target = await firstTarget(parts);
  // Whoever adds a rig takes its configuration as it stands; what an agent writes into it later is another matter.
  await git.approvePrograms(repository, await git.localPrograms(repository));
  const { commonDir, root } = repository;
  const answer = await control.wish({ type: 'adoptRig', id, name: path.basename(root), commonDir, target });
  if (!answer.ok) throw new Error(sentence(answer.refusal, plainEnglish));
}

/** Throws GitError `no_target`: work must know where to land before there is any. */
async function firstTarget({ git, repository, settings }: AdoptParts): Promise<string> {
  const target = settings.target() ?? repository.branch;
  if (target === null)
    throw new GitError('no_target', `${repository.root} has no branch checked out (detached HEAD).`);
  if ((await git.tip(repository, target)) === null)
    throw new GitError('no_target', `${repository.root} has no branch ${target}.`);
  return target;
}
