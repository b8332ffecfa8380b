import { isOpen } from '../bead.ts';
import type { Command } from '../command.ts';
import type { AskId, Token } from '../ids.ts';
import { type Polecat, isKeptOut } from '../polecat.ts';
import { type Reason, reason } from '../reason.ts';
import { notAccepted } from '../state.ts';
import { claimDone, evidenceFound, evidenceMissing, maxReminders } from './done.ts';
import { type AgentCommand, decideAgent } from './agents.ts';
import { type Draft, type Refusal, late, refused } from './draft.ts';

type SessionCommand =
  | AgentCommand
  | Extract<
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
          | 'sawFiles'
          | 'cleared';
      }
    >;

/** How often a dead agent is replaced before a person is asked. */
const maxDeaths = 1;

/** A former polecat has a newest token of its own; its bead is another's now. */
const aboutHeldBead: readonly SessionCommand['type'][] = ['claimDone', 'evidenceFound', 'evidenceMissing'];

export function decideSession(draft: Draft, command: SessionCommand): Refusal | null {
  const polecat = draft.state.polecats[command.polecat];
  if (polecat === undefined) return refused('no_such', { what: 'polecat', id: command.polecat });
  if (command.type === 'cleared') {
    if (polecat.state !== 'retired') return refused('not_now', { polecat: polecat.id });
    if (!polecat.cleared) draft.emit({ type: 'polecat.cleared', polecat: polecat.id, at: draft.at });
    return null;
  }
  if (command.token !== polecat.token) return late(command.polecat, command.token);
  if (aboutHeldBead.includes(command.type) && draft.polecatOf(polecat.bead)?.id !== polecat.id)
    return late(command.polecat, command.token);
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
      return claimDone(draft, polecat, command.claim);
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
    case 'sawFiles':
      return sawFiles(draft, polecat, command.files);
    case 'sawAgent':
    case 'sawConversation':
    case 'endTurn':
    case 'noteWork':
    case 'forgetCheckpoint':
    case 'handOff':
      return decideAgent(draft, polecat, command);
  }
}

/** More of them tell no more of whose way it is in. */
const mostFiles = 1_000;

function sawFiles(draft: Draft, { bead }: Polecat, all: readonly string[]): null {
  const files = all.slice(0, mostFiles);
  const before = draft.state.beads[bead]?.touched ?? [];
  const isSame = before.length === files.length && files.every((file, at) => file === before[at]);
  if (!isSame) draft.emit({ type: 'bead.touched', bead, files, at: draft.at });
  return null;
}

function housed(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'housed' }>,
): Refusal | null {
  if (polecat.state !== 'housing') return refused('not_now', { polecat: polecat.id });
  const { worktree, base } = command;
  draft.emit({ type: 'polecat.housed', polecat: polecat.id, worktree, base, at: draft.at });
  return null;
}

function housingFailed(
  draft: Draft,
  polecat: Polecat,
  command: Extract<SessionCommand, { type: 'housingFailed' }>,
): Refusal | null {
  // Stopped in the middle, a worktree is not a failed one: it is made once the town starts again.
  if (polecat.state !== 'housing' || draft.state.stopped) return refused('not_now', { polecat: polecat.id });
  return draft.move(polecat.bead, 'failed', command.reason);
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
  dismissAsked(draft, polecat, token);
  const bead = draft.state.beads[polecat.bead];
  if (bead === undefined || !isOpen(bead.status)) {
    if (bead?.status !== 'not_picked')
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

/** Exit codes that another try would only repeat: 77, not permitted (sysexits); 130, ended with Ctrl+C. */
const personDecides: readonly number[] = [77, 130];

/** An agent is gone and its bead is not done: go on, remind, or ask a person. */
function afterExit(
  draft: Draft,
  polecat: Polecat,
  how: 'exited' | 'signalled' | 'closed' | 'lost' | 'not_started',
  ask: AskId,
): null {
  const bead = draft.state.beads[polecat.bead];
  if (draft.openStuck(polecat.bead) !== undefined) return null; // a person was asked already
  const exit = draft.state.polecats[polecat.id]?.lastExit;
  const detail = { polecat: polecat.name, exitCode: exit?.code ?? null, signal: exit?.signal ?? null };
  if (how === 'closed') return stuck(draft, polecat, ask, reason('terminal_closed', detail));
  if (exit != null && isKeptOut(polecat.seat, exit)) {
    draft.want(polecat.id, 'resume', reason('account_refused', { provider: polecat.seat.provider }));
    return null;
  }
  if (personDecides.includes(exit?.code ?? 0))
    return stuck(draft, polecat, ask, reason('agent_died', detail));
  if (exit?.code === notAccepted) {
    draft.want(polecat.id, 'remind', bead?.reason ?? null);
    return null;
  }
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

/** What hung on the session's process. A question stays: its answer is for whoever goes on. */
function dismissAsked(draft: Draft, polecat: Polecat, token: Token): void {
  for (const one of Object.values(draft.state.asks)) {
    const { subject } = one;
    if (
      one.answer === null &&
      (subject.kind === 'permission' || subject.kind === 'attention') &&
      subject.polecat === polecat.id &&
      subject.token === token
    ) {
      draft.answer(one.id, 'dismiss');
    }
  }
}
