import { type BeadDraft, type Trial, isOpen } from '../bead.ts';
import type { Command } from '../command.ts';
import { attemptsAt, contestOf } from '../contest.ts';
import { findCycle } from '../cycle.ts';
import type { BeadId, ConvoyId, Instant } from '../ids.ts';
import { reason } from '../reason.ts';
import { leave } from './agents.ts';
import { cancelAttempts, contest, reopenContest } from './contest.ts';
import { inspectAgain, isUninspected } from './done.ts';
import { acceptWork, sendBack } from './doubts.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type WorkCommand = Extract<
  Command,
  {
    type:
      | 'createConvoy'
      | 'createBead'
      | 'editBead'
      | 'cancelBead'
      | 'retryBead'
      | 'deferBead'
      | 'fileBead'
      | 'continueWith'
      | 'beadOptimized'
      | 'acceptOptimized'
      | 'rejectOptimized'
      | 'acceptWork'
      | 'sendBack'
      | 'holdConvoy'
      | 'releaseConvoy';
  }
>;

export function decideWork(draft: Draft, command: WorkCommand): Refusal | null {
  switch (command.type) {
    case 'createConvoy':
      return createConvoy(draft, command);
    case 'createBead':
      return createBead(draft, command);
    case 'editBead':
      return editBead(draft, command.bead, command.changes);
    case 'cancelBead':
      return cancelBead(draft, command.bead);
    case 'retryBead':
      return retryBead(draft, command.bead);
    case 'deferBead':
      return deferBead(draft, command.bead, command.until);
    case 'fileBead':
      return fileBead(draft, command.bead, command.convoy);
    case 'continueWith':
      return continueWith(draft, command.bead, command.provider);
    case 'beadOptimized':
      return beadOptimized(draft, command);
    case 'acceptOptimized':
    case 'rejectOptimized':
      return wordBead(draft, command.bead, command.type === 'acceptOptimized');
    case 'acceptWork':
      return acceptWork(draft, command.bead, command.commit);
    case 'sendBack':
      return sendBack(draft, command.bead, command.words);
    case 'holdConvoy':
    case 'releaseConvoy':
      return holdConvoy(draft, command.convoy, command.type === 'holdConvoy');
  }
}

function createBead(draft: Draft, command: Extract<WorkCommand, { type: 'createBead' }>): Refusal | null {
  const { bead, convoy, attempts } = command;
  const refusal = createBeads(draft, convoy, [command], command);
  return refusal ?? (attempts === undefined ? null : contest(draft, bead, attempts));
}

function createConvoy(draft: Draft, command: Extract<WorkCommand, { type: 'createConvoy' }>): Refusal | null {
  const { convoy, title, landing, held, beads, takes = [] } = command;
  if (draft.state.convoys[convoy] !== undefined)
    return refused('already_exists', { what: 'convoy', id: convoy });
  if (beads.length + takes.length === 0) return refused('empty', { what: 'convoy' });
  draft.emit({ type: 'convoy.created', convoy, title, landing, held, at: draft.at });
  for (const bead of takes) {
    const refusal = fileBead(draft, bead, convoy);
    if (refusal !== null) return refusal;
  }
  return beads.length === 0 ? null : createBeads(draft, convoy, beads, command);
}

function createBeads(
  draft: Draft,
  convoy: ConvoyId | null,
  beads: readonly { readonly bead: BeadId; readonly draft: BeadDraft }[],
  { optimize = [], control }: Pick<Extract<WorkCommand, { type: 'createBead' }>, 'optimize' | 'control'>,
): Refusal | null {
  if (convoy !== null && draft.state.convoys[convoy] === undefined)
    return refused('no_such', { what: 'convoy', id: convoy });
  const known = new Set<string>([...Object.keys(draft.state.beads), ...beads.map((one) => one.bead)]);
  const fresh = new Map(beads.map((one) => [one.bead, one.draft.dependencies]));
  if (fresh.size < beads.length) return refused('already_exists', { what: 'bead', id: '' });
  for (const { bead, draft: text } of beads) {
    if (draft.state.beads[bead] !== undefined) return refused('already_exists', { what: 'bead', id: bead });
    if (text.title.trim() === '') return refused('empty', { what: 'title' });
    const unknown = text.dependencies.find((id) => !known.has(id));
    if (unknown !== undefined) return refused('no_such', { what: 'bead', id: unknown });
  }
  const cycle = findCycle(
    [...fresh.keys()],
    (id) => fresh.get(id) ?? draft.state.beads[id]?.dependencies ?? [],
  );
  if (cycle !== null) return refused('cycle', { beads: cycle });
  for (const { bead, draft: text } of beads) {
    const trial = trialOf(bead, optimize, control);
    draft.emit({ type: 'bead.created', bead, convoy, draft: text, ...trial, at: draft.at });
    // Those it is compared with are made ready as well: all but the wording must be alike.
    const to = optimize.includes(bead) || control?.includes(bead) === true ? 'optimizing' : 'queued';
    draft.emit({ type: 'bead.moved', bead, to, reason: null, at: draft.at });
  }
  if (convoy !== null && draft.state.convoys[convoy]?.closedAt !== null) {
    draft.emit({ type: 'convoy.reopened', convoy, at: draft.at });
  }
  return null;
}

