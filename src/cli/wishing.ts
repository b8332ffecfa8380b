import type { Answer, Wish } from '../foreman/control.ts';
import type { CallIds } from '../gateway/idsOfCall.ts';
import type { Entered } from '../ports/entering.ts';
import type { BeadDraft } from '../town/bead.ts';
import type { NewAttempt } from '../town/command.ts';
import { fewestAttempts, mostAttempts } from '../town/contest.ts';
import type { BeadId } from '../town/ids.ts';
import type { Reason, ReasonCode } from '../town/reason.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import { CommandError, type CommandFailure, misused } from './commandError.ts';
import type { Reach } from './reach.ts';

/** Refusals that are something else than a no. */
const failures: Readonly<Partial<Record<ReasonCode, CommandFailure>>> = {
  no_such: 'not_found',
  not_reached: 'no_owner',
  taken_over: 'no_owner',
  invalid: 'usage',
  branch_missing: 'not_found',
};

/** What a person does next, where the reason's own sentence does not say it. */
const nextSteps: Readonly<Partial<Record<ReasonCode, string>>> = {
  no_such: '`rigs bead list` and `rigs convoy list` say what there is.',
  not_now: '`rigs bead show` or `rigs mq show` says how it stands.',
  illegal_move: '`rigs bead show` says how it stands.',
  checks_unconfirmed: 'Confirm them in VS Code, then say it again.',
  cycle: 'Take one of these dependencies away.',
  not_reached: 'Open the rig’s folder in VS Code and try again.',
  taken_over: 'Try again in a moment.',
};

/** Resolves once it is on disk. Throws `CommandError` with why not, and what to do. */
export async function wish(reach: Reach, wanted: Wish): Promise<void> {
  mustBeOk(await reach.wish(wanted));
}

export function mustBeOk(answer: Answer): void {
  if (!answer.ok) throw refusal(answer.refusal);
}

export function mustBeEntered(entered: Entered): Extract<Entered, { readonly ok: true }> {
  if (!entered.ok) throw refusal(entered.refusal);
  return entered;
}

function refusal(reason: Reason): CommandError {
  const said = sentence(reason, plainEnglish);
  const next = nextSteps[reason.code];
  return new CommandError(failures[reason.code] ?? 'refused', next === undefined ? said : `${said} ${next}`);
}

/**
 * Makes a bead, once under the id of a call however often that is said; `ids` are the call's own. Throws
 * `CommandError`.
 */
export async function makeBead(
  reach: Reach,
  ids: CallIds,
  {
    convoy,
    draft,
    tries = 0,
  }: Pick<Extract<Wish, { type: 'createBead' }>, 'convoy' | 'draft'> & {
    /** In how many seats it is tried from the start; absent: it is not. */
    readonly tries?: number;
  },
): Promise<BeadId> {
  const { state } = reach.rig;
  const isMade = (id: BeadId): boolean => state.beads[id]?.title === draft.title;
  const bead = ids.bead((id) => state.beads[id] !== undefined && !isMade(id));
  if (isMade(bead)) return bead;
  const attempts = newAttempts(attemptIds(reach, ids, bead, tries), [], draft);
  await wish(reach, {
    ...{ type: 'createBead', bead, convoy, draft },
    ...(attempts.length === 0 ? {} : { attempts }),
  });
  return bead;
}

/** Ids of attempts at a bead, the same ones however often a call is said. */
export function attemptIds(
  { rig }: Pick<Reach, 'rig'>,
  ids: CallIds,
  about: BeadId,
  count: number,
): readonly BeadId[] {
  const isOther = (one: BeadId): boolean =>
    rig.state.beads[one] !== undefined && rig.state.beads[one].attemptAt !== about;
  return Array.from({ length: count }, () => ids.bead(isOther));
}

/** The named providers first, else the one that the bead prefers, and then as dispatch finds best. */
export function newAttempts(
  beads: readonly BeadId[],
  providers: readonly string[],
  { preferredProvider }: Pick<BeadDraft, 'preferredProvider'>,
): readonly NewAttempt[] {
  return beads.map((bead, index) => ({
    bead,
    provider: providers[index] ?? (index === 0 ? preferredProvider : null),
  }));
}

/** How many attempts a flag says. Throws `CommandError` `usage`. */
export function triesOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < fewestAttempts || count > mostAttempts)
    throw misused(`A bead is tried in ${String(fewestAttempts)} to ${String(mostAttempts)} seats at once.`);
  return count;
}

/** What is answered for what nobody took yet. */
export const kept = 'Kept: no window runs the rig now. It will be taken up when one does.';
