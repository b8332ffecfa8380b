import type { Control } from '../foreman/control.ts';
import { type Caller, DeskError, type Intake } from '../ports/desk.ts';
import type { BeadId } from '../town/ids.ts';
import type { RigState } from '../town/state.ts';
import type { ReasonCode } from '../town/reason.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import { idsOfCall } from './idsOfCall.ts';
import type { KeptCall } from './outbox.ts';
import type { Agent } from './tokens.ts';
import type { Speaker } from './verbs.ts';

/** Says what was kept. Decides before it first waits. Throws `DeskError` when it is refused. */
export type Say = () => Promise<void>;

/** When calls were said that were kept and taken before, by their ids. */
export type SaidAt = ReadonlyMap<string, number>;

export interface Listeners {
  readonly desk: Intake;
  /** Where a person's own words go. */
  readonly control: Pick<Control, 'state' | 'wish'>;
}

type Create = Extract<KeptCall, { verb: 'create' }>;

/** Gets a kept call ready; who sealed it is known already. Throws `DeskError`. */
export async function prepareToSay(
  listeners: Listeners,
  speaker: Speaker,
  kept: KeptCall,
  before: SaidAt,
): Promise<Say> {
  if (kept.verb === 'create') {
    if (speaker !== 'person') throw new DeskError('invalid', 'Only a person may say this.');
    return () => createOnce(listeners.control, kept);
  }
  if (speaker === 'person') throw new DeskError('invalid', 'Only an agent may say this.');
  if (isOvertaken(listeners.control.state, speaker, kept, before)) return () => Promise.resolve();
  return sayOf(listeners.desk, { polecat: speaker.polecat, token: speaker.token }, kept);
}

/** A checkpoint replaces the last one, and this agent has said a newer one since. */
function isOvertaken({ polecats }: RigState, { polecat }: Agent, kept: KeptCall, before: SaidAt): boolean {
  if (kept.verb !== 'note' || kept.body.kind !== 'checkpoint') return false;
  const newest = polecats[polecat]?.notes.findLast(({ kind }) => kind === 'checkpoint');
  return newest !== undefined && (before.get(newest.id) ?? newest.at) > kept.at;
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
  const bead = idsOfCall(id).bead((one) => state.beads[one] !== undefined && !made(one));
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
