import type { BeadId } from '../town/ids.ts';
import { openPull } from '../town/offer.ts';
import type { RigState } from '../town/state.ts';
import { stillOpen } from './offerReasons.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

/** What stays open at the forge when a bead, or its request, is taken out here; empty: nothing. */
export function openPullLines(
  { requests }: Pick<RigState, 'requests'>,
  bead: BeadId,
  translate: Translate,
): readonly string[] {
  return Object.values(requests).flatMap((request) => {
    const url = request.bead === bead ? openPull(request) : null;
    return url === null ? [] : [stillOpen(plain(url, 400), translate)];
  });
}
