import { createHash } from 'node:crypto';
import type { Control } from '../foreman/control.ts';
import { idsFrom } from '../foreman/systemIds.ts';
import { type Caller, DeskError, type Intake } from '../ports/desk.ts';
import type { BeadId } from '../town/ids.ts';
import type { ReasonCode } from '../town/reason.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import type { KeptCall } from './outbox.ts';
import type { Speaker } from './verbs.ts';

/** Says what was kept. Decides before it first waits. Throws `DeskError` when it is refused. */
export type Say = () => Promise<void>;

export interface Listeners {
  readonly desk: Intake;
  /** Where a person's own words go. */
  readonly control: Pick<Control, 'state' | 'wish'>;
}

type Create = Extract<KeptCall, { verb: 'create' }>;

/** Gets a kept call ready; who sealed it is known already. Throws `DeskError`. */
export async function prepareToSay(listeners: Listeners, speaker: Speaker, kept: KeptCall): Promise<Say> {
  if (kept.verb === 'create') {
    if (speaker !== 'person') throw new DeskError('invalid', 'Only a person may say this.');
    return () => createOnce(listeners.control, kept);
  }
  if (speaker === 'person') throw new DeskError('invalid', 'Only an agent may say this.');
  return sayOf(listeners.desk, { polecat: speaker.polecat, token: speaker.token }, kept);
}

async function sayOf(desk: Intake, caller: Caller, kept: Exclude<KeptCall, Create>): Promise<Say> {
  switch (kept.verb) {
    case 'done':
      return desk.prepareDone(caller, kept.body.summary, kept.body.id);
    case 'usage':
      return () => desk.usage(caller, kept.body.usage);
    case 'note':
      return () => desk.note(caller, kept.body);
    case 'handOff':
      return () => desk.handOff(caller, { ...kept.body, kind: 'checkpoint' });
    case 'split':
      return async () => {
        await desk.split(caller, kept.body.id, kept.body.drafts);
      };
  }
}

async function createOnce(control: Listeners['control'], kept: Create): Promise<void> {
  const { id, draft } = kept.body;
  const { state } = control;
  const made = (bead: BeadId): boolean => {
    const there = state.beads[bead];
    return there !== undefined && (there.title === draft.title || there.createdAt >= kept.at);
  };
  const bead = beadFor(id, (one) => state.beads[one] !== undefined && !made(one));
  if (made(bead)) return;
  const answer = await control.wish({ type: 'createBead', bead, convoy: null, draft });
  if (answer.ok) return;
  const { refusal } = answer;
  throw new DeskError(
    notNow.includes(refusal.code) ? 'unavailable' : 'invalid',
    sentence(refusal, plainEnglish),
  );
}

/** Refused because nothing can be written: said again, to this owner or the next, it may be taken. */
const notNow: readonly ReasonCode[] = ['store_read_only', 'taken_over'];

/** The bead that a call is about: the same for the same id, as long as the same ids are others'. */
function beadFor(call: string, others: (id: BeadId) => boolean): BeadId {
  let draws = 0;
  const below = (bound: number): number => {
    draws += 1;
    const digest = createHash('sha256')
      .update(`rigs bead\n${call}\n${String(draws)}`)
      .digest();
    return digest.readUInt32BE(0) % bound;
  };
  return idsFrom(below, () => '').bead(others);
}
