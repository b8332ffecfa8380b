import { StoreError } from '../../ports/store.ts';
import type { Bead } from '../../town/bead.ts';
import type { OpenRig } from '../subject.ts';

/** A bead that left the state of its rig. */
export interface Archived {
  readonly rig: OpenRig;
  readonly bead: Bead;
}

/** What could not be read: a whole archive, or lines of one of its files. */
export type ArchiveProblem =
  | { readonly kind: 'unreadable'; readonly rig: OpenRig; readonly message: string }
  | { readonly kind: 'damaged'; readonly rig: OpenRig; readonly path: string; readonly lines: number };

export interface ArchiveAnswer {
  /** Those that ended last come first. */
  readonly found: readonly Archived[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
  readonly problems: readonly ArchiveProblem[];
}

/** Looks through the archives of all rigs. One that cannot be read keeps no other from being searched. */
export async function searchArchives(
  rigs: readonly OpenRig[],
  text: string,
  limit: number,
): Promise<ArchiveAnswer> {
  const answers = await Promise.all(rigs.map((rig) => searchOne(rig, text, limit)));
  const found = answers
    .flatMap((one) => one.found)
    .sort((a, b) => (b.bead.endedAt ?? 0) - (a.bead.endedAt ?? 0));
  return {
    found: found.slice(0, limit),
    more: found.length > limit,
    problems: answers.flatMap((one) => one.problems),
  };
}

async function searchOne(
  rig: OpenRig,
  text: string,
  limit: number,
): Promise<Pick<ArchiveAnswer, 'found' | 'problems'>> {
  const problems: ArchiveProblem[] = [];
  try {
    const beads = await rig.control.store.archive.beads({ text, limit: limit + 1 }, (path, lines) => {
      problems.push({ kind: 'damaged', rig, path, lines });
    });
    return { found: beads.map((bead) => ({ rig, bead })), problems };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { found: [], problems: [{ kind: 'unreadable', rig, message: error.message }] };
  }
}
