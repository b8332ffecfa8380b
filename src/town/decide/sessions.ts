import { isOpen, typesWithoutDiff } from '../bead.ts';
import type { Command } from '../command.ts';
import type { AskId, PolecatId, Token } from '../ids.ts';
import type { Polecat } from '../polecat.ts';
import { type Reason, reason } from '../reason.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type SessionCommand = Extract<
  Command,
  {
    type:
      | 'housed'
      | 'housingFailed'
      | 'sessionStarted'
      | 'sessionEnded'
      | 'claimDone'
      | 'evidenceFound'
      | 'evidenceMissing'
      | 'countUsage'
      | 'cleared';
  }
>;

/** How often an agent is told what is missing, and how often a dead one is replaced, before a person is. */
const maxReminders = 2;
const maxDeaths = 1;

export function decideSession(draft: Draft, command: SessionCommand): Refusal | null {
  const polecat = draft.state.polecats[command.polecat];
  if (polecat === undefined) return refused('no_such', { what: 'polecat', id: command.polecat });
  if (command.type === 'cleared') {
    if (polecat.state !== 'retired') return refused('not_now', { polecat: polecat.id });
    if (!polecat.cleared) draft.emit({ type: 'polecat.cleared', polecat: polecat.id, at: draft.at });
    return null;
  }
  if (command.token !== polecat.token) return late(command.polecat, command.token);
  switch (command.type) {
    case 'housed':
      return housed(draft, polecat, command);
    case 'housingFailed':
      return housingFailed(draft, polecat, command);
    case 'sessionStarted':
      return sessionStarted(draft, polecat, command);
    case 'sessionEnded':
      return sessionEnded(draft, polecat, command);
    case 'claimDone':
      return claimDone(draft, polecat);
    case 'evidenceFound':
      return evidenceFound(draft, polecat, command);
    case 'evidenceMissing':
      return evidenceMissing(draft, polecat, command);
    case 'countUsage':
      draft.emit({
        type: 'bead.usage',
        bead: polecat.bead,
        token: command.token,
        usage: command.usage,
        at: draft.at,
      });
      return null;
  }
}

function late(polecat: PolecatId, token: Token): Refusal {
  return refused('late_report', { polecat, token });
}

function housed(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'housed' }>,
): Refusal | null {
  if (polecat.state !== 'housing') return refused('not_now', { polecat: polecat.id });
  const { worktree, base } = command;
  draft.emit({ type: 'polecat.housed', polecat: polecat.id, worktree, base, at: draft.at });
  if (!isOpenBead(draft, polecat)) draft.emit({ type: 'polecat.retired', polecat: polecat.id, at: draft.at });
  return null;
}

function housingFailed(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'housingFailed' }>,
): Refusal | null {
  if (polecat.state !== 'housing') return refused('not_now', { polecat: polecat.id });
  draft.emit({ type: 'polecat.retired', polecat: polecat.id, at: draft.at });
  return isOpenBead(draft, polecat) ? draft.move(polecat.bead, 'failed', command.reason) : null;
}

function sessionStarted(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'sessionStarted' }>,
): Refusal | null {
  if (polecat.session === null) return late(polecat.id, command.token);
  if (polecat.session.process !== null) return null;
  const { token, process } = command;
  draft.emit({ type: 'session.started', polecat: polecat.id, token, process, at: draft.at });
  return draft.state.beads[polecat.bead]?.status === 'assigned'
    ? draft.move(polecat.bead, 'in_progress')
    : null;
}

function sessionEnded(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'sessionEnded' }>,
): Refusal | null {
  if (polecat.session === null) return null;
  const { token, exit, ask } = command;
  draft.emit({ type: 'session.ended', polecat: polecat.id, token, exit, at: draft.at });
  dismissPermissions(draft, polecat, token);
  const bead = draft.state.beads[polecat.bead];
  if (bead === undefined || !isOpen(bead.status)) {
    draft.emit({ type: 'polecat.retired', polecat: polecat.id, at: draft.at });
    return null;
  }
  if (bead.status === 'assigned') {
    const moved = draft.move(bead.id, 'in_progress');
    if (moved !== null) return moved;
  } else if (bead.status !== 'in_progress') return null; // what it claimed is being proven or landed
  if (draft.state.polecats[polecat.id]?.state === 'ready') return null; // its next session was promised already
  if (draft.state.stopped) {
    draft.want(polecat.id, 'resume', null);
    return null;
  }
  return afterExit(draft, polecat, exit.how, ask);
}