/** Without any control nothing is measured, and nobody is drawn for it. */
function trialOf(
  bead: BeadId,
  optimize: readonly BeadId[],
  control: readonly BeadId[] | undefined,
): { readonly trial?: Trial } {
  if (control === undefined) return {};
  if (control.includes(bead)) return { trial: 'control' };
  return optimize.includes(bead) ? { trial: 'worded' } : {};
}

/** Edited meanwhile, it is worded once more. */
function beadOptimized(
  draft: Draft,
  { bead, description, optimized, reason: why }: Extract<WorkCommand, { type: 'beadOptimized' }>,
): Refusal | null {
  const found = draft.state.beads[bead];
  if (found?.status !== 'optimizing') return refused('not_now', { bead, status: found?.status ?? null });
  if (found.description !== description) return null;
  if (optimized !== null) draft.emit({ type: 'bead.optimized', bead, optimized, at: draft.at });
  return draft.move(bead, 'queued', why);
}

function wordBead(draft: Draft, bead: BeadId, accepted: boolean): Refusal | null {
  const found = draft.state.beads[bead];
  if (found?.optimized === undefined) return refused('no_such', { what: 'wording', id: bead });
  if (!isOpen(found.status)) return refused('not_now', { bead, status: found.status });
  if (found.optimized.accepted !== accepted)
    draft.emit({ type: 'bead.worded', bead, accepted, at: draft.at });
  return null;
}

function editBead(draft: Draft, bead: BeadId, changes: Partial<BeadDraft>): Refusal | null {
  const found = draft.state.beads[bead];
  if (found === undefined) return refused('no_such', { what: 'bead', id: bead });
  // Attempts at it have its words already, and begin when it would: one that waited for another would wait for ever.
  const isTied = changes.dependencies !== undefined && contestOf(draft.state, found) !== null;
  if (!isOpen(found.status) || found.status === 'contested' || isTied)
    return refused('not_now', { bead, status: found.status });
  if (changes.title?.trim() === '') return refused('empty', { what: 'title' });
  const dependencies = changes.dependencies ?? found.dependencies;
  const unknown = dependencies.find((id) => !Object.hasOwn(draft.state.beads, id));
  if (unknown !== undefined) return refused('no_such', { what: 'bead', id: unknown });
  const cycle = findCycle([bead], (id) =>
    id === bead ? dependencies : (draft.state.beads[id]?.dependencies ?? []),
  );
  if (cycle !== null) return refused('cycle', { beads: cycle });
  draft.emit({ type: 'bead.edited', bead, changes: wordsOf(changes), at: draft.at });
  return null;
}

/** The parts a person words; a wish from outside cannot edit a status or an id along with them. */
const worded: Readonly<Record<keyof BeadDraft, true>> = {
  title: true,
  description: true,
  type: true,
  priority: true,
  criteria: true,
  dependencies: true,
  touches: true,
  labels: true,
  estimate: true,
  preferredProvider: true,
  source: true,
};

function wordsOf(changes: Partial<BeadDraft>): Partial<BeadDraft> {
  const kept = Object.entries(changes).filter(
    ([field, value]: readonly [string, unknown]) => Object.hasOwn(worded, field) && value !== undefined,
  );
  return Object.fromEntries(kept);
}

/** A landing under way moves the target within moments; calling the bead off then would be untrue. */
function cancelBead(draft: Draft, bead: BeadId): Refusal | null {
  const picked = draft.state.beads[bead]?.contest?.picked;
  const landing = Object.values(draft.state.requests).some(
    (one) => (one.bead === bead || one.bead === picked) && one.stage === 'landing',
  );
  if (landing) return refused('not_now', { bead, stage: 'landing' });
  const found = draft.state.beads[bead];
  if (found?.status === 'contested') cancelAttempts(draft, found);
  return draft.move(bead, 'cancelled', reason('person_said'));
}

