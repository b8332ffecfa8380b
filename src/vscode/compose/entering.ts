import type { Entering } from '../../cli/reach.ts';
import type { Control } from '../../foreman/control.ts';
import { type Entrance, enterBranch } from '../../foreman/enterBranch.ts';
import { revertLanding } from '../../foreman/revertLanding.ts';
import type { Repository } from '../../ports/git.ts';
import { systemClock } from '../../system/clock.ts';

/** Branches and landings of a rig that this window owns, by its own git. */
export function entering({
  git,
  repository,
  foreman: control,
}: {
  readonly git: Entrance['git'];
  readonly repository: Repository;
  readonly foreman: Pick<Control, 'state' | 'wish'>;
}): Entering {
  const entrance = { git, repository, clock: systemClock, control };
  return {
    enter: (wanted) => enterBranch(entrance, wanted),
    revert: (wanted) => revertLanding(entrance, wanted),
  };
}
