import type { Control } from '../../foreman/control.ts';
import { type Entrance, enterBranch } from '../../foreman/enterBranch.ts';
import { revertLanding } from '../../foreman/revertLanding.ts';
import type { Entering } from '../../ports/entering.ts';
import { systemClock } from '../../system/clock.ts';
import { checksToConfirm } from './checksToConfirm.ts';
import type { OpenRigParts } from './rigParts.ts';

/** Branches and landings of a rig that this window owns, by its own git. */
export function entering(
  parts: Pick<OpenRigParts, 'repository' | 'settings'> & { readonly git: Entrance['git'] },
  control: Pick<Control, 'state' | 'wish'>,
): Entering {
  const { git, repository } = parts;
  const proposeChecks = async (): Promise<void> => {
    await control.wish(await checksToConfirm(parts));
  };
  const entrance = { git, repository, clock: systemClock, control, proposeChecks };
  return {
    enter: (wanted) => enterBranch(entrance, wanted),
    revert: (wanted) => revertLanding(entrance, wanted),
  };
}
