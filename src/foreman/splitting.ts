import { createHash } from 'node:crypto';
import type { SplitDraft } from '../ports/desk.ts';
import type { Bead, BeadDraft } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';

/** The bead's id follows from what was said, so that said again it is the same bead. */
export function splitId(said: string, nth: number): BeadId {
  const drawn =
    createHash('sha256')
      .update(`${said}\n${String(nth)}`)
      .digest()
      .readUIntBE(0, 6) %
    36 ** 5;
  return `gt-${drawn.toString(36).padStart(5, '0')}` as BeadId;
}

/** What an agent worded, beside its own bead and no more urgent than that. */
export function splitDraft(own: Bead, { title, description, criteria }: SplitDraft): BeadDraft {
  return {
    title,
    description,
    type: own.type,
    priority: own.priority,
    criteria,
    dependencies: [],
    touches: [],
    labels: [],
    estimate: null,
    preferredProvider: null,
    source: { kind: 'agent', bead: own.id },
  };
}
