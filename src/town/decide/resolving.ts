import type { Command } from '../command.ts';
import type { BeadId, RequestId } from '../ids.ts';
import type { Polecat } from '../polecat.ts';
import { type Reason, reason } from '../reason.ts';
import type { Resolving } from '../resolving.ts';
import type { RigState } from '../state.ts';
import { standBy } from './done.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type ResolvingCommand = Extract<
  Command,
  { type: 'resolveConflict' | 'finishResolution' | 'abandonResolution' | 'resolution' }
>;

/** A person brings together what conflicts, in the worktree of the agent whose work it is. */
export function decideResolving(draft: Draft, command: ResolvingCommand): Refusal | null {
  if (command.type === 'resolution') return found(draft, command);
  const polecat = draft.polecatOf(command.bead);
  if (polecat === undefined) return refused('no_such', { what: 'polecat', id: '' });
  if (command.type === 'resolveConflict') return begin(draft, polecat);
  const { resolving } = polecat;
  if (resolving === undefined || (command.type === 'finishResolution' && resolving.step !== 'open'))
    return refused('not_now', { bead: command.bead });
  if (command.type === 'finishResolution')
    say(draft, polecat, { ...resolving, step: 'finish', asIs: command.asIs });
  else if (resolving.step !== 'abandon') say(draft, polecat, { ...resolving, step: 'abandon' });
  return null;
}

/** The request whose conflict a person may settle now; null: there is none, or its agent has answered it since. */
export function conflictOf(state: RigState, bead: BeadId): RequestId | null {
  const requests = Object.values(state.requests).filter((one) => one.bead === bead);
  const newest = requests.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))[0];
  const found = state.beads[bead];
  const polecat = found?.polecat == null ? undefined : state.polecats[found.polecat];
  if (newest?.stage !== 'conflict' || found?.status !== 'in_progress') return null;
  if (found.reason?.code !== 'landing_conflict') return null;
  const isFree = polecat?.worktree != null && polecat.session === null && polecat.state !== 'retired';
  return isFree ? newest.id : null;
}

function begin(draft: Draft, polecat: Polecat): Refusal | null {
  if (polecat.resolving !== undefined) return null; // said again to see it again
  const request = conflictOf(draft.state, polecat.bead);
  const status = draft.state.beads[polecat.bead]?.status ?? null;
  if (request === null) return refused('not_now', { bead: polecat.bead, status });
  if (draft.state.requests[request]?.handed !== 'person')
    draft.emit({ type: 'request.handed', request, to: 'person', at: draft.at });
  say(draft, polecat, { step: 'begin', request, merge: null, marked: [], undecided: [], asIs: false });
  return null;
}

function found(draft: Draft, command: Extract<ResolvingCommand, { type: 'resolution' }>): Refusal | null {
  const polecat = draft.state.polecats[command.polecat];
  const resolving = polecat?.resolving;
  if (polecat === undefined || resolving?.step !== command.step)
    return refused('late_report', { polecat: command.polecat });
  const { found: seen } = command;
  switch (seen.kind) {
    case 'begun': {
      const { head, onto, base, files } = seen;
      const merge = { head, onto, base, files };
      // The target may have moved to where nothing conflicts any more.
      say(draft, polecat, { ...resolving, step: files.length === 0 ? 'finish' : 'open', merge });
      return null;
    }
    case 'left': {
      const { marked, undecided } = seen;
      say(draft, polecat, { ...resolving, step: 'open', marked, undecided, asIs: false }, command.reason);
      return null;
    }
    case 'made':
      say(draft, polecat, null);
      return proven(draft, polecat);
    case 'gone':
      say(draft, polecat, null, command.reason);
      return null;
  }
}

/** What a person made of it is looked at as anything that is called done. */
function proven(draft: Draft, { id, bead }: Polecat): Refusal | null {
  if (draft.state.beads[bead]?.status !== 'in_progress') return null;
  const moved = draft.move(bead, 'reviewing', reason('person_said'));
  const polecat = draft.state.polecats[id];
  if (moved === null && polecat !== undefined) standBy(draft, polecat);
  return moved;
}

function say(draft: Draft, { id }: Polecat, resolving: Resolving | null, why: Reason | null = null): void {
  const step = resolving?.step ?? 'over';
  draft.emit({ type: 'polecat.resolving', polecat: id, step, resolving, reason: why, at: draft.at });
}
