import type { BeadDraft, BeadStatus } from '../../src/town/bead.ts';
import { type BeadId, type RigId, parseBeadId } from '../../src/town/ids.ts';
import type { TownEvent } from '../../src/town/state.ts';

/** The rig that tests adopt. */
export const rigId = 'rigofthetests' as RigId;

/** The bead id of a running number. */
export function beadIdOf(number: number): BeadId {
  const id = parseBeadId(`gt-${number.toString(36).padStart(5, '0')}`);
  if (id === null) throw new Error(`${String(number)} is too large for a bead id`);
  return id;
}

/** A draft that says nothing yet. */
export const emptyDraft: BeadDraft = {
  title: '',
  description: '',
  type: 'implementation',
  priority: 'normal',
  criteria: [],
  dependencies: [],
  touches: [],
  labels: [],
  estimate: null,
  preferredProvider: null,
  source: { kind: 'goal' },
};

export const plainDraft: BeadDraft = {
  title: 'Parse durations',
  description:
    'Durations such as 1h30m are parsed, and what is no duration is refused with a sentence. '.repeat(4),
  type: 'implementation',
  priority: 'normal',
  criteria: ['1h30m is 5,400,000 ms', 'an empty text is refused'],
  dependencies: [],
  touches: ['src/duration.ts'],
  labels: [],
  estimate: 40_000,
  preferredProvider: null,
  source: { kind: 'goal' },
};

export function beadCreated(bead: BeadId, draft: Partial<BeadDraft> = {}, at = 0): TownEvent {
  return { type: 'bead.created', bead, convoy: null, draft: { ...plainDraft, ...draft }, at };
}

export function beadMoved(bead: BeadId, to: BeadStatus, at = 0): TownEvent {
  return { type: 'bead.moved', bead, to, reason: null, at };
}
