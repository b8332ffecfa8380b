import type { Bead, Inspected } from '../bead.ts';
import type { BeadId, CommitId } from '../ids.ts';
import { openStages } from '../mergeRequest.ts';
import { leaving } from '../offer.ts';
import { type Reason, type ReasonCode, reason } from '../reason.ts';
import type { RigState } from '../state.ts';
import { leave } from './agents.ts';
import { standBy } from './done.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

/** Why no inspector let work pass. */
const inspectors: readonly ReasonCode[] = ['inspector_wants', 'inspector_fails', 'inspector_silent'];

/** What a person may let pass: work whose checks are green, of which no inspector said so. Null: there is none. */
export function doubtOf(state: Pick<RigState, 'asks'>, bead: Bead): Inspected | null {
  if (bead.status !== 'in_progress' || bead.inspected === undefined) return null;
  if (bead.reason === null || !inspectors.includes(bead.reason.code)) return null;
  return isBeforePerson(state, bead.id) ? bead.inspected : null;
}

/** Whether a person may say what is missing: it stands still, waits to be picked, or could still leave the merge queue. */
export function maySendBack(state: Pick<RigState, 'asks' | 'requests'>, { id, status }: Bead): boolean {
  if (status === 'merging') return requestOf(state, id) !== undefined;
  if (status === 'contending') return true;
  return status === 'in_progress' && isBeforePerson(state, id);
}

/** Its checks run once more on whatever the worktree holds by now; only that commit is spared an inspector. */
export function acceptWork(draft: Draft, id: BeadId, commit: CommitId): Refusal | null {
  const bead = draft.state.beads[id];
  if (bead === undefined) return refused('no_such', { what: 'bead', id });
  const polecat = draft.polecatOf(id);
  const isFree = polecat?.worktree != null && polecat.resolving === undefined;
  if (doubtOf(draft.state, bead)?.commit !== commit || !isFree)
    return refused('not_now', { bead: id, status: bead.status });
  draft.emit({ type: 'bead.accepted', bead: id, commit, at: draft.at });
  const moved = draft.move(id, 'reviewing');
  if (moved === null) standBy(draft, polecat);
  return moved;
}

/** Characters that a person's words may have: what an agent is told of them is all of them. */
export const mostWords = 2_000;

export function sendBack(draft: Draft, id: BeadId, words: string): Refusal | null {
  const bead = draft.state.beads[id];
  if (bead === undefined) return refused('no_such', { what: 'bead', id });
  if (words.trim() === '') return refused('empty', { what: 'words' });
  if (words.trim().length > mostWords) return refused('invalid', { what: 'words', value: words.length });
  return goBack(draft, id, reason('sent_back', { words: words.trim() }));
}

/** Its agent goes on with that, in its own session where it has one; a request leaves the queue. */
export function goBack(draft: Draft, id: BeadId, why: Reason): Refusal | null {
  const bead = draft.state.beads[id];
  const polecat = draft.polecatOf(id);
  if (bead === undefined || polecat === undefined || !maySendBack(draft.state, bead))
    return refused('not_now', { bead: id, status: bead?.status ?? null });
  if (bead.status === 'merging') return outOfQueue(draft, bead, why);
  if (bead.status === 'contending') draft.move(id, 'in_progress', why);
  const stuck = draft.openStuck(id);
  if (stuck !== undefined) draft.answer(stuck.id, 'retry');
  draft.emit({ type: 'bead.sentBack', bead: id, reason: why, at: draft.at });
  // One that still sits at its prompt makes way: its next session begins with what the person said.
  if (polecat.session !== null) leave(draft, polecat, polecat.session, why);
  draft.want(polecat.id, 'remind', why);
  return null;
}

function outOfQueue(draft: Draft, { id, polecat }: Bead, why: Reason): Refusal | null {
  const request = requestOf(draft.state, id);
  if (request === undefined || polecat === null) return refused('not_now', { bead: id });
  const { at } = draft;
  const left = leaving(request, why);
  draft.emit({ type: 'request.moved', request: request.id, to: 'ejected', reason: left, at });
  const moved = draft.move(id, 'in_progress', why);
  if (moved === null) draft.want(polecat, 'revise', why);
  return moved;
}

/** A landing under way may still turn back or not; a person would come too late to know. */
function requestOf({ requests }: Pick<RigState, 'requests'>, bead: BeadId) {
  return Object.values(requests).find(
    (one) => one.bead === bead && openStages.includes(one.stage) && one.stage !== 'landing',
  );
}

function isBeforePerson({ asks }: Pick<RigState, 'asks'>, bead: BeadId): boolean {
  return Object.values(asks).some(
    (one) => one.bead === bead && one.subject.kind === 'stuck' && one.answer === null,
  );
}
