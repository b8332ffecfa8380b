import type { AskAnswer, AskSubject } from '../ask.ts';
import type { Command } from '../command.ts';
import type { AskId, BeadId } from '../ids.ts';
import { reason } from '../reason.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type AskCommand = Extract<Command, { type: 'askPermission' | 'answerAsk' }>;

/** Which answers a subject understands. */
const answers: Readonly<Record<AskSubject['kind'], readonly AskAnswer[]>> = {
  permission: ['allow', 'always', 'deny'],
  checks: ['dismiss'],
  stuck: ['retry', 'dismiss'],
};

export function decideAsk(draft: Draft, command: AskCommand): Refusal | null {
  return command.type === 'askPermission'
    ? askPermission(draft, command)
    : answerAsk(draft, command.ask, command.answer);
}

function askPermission(
  draft: Draft,
  command: Extract<AskCommand, { type: 'askPermission' }>,
): Refusal | null {
  const { ask, polecat, token, tool, detail } = command;
  const live = draft.live(polecat, token);
  if (live === null) return refused('late_report', { polecat, token });
  if (draft.state.asks[ask] !== undefined) return null; // asked again after a reload
  draft.raise(ask, live.bead, { kind: 'permission', polecat, token, tool, detail });
  if (draft.state.rig?.grants.includes(detail) === true) {
    draft.emit({ type: 'ask.answered', ask, answer: 'allow', at: draft.at });
  }
  return null;
}

function answerAsk(draft: Draft, id: AskId, answer: AskAnswer): Refusal | null {
  const ask = draft.state.asks[id];
  if (ask === undefined) return refused('no_such', { what: 'ask', id });
  if (ask.answer !== null) return refused('not_now', { ask: id, answer: ask.answer });
  if (!answers[ask.subject.kind].includes(answer))
    return refused('invalid', { what: 'answer', value: answer });
  draft.emit({ type: 'ask.answered', ask: id, answer, at: draft.at });
  if (answer === 'always' && ask.subject.kind === 'permission') {
    draft.emit({ type: 'rig.granted', grant: ask.subject.detail, at: draft.at });
  }
  return ask.subject.kind === 'stuck' && ask.bead !== null ? answerStuck(draft, ask.bead, answer) : null;
}

function answerStuck(draft: Draft, bead: BeadId, answer: AskAnswer): Refusal | null {
  const found = draft.state.beads[bead];
  const polecat = draft.polecatOf(bead);
  if (answer === 'retry') {
    if (polecat?.session === null) draft.want(polecat.id, 'resume', found?.reason ?? null);
    return null;
  }
  return draft.move(bead, 'failed', reason('person_said'));
}