/** An agent is gone and its bead is not done: go on, remind, or ask a person. */
function afterExit(
  draft: Draft,
  polecat: Polecat,
  how: 'exited' | 'signalled' | 'closed' | 'lost' | 'not_started',
  ask: AskId,
): null {
  const bead = draft.state.beads[polecat.bead];
  const exit = draft.state.polecats[polecat.id]?.lastExit;
  const detail = { polecat: polecat.name, exitCode: exit?.code ?? null, signal: exit?.signal ?? null };
  if (how === 'closed') return stuck(draft, polecat, ask, reason('terminal_closed', detail));
  if (exit?.code === 0) {
    const why = reason('agent_ended_without_done', detail);
    if ((bead?.reminders ?? 0) >= maxReminders) return stuck(draft, polecat, ask, why);
    draft.emit({ type: 'bead.reminded', bead: polecat.bead, reason: why, at: draft.at });
    draft.want(polecat.id, 'remind', why);
    return null;
  }
  const why = reason(how === 'not_started' ? 'agent_not_started' : 'agent_died', detail);
  if ((bead?.deaths ?? 0) > maxDeaths) return stuck(draft, polecat, ask, why);
  draft.want(polecat.id, 'resume', why);
  return null;
}

function stuck(draft: Draft, polecat: Polecat, ask: AskId, why: Reason): null {
  draft.emit({ type: 'polecat.rested', polecat: polecat.id, at: draft.at });
  draft.raiseStuck(ask, polecat, why);
  return null;
}

function dismissPermissions(draft: Draft, polecat: Polecat, token: Token): void {
  for (const one of Object.values(draft.state.asks)) {
    const { subject } = one;
    if (
      one.answer === null &&
      subject.kind === 'permission' &&
      subject.polecat === polecat.id &&
      subject.token === token
    ) {
      draft.emit({ type: 'ask.answered', ask: one.id, answer: 'dismiss', at: draft.at });
    }
  }
}

function claimDone(draft: Draft, polecat: Polecat): Refusal | null {
  const status = draft.state.beads[polecat.bead]?.status;
  if (polecat.session === null) return late(polecat.id, polecat.token);
  if (status === 'reviewing' || status === 'merging' || status === 'completed') return null; // said before
  if (status === 'assigned') {
    const moved = draft.move(polecat.bead, 'in_progress');
    if (moved !== null) return moved;
  }
  return draft.move(polecat.bead, 'reviewing');
}

function evidenceFound(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'evidenceFound' }>,
): Refusal | null {
  const bead = draft.state.beads[polecat.bead];
  if (bead?.status !== 'reviewing') return late(polecat.id, command.token);
  const { evidence, request } = command;
  draft.emit({ type: 'bead.evidenced', bead: bead.id, evidence, at: draft.at });
  if (evidence.commit === null) {
    // A statement completes by itself only where the type promises no diff.
    if (!typesWithoutDiff.includes(bead.type)) return refused('nothing_committed', { bead: bead.id });
    return draft.move(bead.id, 'completed');
  }
  const moved = draft.move(bead.id, 'merging');
  if (moved !== null) return moved;
  const approval =
    bead.convoy !== null && draft.state.convoys[bead.convoy]?.landing === 'auto' ? 'convoy' : null;
  const { branch } = polecat;
  draft.emit({
    type: 'request.entered',
    request,
    bead: bead.id,
    branch,
    head: evidence.commit,
    approval,
    at: draft.at,
  });
  return null;
}

function evidenceMissing(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'evidenceMissing' }>,
): Refusal | null {
  const bead = draft.state.beads[polecat.bead];
  if (bead?.status !== 'reviewing') return late(polecat.id, command.token);
  const moved = draft.move(bead.id, 'in_progress', command.reason);
  if (moved !== null) return moved;
  const session = draft.state.polecats[polecat.id]?.session ?? null;
  if (bead.reminders >= maxReminders) {
    draft.raiseStuck(command.ask, polecat, command.reason);
    if (session === null) draft.emit({ type: 'polecat.rested', polecat: polecat.id, at: draft.at });
    return null;
  }
  draft.emit({ type: 'bead.reminded', bead: bead.id, reason: command.reason, at: draft.at });
  if (session === null) draft.want(polecat.id, 'remind', command.reason);
  return null;
}

function isOpenBead(draft: Draft, polecat: Polecat): boolean {
  const status = draft.state.beads[polecat.bead]?.status;
  return status !== undefined && isOpen(status);
}
