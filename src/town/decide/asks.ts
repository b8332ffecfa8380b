import { type AskAnswer, type AskSubject, grantOf } from '../ask.ts';
import { isOpen } from '../bead.ts';
import type { Command } from '../command.ts';
import type { AskId, BeadId } from '../ids.ts';
import { reason } from '../reason.ts';
import { leave } from './agents.ts';
import { inspectAgain, isUninspected } from './done.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type AskCommand = Extract<Command, { type: 'askPermission' | 'askQuestion' | 'leaveToScreen' | 'answerAsk' }>;

/** Which answers a subject understands. */
const answers: Readonly<Record<AskSubject['kind'], readonly AskAnswer[]>> = {
  permission: ['allow', 'always', 'deny'],
  checks: ['dismiss'],
  stuck: ['retry', 'dismiss'],
  question: ['reply', 'dismiss'],
  attention: ['dismiss'],
  moveOn: ['allow', 'deny'],
  budget: ['allow', 'deny'],
};

export function decideAsk(draft: Draft, command: AskCommand): Refusal | null {
  switch (command.type) {
    case 'askPermission':
      return askPermission(draft, command);
    case 'askQuestion':
      return askQuestion(draft, command);
    case 'leaveToScreen':
      return leaveToScreen(draft, command.ask, command.over ?? false);
    case 'answerAsk':
      return answerAsk(draft, command);
  }
}

function askQuestion(draft: Draft, command: Extract<AskCommand, { type: 'askQuestion' }>): Refusal | null {
  const { ask, polecat, token, question } = command;
  const live = draft.live(polecat, token);
  if (live === null) return refused('late_report', { polecat, token });
  if (question.trim() === '') return refused('empty', { what: 'question' });
  const status = draft.state.beads[live.bead]?.status;
  if (status === undefined || !isOpen(status))
    return refused('not_now', { bead: live.bead, status: status ?? null });
  const known = draft.state.asks[ask]?.subject;
  if (known !== undefined) {
    const again = known.kind === 'question' && known.polecat === polecat && known.question === question;
    return again ? null : refused('already_exists', { what: 'ask', id: ask });
  }
  draft.raise(ask, live.bead, { kind: 'question', polecat, token, question });
  return null;
}

function leaveToScreen(draft: Draft, id: AskId, over: boolean): Refusal | null {
  const ask = draft.state.asks[id];
  if (ask === undefined) return refused('no_such', { what: 'ask', id });
  if (ask.answer !== null || ask.subject.kind !== 'permission') return null;
  if (over) draft.answer(id, 'dismiss');
  else if (!ask.onScreen) draft.emit({ type: 'ask.onScreen', ask: id, at: draft.at });
  return null;
}

function askPermission(
  draft: Draft,
  command: Extract<AskCommand, { type: 'askPermission' }>,
): Refusal | null {
  const { ask, polecat, token, tool, detail } = command;
  const live = draft.live(polecat, token);
  if (live === null) return refused('late_report', { polecat, token });
  const known = draft.state.asks[ask];
  if (known !== undefined) {
    // Asked again after a reload; an answer counts only for the very thing that was asked.
    return sameQuestion(known.subject, command) ? null : refused('already_exists', { what: 'ask', id: ask });
  }
  const status = draft.state.beads[live.bead]?.status;
  if (status === undefined || !isOpen(status))
    return refused('not_now', { bead: live.bead, status: status ?? null });
  draft.raise(ask, live.bead, { kind: 'permission', polecat, token, tool, detail });
  if (draft.state.rig?.grants.includes(grantOf(tool, detail)) === true) draft.answer(ask, 'allow');
  return null;
}

function sameQuestion(
  subject: AskSubject,
  asked: Pick<Extract<AskCommand, { type: 'askPermission' }>, 'polecat' | 'token' | 'tool' | 'detail'>,
): boolean {
  return (
    subject.kind === 'permission' &&
    subject.polecat === asked.polecat &&
    subject.token === asked.token &&
    subject.tool === asked.tool &&
    subject.detail === asked.detail
  );
}

function answerAsk(
  draft: Draft,
  { ask: id, answer, reply }: Extract<AskCommand, { type: 'answerAsk' }>,
): Refusal | null {
  const ask = draft.state.asks[id];
  if (ask === undefined) return refused('no_such', { what: 'ask', id });
  if (ask.answer !== null) return refused('not_now', { ask: id, answer: ask.answer });
  if (!answers[ask.subject.kind].includes(answer))
    return refused('invalid', { what: 'answer', value: answer });
  // Its hook waits no more: what a person says here would reach nobody.
  if (ask.onScreen) return refused('not_now', { ask: id, answer: 'on_screen' });
  if (answer === 'reply' && (reply ?? '').trim() === '') return refused('empty', { what: 'reply' });
  draft.answer(id, answer, answer === 'reply' ? reply : undefined);
  if (answer === 'always' && ask.subject.kind === 'permission')
    grant(draft, grantOf(ask.subject.tool, ask.subject.detail));
  return ask.subject.kind === 'stuck' && ask.bead !== null ? answerStuck(draft, ask.bead, answer) : null;
}

/** Others that wait for the very same thing need not be asked about one by one. */
function grant(draft: Draft, wanted: string): void {
  if (draft.state.rig?.grants.includes(wanted) !== true)
    draft.emit({ type: 'rig.granted', grant: wanted, at: draft.at });
  for (const { id, answer, subject } of Object.values(draft.state.asks)) {
    if (answer === null && subject.kind === 'permission' && grantOf(subject.tool, subject.detail) === wanted)
      draft.answer(id, 'allow');
  }
}

function answerStuck(draft: Draft, bead: BeadId, answer: AskAnswer): Refusal | null {
  const found = draft.state.beads[bead];
  const polecat = draft.polecatOf(bead);
  if (answer === 'retry') {
    if (found !== undefined && isUninspected(found)) return inspectAgain(draft, found);
    if (polecat !== undefined) {
      // One that still sits at its prompt makes way: its next session begins with what is missing.
      if (polecat.session !== null) leave(draft, polecat, polecat.session, reason('person_said'));
      draft.want(polecat.id, 'resume', found?.reason ?? null);
    }
    return null;
  }
  return draft.move(bead, 'failed', reason('person_said'));
}