/** A bead that stands still goes on in its worktree; one that ended goes back to the depot. */
function retryBead(draft: Draft, bead: BeadId): Refusal | null {
  const found = draft.state.beads[bead];
  if (found === undefined) return refused('no_such', { what: 'bead', id: bead });
  const polecat = draft.polecatOf(bead);
  const entered = Object.values(draft.state.requests).some((one) => one.bead === bead);
  // It stands for a branch of a person's: an agent would begin it anew, without what the branch holds.
  if (polecat === undefined && entered) return refused('not_now', { bead, status: found.status });
  if (found.status === 'in_progress' && polecat?.session === null) {
    for (const ask of Object.values(draft.state.asks)) {
      if (ask.bead === bead && ask.answer === null) draft.answer(ask.id, 'retry');
    }
    if (isUninspected(found)) return inspectAgain(draft, found);
    if (polecat.wants === null) draft.want(polecat.id, 'resume', found.reason);
    return null;
  }
  const about = contestOf(draft.state, found);
  const isOver = found.attemptAt !== undefined && about?.status !== 'contested' && about?.status !== 'failed';
  if (found.status !== 'failed' || isOver) return refused('not_now', { bead, status: found.status });
  reopenContest(draft, bead, reason('person_said'));
  return draft.move(bead, 'queued', reason('person_said'));
}

function deferBead(draft: Draft, bead: BeadId, until: Instant): Refusal | null {
  if (!Number.isSafeInteger(until) || until <= draft.at)
    return refused('invalid', { what: 'until', value: until });
  return draft.move(bead, 'deferred', reason('deferred_until', { until }));
}

/** Into a convoy, or out of the one it is in. */
function fileBead(draft: Draft, bead: BeadId, convoy: ConvoyId | null): Refusal | null {
  const found = draft.state.beads[bead];
  if (found === undefined) return refused('no_such', { what: 'bead', id: bead });
  const into = convoy === null ? null : draft.state.convoys[convoy];
  if (into === undefined) return refused('no_such', { what: 'convoy', id: convoy });
  if (found.convoy === convoy) return null;
  // It goes where the bead goes that it is made for.
  if (contestOf(draft.state, found) !== null) return refused('not_now', { bead, status: found.status });
  const { at } = draft;
  draft.emit({ type: 'bead.filed', bead, convoy, at });
  for (const one of attemptsAt(draft.state, found))
    draft.emit({ type: 'bead.filed', bead: one.id, convoy, at });
  if (into?.closedAt != null && isOpen(found.status))
    draft.emit({ type: 'convoy.reopened', convoy: into.id, at });
  if (found.convoy !== null) draft.closeConvoy(found.convoy);
  return null;
}

/** Another vendor goes on in the same worktree; what is not begun yet begins there. */
function continueWith(draft: Draft, bead: BeadId, provider: string): Refusal | null {
  const found = draft.state.beads[bead];
  if (found === undefined) return refused('no_such', { what: 'bead', id: bead });
  if (provider.trim() === '') return refused('empty', { what: 'provider' });
  if (found.status === 'queued' || found.status === 'deferred') {
    draft.emit({ type: 'bead.edited', bead, changes: { preferredProvider: provider }, at: draft.at });
    if (found.polecat === null) return null;
  }
  const polecat = draft.polecatOf(bead);
  if (polecat === undefined || polecat.state === 'retired')
    return found.status === 'queued' ? null : refused('not_now', { bead, status: found.status });
  if (found.status === 'reviewing' || found.status === 'merging')
    return refused('not_now', { bead, status: found.status });
  draft.emit({ type: 'polecat.chosen', polecat: polecat.id, provider, at: draft.at });
  if (found.status !== 'assigned' && found.status !== 'in_progress') return null;
  const why = reason('moved_to_provider', { provider });
  const stuck = draft.openStuck(bead);
  if (stuck !== undefined) draft.answer(stuck.id, 'retry');
  if (polecat.session !== null) leave(draft, polecat, polecat.session, why);
  if (polecat.state !== 'housing') draft.want(polecat.id, 'resume', why);
  return null;
}

function holdConvoy(draft: Draft, convoy: ConvoyId, held: boolean): Refusal | null {
  const found = draft.state.convoys[convoy];
  if (found === undefined) return refused('no_such', { what: 'convoy', id: convoy });
  if (found.held !== held)
    draft.emit({ type: held ? 'convoy.held' : 'convoy.released', convoy, at: draft.at });
  return null;
}
