import { type BeadStatus, isOpen } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';
import type { RigState } from '../town/state.ts';

/** proving: what a person made is on its way · gone: there is no such merge, and nothing came of it. */
export type ResolvingEnd = 'open' | 'proving' | 'gone' | 'under_way';

const onItsWay: readonly BeadStatus[] = ['reviewing', 'contending', 'merging', 'completed'];

/** What became of a merge that a person had begun or finished. */
export function resolvingEnd({ beads, polecats }: RigState, id: BeadId): ResolvingEnd {
  const bead = beads[id];
  if (bead === undefined || bead.polecat === null) return 'gone';
  if (onItsWay.includes(bead.status)) return 'proving';
  const resolving = polecats[bead.polecat]?.resolving;
  if (resolving === undefined || !isOpen(bead.status)) return 'gone';
  return resolving.step === 'open' ? 'open' : 'under_way';
}
