import { type Bead, type BeadStatus, typesWithoutDiff } from '../bead.ts';
import type { Command } from '../command.ts';
import type { Polecat } from '../polecat.ts';
import type { ReasonCode } from '../reason.ts';
import { contends, enterQueue } from './contest.ts';
import { owedReminder } from '../review.ts';
import { type Draft, type Refusal, late, refused } from './draft.ts';

/** How often an agent is told what is missing before a person is. */
export const maxReminders = 2;

/** What a bead may be once its agent called it done. */
const afterClaim: readonly BeadStatus[] = ['reviewing', 'contending', 'merging', 'completed'];

/** An agent calls its bead done; whether it is shows in what it committed. */
export function claimDone(draft: Draft, polecat: Polecat, claim: string): Refusal | null {
  const status = draft.state.beads[polecat.bead]?.status;
  if (polecat.claim === claim) return null; // its answer got lost
  if (polecat.session === null) return late(polecat.id, polecat.token);
  if (status !== undefined && afterClaim.includes(status)) return null; // said before
  const { id, token } = polecat;
  draft.emit({ type: 'session.claimed', polecat: id, token, claim, at: draft.at });
  if (status === 'assigned') {
    const moved = draft.move(polecat.bead, 'in_progress');
    if (moved !== null) return moved;
  }
  if (remindOfReview(draft, polecat)) return null;
  const moved = draft.move(polecat.bead, 'reviewing');
  if (moved === null) standBy(draft, polecat);
  return moved;
}

/** Once for each review. Nobody need say how it goes on: the agent is at work, and its next done counts. */
function remindOfReview(draft: Draft, polecat: Polecat): boolean {
  const bead = draft.state.beads[polecat.bead];
  const reminder = bead === undefined ? null : owedReminder(bead);
  if (bead === undefined || reminder === null) return false;
  const { threads, why } = reminder;
  draft.emit({ type: 'review.reminded', bead: bead.id, threads, reason: why, at: draft.at });
  const asked = draft.openStuck(bead.id);
  if (asked !== undefined) draft.answer(asked.id, 'dismiss');
  return true;
}

/** While a claim is looked at, no further session is promised and nobody need say how it goes on. */
export function standBy(draft: Draft, polecat: Polecat): void {
  if (polecat.wants !== null) draft.emit({ type: 'polecat.rested', polecat: polecat.id, at: draft.at });
  const asked = draft.openStuck(polecat.bead);
  if (asked !== undefined) draft.answer(asked.id, 'dismiss');
}

export function evidenceFound(
  draft: Draft,
  polecat: Polecat,
  command: Extract<Command, { type: 'evidenceFound' }>,
): Refusal | null {
  const bead = draft.state.beads[polecat.bead];
  if (bead?.status !== 'reviewing') return late(polecat.id, command.token);
  const { request, rule } = command;
  const evidence = rule === undefined ? command.evidence : { ...command.evidence, rule };
  draft.emit({ type: 'bead.evidenced', bead: bead.id, evidence, at: draft.at });
  if (evidence.commit === null) {
    // A statement completes by itself only where the type promises no diff.
    if (!typesWithoutDiff.includes(bead.type)) return refused('nothing_committed', { bead: bead.id });
    return draft.move(bead.id, contends(draft, bead) ? 'contending' : 'completed');
  }
  if (contends(draft, bead)) return draft.move(bead.id, 'contending');
  return enterQueue(draft, bead, { ...evidence, commit: evidence.commit }, request);
}

/** An agent that is told of these once more can do nothing about them. */
const forPerson: readonly ReasonCode[] = ['inspector_fails', 'inspector_silent'];

/** What its inspector said nothing of: its agent has nothing to do about it. */
export function isUninspected({ status, reason }: Bead): boolean {
  return status === 'in_progress' && reason?.code === 'inspector_silent';
}

/** A person has it proven again; not while somebody's merge stands half done in its worktree. */
export function inspectAgain(draft: Draft, { id, status }: Bead): Refusal | null {
  if (draft.polecatOf(id)?.resolving !== undefined) return refused('not_now', { bead: id, status });
  return draft.move(id, 'reviewing');
}

export function evidenceMissing(
  draft: Draft,
  polecat: Polecat,
  command: Extract<Command, { type: 'evidenceMissing' }>,
): Refusal | null {
  const bead = draft.state.beads[polecat.bead];
  if (bead?.status !== 'reviewing') return late(polecat.id, command.token);
  if (command.inspected !== undefined)
    draft.emit({ type: 'bead.inspected', bead: bead.id, ...command.inspected, at: draft.at });
  const moved = draft.move(bead.id, 'in_progress', command.reason);
  if (moved !== null) return moved;
  const session = draft.state.polecats[polecat.id]?.session ?? null;
  if (bead.reminders >= maxReminders || forPerson.includes(command.reason.code)) {
    draft.raiseStuck(command.ask, polecat, command.reason);
    if (session === null) draft.emit({ type: 'polecat.rested', polecat: polecat.id, at: draft.at });
    return null;
  }
  draft.emit({ type: 'bead.reminded', bead: bead.id, reason: command.reason, at: draft.at });
  if (session === null) draft.want(polecat.id, 'remind', command.reason);
  return null;
}
