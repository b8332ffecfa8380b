import type { Control } from '../../foreman/control.ts';
import { type Git, GitError } from '../../ports/git.ts';
import { type Reason, reason } from '../../town/reason.ts';

export interface FollowTargetParts {
  readonly git: Pick<Git, 'tip'>;
  readonly control: Pick<Control, 'repository' | 'state' | 'wish'>;
  /** What the setting names; null: nothing, and the rig keeps the target it has. */
  readonly target: () => string | null;
  /** The rig keeps the target it has, because of this. */
  readonly refused: (why: Reason) => void;
}

/** Makes the branch that the setting names the rig's target, if there is such a branch. */
export async function followTarget({ git, control, target, refused }: FollowTargetParts): Promise<void> {
  const wanted = target();
  if (wanted === null || wanted === control.state.rig?.target) return;
  if (!(await exists(git, control, wanted))) {
    refused(reason('target_missing', { target: wanted }));
    return;
  }
  const answer = await control.wish({ type: 'setTarget', target: wanted });
  if (!answer.ok) refused(answer.refusal);
}

/** A person may type anything into a setting; what cannot be a branch's name is no branch. */
async function exists(
  git: Pick<Git, 'tip'>,
  { repository }: Pick<Control, 'repository'>,
  branch: string,
): Promise<boolean> {
  try {
    return (await git.tip(repository, branch)) !== null;
  } catch (error) {
    if (GitError.is(error) && error.reason === 'bad_name') return false;
    throw error;
  }
}
