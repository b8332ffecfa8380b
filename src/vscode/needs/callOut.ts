import type { Need } from '../../town/needsYou.ts';
import { type CommandId, commands } from '../contract.ts';
import type { Subject } from '../subject.ts';
import { type What, idOfNeed, subjectOf, whatOf } from '../trees/needsYou.ts';
import type { RigView } from '../trees/view.ts';

/** Something that waits for a person, as a notification puts it. */
export interface Call {
  /** The same for the same thing. */
  readonly id: string;
  readonly what: What;
  readonly subject: Subject;
  readonly rig: RigView;
  readonly need: Need;
}

/** Buttons of a notification: the same actions as those of the row. */
export const buttons: Readonly<Record<What, readonly CommandId[]>> = {
  permission: [commands.allow, commands.alwaysAllow, commands.deny, commands.showRequest],
  onScreen: [commands.showTerminal],
  question: [commands.answerQuestion],
  attention: [commands.showTerminal],
  checks: [commands.confirmChecks],
  moveOn: [commands.allow, commands.deny],
  budget: [commands.allow, commands.deny],
  doubted: [commands.acceptWork, commands.sendBack, commands.giveUp],
  conflict: [commands.resolveConflict, commands.continueWith, commands.giveUp],
  resolving: [commands.resolutionDone, commands.abandonResolution],
  stuck: [commands.resumeWork, commands.continueWith, commands.giveUp],
  approval: [commands.showDiff, commands.approveLanding],
  contest: [commands.compareAttempts, commands.pickAttempt],
  red: [commands.revertLanding],
  redOther: [commands.refreshQueue],
  offer: [commands.openPullRequest, commands.retryLanding],
  queue: [commands.resumeQueue],
};

/** An agent that waits is worth interrupting a person who looks elsewhere; what is merely due is not until it is overdue. */
const calling: readonly What[] = [
  'permission',
  'onScreen',
  'question',
  'attention',
  'doubted',
  'conflict',
  'stuck',
  'queue',
];

/** A person closed the terminal and is there; what becomes of the work is asked at once. */
export function isClosedByHand({ need }: Call): boolean {
  return (
    need.kind === 'ask' &&
    need.ask.subject.kind === 'stuck' &&
    need.ask.subject.reason.code === 'terminal_closed'
  );
}

/** Whether it is to be said aloud now. Another window's agents are called out there. */
export function isCalledOut(call: Call, focused: boolean, now: number): boolean {
  if (call.rig.rig.elsewhere || call.rig.rig.control.readOnly !== null) return false;
  if (isClosedByHand(call)) return true;
  return call.need.deadline < now || (!focused && calling.includes(call.what));
}

export function callOf(rig: RigView, need: Need): Call {
  const id = idOfNeed(need);
  // Moved to its own screen, a permission is another thing to do.
  const what = whatOf(need, rig.state);
  return {
    id: `${rig.key} ${id} ${what === 'onScreen' ? what : ''}`,
    what,
    subject: subjectOf(rig, need),
    rig,
    need,
  };
}
