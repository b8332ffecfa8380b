import type { RigState } from '../../town/state.ts';
import type { Reason } from '../../town/reason.ts';
import type { Translate } from '../../words/translate.ts';
import { type OpenRig, rigKey } from '../subject.ts';
import type { RigHandle } from '../town.ts';
import type { TownAgents } from '../townAgents.ts';

/** What the trees are made from. */
export interface View {
  readonly rigs: readonly RigHandle[];
  readonly t: Translate;
  readonly sentence: (reason: Reason) => string;
  /** An instant as people read it. */
  readonly clock: (at: number) => string;
  readonly now: number;
  readonly agents: Pick<TownAgents, 'runners' | 'launchedMode'>;
}

/** One open rig within a view. */
export interface RigView extends View {
  readonly rig: OpenRig;
  readonly key: string;
  readonly state: RigState;
  /** Empty in a town of one rig, where naming it says nothing. */
  readonly where: string;
}

export function rigViews(view: View): readonly RigView[] {
  return openOf(view).map((rig) => rigViewOf(view, rig));
}

export function rigViewOf(view: View, rig: OpenRig): RigView {
  const where = openOf(view).length > 1 ? rig.name : '';
  return { ...view, rig, key: rigKey(rig), state: rig.control.state, where };
}

function openOf({ rigs }: View): readonly OpenRig[] {
  return rigs.filter((rig) => rig.kind === 'open');
}

/** The parts that are not empty, as a row's grey text. */
export function described(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ');
}
