import { type Bead, type BeadDraft, type Evidence, isOpen } from '../bead.ts';
import type { Command, NewAttempt } from '../command.ts';
import {
  attemptsAt,
  contestOf,
  fewestAttempts,
  isPickable,
  keptAttempts,
  mostAttempts,
  standingOf,
} from '../contest.ts';
import type { BeadId, CommitId, RequestId } from '../ids.ts';
import { type Reason, reason } from '../reason.ts';
import { threadsOf } from '../review.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

export type ContestCommand = Extract<Command, { type: 'contestBead' | 'pickAttempt' | 'cleanAttempts' }>;

/** What a person says of a bead that is tried in several seats. */
export function decideContest(draft: Draft, command: ContestCommand): Refusal | null {
  const bead = draft.state.beads[command.bead];
  if (bead === undefined) return refused('no_such', { what: 'bead', id: command.bead });
  switch (command.type) {
    case 'contestBead':
      return contest(draft, bead.id, command.attempts);
    case 'pickAttempt':
      return pick(draft, bead, command.request);
    case 'cleanAttempts':
      return clean(draft, bead);
  }
}

/** Beads alike it are made, and it waits for what comes of them: whoever waits for it waits for the one that is picked. */
export function contest(draft: Draft, id: BeadId, attempts: readonly NewAttempt[]): Refusal | null {
  const bead = draft.state.beads[id];
  if (bead === undefined) return refused('no_such', { what: 'bead', id });
  const { status } = bead;
  const isBegun = bead.polecat !== null || bead.attemptAt !== undefined;
  if (isBegun || (status !== 'queued' && status !== 'deferred'))
    return refused('not_now', { bead: id, status });
  const ids = new Set(attempts.map((one) => one.bead));
  if (ids.size < fewestAttempts || ids.size > mostAttempts || ids.size < attempts.length)
    return refused('invalid', { what: 'attempts', value: attempts.length });
  const taken = attempts.find((one) => draft.state.beads[one.bead] !== undefined);
  if (taken !== undefined) return refused('already_exists', { what: 'bead', id: taken.bead });
  for (const one of attempts) attempt(draft, bead, one);
  draft.emit({ type: 'bead.contested', bead: id, attempts: [...ids], at: draft.at });
  return draft.move(id, 'contested');
}

function attempt(draft: Draft, about: Bead, { bead, provider }: NewAttempt): void {
  const { at } = draft;
  const { convoy, optimized, status, reason: why, id: attemptAt } = about;
  const text = { ...draftOf(about), preferredProvider: provider };
  draft.emit({ type: 'bead.created', bead, convoy, draft: text, attemptAt, at });
  if (optimized !== undefined) draft.emit({ type: 'bead.optimized', bead, optimized, at });
  draft.move(bead, 'queued');
  if (status === 'deferred') draft.move(bead, 'deferred', why);
}

function draftOf(bead: Bead): BeadDraft {
  const { title, description, type, priority, criteria, dependencies, touches, labels } = bead;
  const { estimate, preferredProvider, source } = bead;
  return {
    ...{ title, description, type, priority, criteria, dependencies, touches, labels },
    ...{ estimate, preferredProvider, source },
  };
}

/** Its result lands for the bead that was tried; what others made is kept, and those still at work end. */
function pick(draft: Draft, chosen: Bead, request: RequestId): Refusal | null {
  const about = contestOf(draft.state, chosen);
  const { evidence, id, status } = chosen;
  if (about?.status !== 'contested' || evidence === null || !isPickable(draft.state, chosen))
    return refused('not_now', { bead: id, status });
  const { picked } = standingOf(draft.state, about);
  // What it made may land any moment: it is taken out of the queue first.
  if (picked !== null && picked.status === 'merging')
    return refused('not_now', { bead: picked.id, status: picked.status });
  draft.emit({ type: 'bead.picked', bead: about.id, attempt: id, at: draft.at });
  for (const other of attemptsAt(draft.state, about)) if (other.id !== id) setAside(draft, other, id);
  if (evidence.commit === null) {
    const moved = draft.move(id, 'completed');
    if (moved === null) draft.move(about.id, 'completed');
    return moved;
  }
  return enterQueue(draft, chosen, { ...evidence, commit: evidence.commit }, request);
}

