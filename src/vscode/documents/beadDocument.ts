import { type Archive, StoreError } from '../../ports/store.ts';
import type { Bead } from '../../town/bead.ts';
import type { BeadId } from '../../town/ids.ts';
import { type RigView, type View, rigViews } from '../trees/view.ts';
import type { BeadSubject } from './beadUri.ts';
import { archivedText, beadText } from './beadText.ts';
import type { Books } from './effort.ts';

export interface BeadDocument {
  readonly text: string;
  /** Read from the archive, where nothing changes any more: only a bead of the state is worth another look. */
  readonly settled: boolean;
}

/** The rig of a bead, and the bead when it is in the rig's state. */
export function findBead(
  view: View,
  subject: BeadSubject | null,
): { readonly rig: RigView | null; readonly bead: Bead | null } {
  const rig = rigViews(view).find((one) => one.key === subject?.rig) ?? null;
  const bead = subject === null ? undefined : rig?.state.beads[subject.bead];
  return { rig, bead: bead ?? null };
}

/** What is known of a bead: from the state of its rig, else from the archive. */
export async function beadDocument(
  view: View,
  subject: BeadSubject | null,
  books: () => Promise<Books>,
): Promise<BeadDocument> {
  const { t } = view;
  const { rig, bead } = findBead(view, subject);
  if (rig === null || subject === null) return { text: unknown(view), settled: false };
  if (bead !== null) return { text: beadText(rig, bead, await books()), settled: false };
  try {
    return { text: (await fromArchive(rig, subject.bead, books)) ?? unknown(view), settled: true };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const facts = { rig: rig.rig.name, message: error.message };
    const text = t('The archive of {rig}, where this bead may be, cannot be read. {message}', facts);
    return { text, settled: false };
  }
}

/** Null when it is not there. Throws StoreError. */
async function fromArchive(rig: RigView, id: BeadId, books: () => Promise<Books>): Promise<string | null> {
  const { archive } = rig.rig.control.store;
  const files: string[] = [];
  const archived = await archive.bead(id, (path) => files.push(path));
  if (archived !== null) {
    const others = await waitedFor(archive, rig, archived.bead);
    return archivedText(rig, archived, others, await books());
  }
  if (files.length === 0) return null;
  return rig.t('This bead may be in the archive of {rig}, on a damaged line of {path}.', {
    rig: rig.rig.name,
    path: files.join(', '),
  });
}

/** A convoy leaves as a whole, so what its beads waited for is mostly in the archive too. */
async function waitedFor(archive: Archive, rig: RigView, bead: Bead): Promise<readonly Bead[]> {
  const gone = bead.dependencies.filter((id) => rig.state.beads[id] === undefined);
  const found = await Promise.all(gone.map((id) => archive.bead(id)));
  return found.flatMap((one) => one?.bead ?? []);
}

function unknown({ t }: View): string {
  return t('This bead is not known in any rig that is open here.');
}