/** What it made stays where it is; one that made nothing yet leaves nothing. */
function setAside(draft: Draft, { id, status }: Bead, picked: BeadId): void {
  if (!isOpen(status)) return;
  const polecat = draft.polecatOf(id);
  const isKept = polecat !== undefined && polecat.state !== 'retired' && polecat.worktree !== null;
  if (isKept && polecat.wants !== null)
    draft.emit({ type: 'polecat.rested', polecat: polecat.id, at: draft.at });
  draft.move(id, isKept ? 'not_picked' : 'cancelled', reason('not_picked', { bead: picked }));
}

/** Those that were not picked go the way of a cancelled bead: what would be lost goes to the trash first. */
function clean(draft: Draft, { id }: Bead): Refusal | null {
  for (const one of keptAttempts(draft.state, id)) draft.move(one.id, 'cancelled', reason('person_said'));
  return null;
}

/** Work with evidence of a commit begins its way to the target. */
export function enterQueue(
  draft: Draft,
  bead: Bead,
  evidence: Evidence & { readonly commit: CommitId },
  request: RequestId,
): Refusal | null {
  const { id, convoy } = bead;
  const polecat = draft.polecatOf(id);
  if (polecat === undefined) return refused('not_now', { bead: id });
  const moved = draft.move(id, 'merging');
  if (moved !== null) return moved;
  const isAuto = convoy !== null && draft.state.convoys[convoy]?.landing === 'auto';
  const { rule } = evidence;
  // Its checks prove what it made of them: that much a person said of no convoy.
  const said = isAuto && evidence.decides === undefined ? 'convoy' : rule === undefined ? null : 'rule';
  // Who had something to say of it is asked, whoever was to say yes unseen.
  const approval = threadsOf(bead).every(({ state }) => state === 'resolved') ? said : null;
  draft.emit({
    type: 'request.entered',
    request,
    bead: id,
    branch: polecat.branch,
    head: evidence.commit,
    approval,
    ...(approval === 'rule' && rule !== undefined ? { rule } : {}),
    at: draft.at,
  });
  return null;
}

/** Whether what is proven waits to be compared: it is one of several attempts, and not the one that was picked. */
export function contends(draft: Draft, bead: Bead): boolean {
  const about = contestOf(draft.state, bead);
  return about !== null && about.contest?.picked !== bead.id;
}

/** Whoever waits for the bead that was tried goes on. */
export function completeContest(draft: Draft, landed: BeadId, commit: CommitId): void {
  const bead = draft.state.beads[landed];
  const about = bead === undefined ? null : contestOf(draft.state, bead);
  if (about?.status !== 'contested') return;
  for (const other of attemptsAt(draft.state, about)) if (other.id !== landed) setAside(draft, other, landed);
  draft.emit({ type: 'bead.landed', bead: about.id, commit, at: draft.at });
  draft.move(about.id, 'completed');
}

/** An attempt goes on that was over: the bead that it is made for waits for it again. */
export function reopenContest(draft: Draft, attempt: BeadId, why: Reason): void {
  const bead = draft.state.beads[attempt];
  const about = bead === undefined ? null : contestOf(draft.state, bead);
  if (about?.status === 'completed' || about?.status === 'failed') draft.move(about.id, 'contested', why);
}

/** The attempts of a bead end with it. */
export function cancelAttempts(draft: Draft, about: Bead): void {
  for (const { id } of attemptsAt(draft.state, about))
    if (isOpen(draft.state.beads[id]?.status ?? 'failed')) draft.move(id, 'cancelled', reason('person_said'));
  for (const { id } of keptAttempts(draft.state, about.id))
    draft.move(id, 'cancelled', reason('person_said'));
}

/** A contest in which one got through needs nobody to compare, and one in which none did is over. */
export function settleContests(draft: Draft): void {
  for (const id of [...draft.depot.contested]) {
    const about = draft.state.beads[id];
    if (about === undefined) continue;
    const { atWork, pickable, picked } = standingOf(draft.state, about);
    if (picked !== null || atWork.length > 0) continue;
    const [only] = pickable;
    if (only === undefined) draft.move(id, 'failed', reason('no_attempt_proven'));
    else if (pickable.length === 1 && about.contest?.picked === null) pickAlone(draft, only);
  }
}

/** Its request bears the attempt's own letters: time, which brings this about, draws nothing. */
function pickAlone(draft: Draft, attempt: Bead): void {
  const request = attempt.id.replace(/^gt-/, 'mr-') as RequestId;
  if (draft.state.requests[request] === undefined) pick(draft, attempt, request);
}
