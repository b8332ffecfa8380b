import { type Bead, type BeadStatus, isOpen, priorities } from './bead.ts';
import type { Convoy } from './convoy.ts';
import type { BeadId, ConvoyId, Instant, PolecatId, RequestId } from './ids.ts';
import { type MergeRequest, openStages } from './mergeRequest.ts';
import type { Polecat } from './polecat.ts';
import { SortedList } from './sortedList.ts';
import type { RigState } from './state.ts';
import type { Change } from './window.ts';

/** A queued bead's place in the order of dispatch. */
export interface Place {
  readonly bead: Bead;
  readonly rank: number;
  /** From when its age counts. */
  readonly since: Instant;
}

/** What is kept of a convoy for the sake of its beads. */
interface Batch {
  convoy: Convoy | null;
  beads: number;
  open: number;
  readonly queued: Set<BeadId>;
  /** What of it decides where its beads stand, as of the last time they were put there. */
  standing: string;
}

/** At most this part of a convoy, or its last bead, is still open: its end is near. */
const nearEnd = 1 / 4;

/** While they do, their files are theirs. */
const busyStatuses: readonly BeadStatus[] = ['assigned', 'in_progress', 'reviewing'];

/** Dispatch order: priority, then age, then id so that the order is total. */
export function beforeInLine(a: Place, b: Place): number {
  return a.rank - b.rank || a.since - b.since || (a.bead.id < b.bead.id ? -1 : a.bead.id > b.bead.id ? 1 : 0);
}

interface Timed {
  readonly id: BeadId;
  readonly at: Instant;
}

const earlier = (a: Timed, b: Timed): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * What of a rig a tick looks at, in the order it looks: kept from event to event, so that a tick costs the same
 * however much is queued. It holds nothing that the state does not say; `depotOf` finds the one of a state.
 */
export class Depot {
  /** Queued, nothing before them is open, their convoy is not held. */
  readonly ready = new SortedList<Place>(beforeInLine);
  readonly busy = new Map<BeadId, Bead>();
  /** Tried in several seats, and nothing landed yet. */
  readonly contested = new Set<BeadId>();
  readonly deferred = new SortedList<Timed>(earlier);
  readonly ended = new SortedList<Timed>(earlier);
  /** Those that are not gone, and those that tell of a limit. */
  readonly polecats = new Map<PolecatId, Polecat>();
  /** Open ones. */
  readonly requests = new Map<RequestId, MergeRequest>();
  readonly #queued = new Map<BeadId, Bead>();
  readonly #places = new Map<BeadId, Place>();
  readonly #completed = new Set<BeadId>();
  /** Queued beads by what they wait for. */
  readonly #dependents = new Map<BeadId, Set<BeadId>>();
  readonly #batches = new Map<ConvoyId, Batch>();

  constructor(state: RigState) {
    for (const convoy of Object.values(state.convoys)) this.#batch(convoy.id).convoy = convoy;
    for (const bead of Object.values(state.beads)) this.#enter(bead);
    for (const id of this.#queued.keys()) this.#line(id);
    for (const batch of this.#batches.values()) batch.standing = standingOf(batch);
    for (const one of Object.values(state.polecats)) this.#polecat(undefined, one);
    for (const one of Object.values(state.requests)) this.#request(undefined, one);
  }

  /** Takes a change over, or back when before and after are swapped. */
  change({ name, before, after }: Change): void {
    if (name === 'beads') this.#bead(before, after);
    else if (name === 'convoys') this.#convoy(before, after);
    else if (name === 'polecats') this.#polecat(before, after);
    else if (name === 'requests') this.#request(before, after);
  }

  /** Of every queued bead, ready or not, in order. */
  line(): readonly Place[] {
    return [...this.#queued.values()].map((bead) => this.#placeOf(bead)).sort(beforeInLine);
  }

  #bead(before: Bead | undefined, after: Bead | undefined): void {
    // Counts of tokens come by the hundred, and most events change nothing of what is looked at here.
    if (before !== undefined && after !== undefined && samePlace(before, after)) {
      if (busyStatuses.includes(after.status)) this.busy.set(after.id, after);
      return;
    }
    if (before !== undefined) this.#leave(before);
    if (after !== undefined) this.#enter(after);
    const id = (after ?? before)?.id;
    if (id === undefined) return;
    if (this.#queued.has(id)) this.#line(id);
    if ((before?.status === 'completed') !== (after?.status === 'completed'))
      for (const one of this.#dependents.get(id) ?? []) this.#line(one);
    for (const convoy of new Set([before?.convoy, after?.convoy])) if (convoy) this.#lineUp(convoy);
  }

  #convoy(before: Convoy | undefined, after: Convoy | undefined): void {
    const id = (after ?? before)?.id;
    if (id === undefined) return;
    this.#batch(id).convoy = after ?? null;
    this.#lineUp(id);
    this.#forget(id);
  }

  #polecat(before: Polecat | undefined, after: Polecat | undefined): void {
    if (before !== undefined && after === undefined) this.polecats.delete(before.id);
    if (after === undefined) return;
    const gone = after.state === 'retired' && after.limit === null;
    if (gone) this.polecats.delete(after.id);
    else this.polecats.set(after.id, after);
  }

  #request(before: MergeRequest | undefined, after: MergeRequest | undefined): void {
    if (after !== undefined && openStages.includes(after.stage)) this.requests.set(after.id, after);
    else {
      const id = (after ?? before)?.id;
      if (id !== undefined) this.requests.delete(id);
    }
  }

  #enter(bead: Bead): void {
    const { id, status, convoy, attemptAt } = bead;
    if (convoy !== null) {
      const batch = this.#batch(convoy);
      if (attemptAt === undefined) batch.beads += 1;
      if (attemptAt === undefined && isOpen(status)) batch.open += 1;
      if (status === 'queued') batch.queued.add(id);
    }
    if (status === 'completed') this.#completed.add(id);
    if (busyStatuses.includes(status)) this.busy.set(id, bead);
    if (status === 'contested') this.contested.add(id);
    if (willBeArchived(bead)) this.ended.add({ id, at: bead.endedAt ?? 0 });
    if (status === 'deferred') this.deferred.add({ id, at: bead.deferredUntil ?? 0 });
    if (status !== 'queued') return;
    this.#queued.set(id, bead);
    for (const one of bead.dependencies) {
      const waiting = this.#dependents.get(one) ?? new Set();
      this.#dependents.set(one, waiting.add(id));
    }
  }

  #leave(bead: Bead): void {
    const { id, status, convoy, attemptAt } = bead;
    if (convoy !== null) {
      const batch = this.#batch(convoy);
      if (attemptAt === undefined) batch.beads -= 1;
      if (attemptAt === undefined && isOpen(status)) batch.open -= 1;
      batch.queued.delete(id);
    }
    this.#completed.delete(id);
    this.busy.delete(id);
    this.contested.delete(id);
    if (willBeArchived(bead)) this.ended.remove({ id, at: bead.endedAt ?? 0 });
    if (status === 'deferred') this.deferred.remove({ id, at: bead.deferredUntil ?? 0 });
    if (status !== 'queued') return;
    this.#queued.delete(id);
    this.#unline(id);
    for (const one of bead.dependencies) {
      const waiting = this.#dependents.get(one);
      waiting?.delete(id);
      if (waiting?.size === 0) this.#dependents.delete(one);
    }
  }

  /** Puts a queued bead where it belongs now. */
  #line(id: BeadId): void {
    this.#unline(id);
    const bead = this.#queued.get(id);
    if (!bead?.dependencies.every((one) => this.#completed.has(one))) return;
    if (bead.convoy !== null && this.#batches.get(bead.convoy)?.convoy?.held === true) return;
    const place = this.#placeOf(bead);
    this.#places.set(id, place);
    this.ready.add(place);
  }

  #unline(id: BeadId): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.ready.remove(place);
    this.#places.delete(id);
  }

  #lineUp(convoy: ConvoyId): void {
    const batch = this.#batches.get(convoy);
    if (batch === undefined || batch.standing === standingOf(batch)) return;
    batch.standing = standingOf(batch);
    for (const id of batch.queued) this.#line(id);
  }

  /** A bead that finishes its convoy is as old as the convoy, so that what is nearly done does not wait for what began later. */
  #placeOf(bead: Bead): Place {
    const batch = bead.convoy === null ? undefined : this.#batches.get(bead.convoy);
    const from = batch !== undefined && isEnding(batch) ? (batch.convoy?.createdAt ?? Infinity) : Infinity;
    const since = Math.min(bead.createdAt, from);
    return { bead, rank: priorities.indexOf(bead.priority), since };
  }

  #batch(id: ConvoyId): Batch {
    const found = this.#batches.get(id) ?? {
      ...{ convoy: null, beads: 0, open: 0, standing: '' },
      queued: new Set<BeadId>(),
    };
    this.#batches.set(id, found);
    return found;
  }

  #forget(id: ConvoyId): void {
    const batch = this.#batches.get(id);
    if (batch?.convoy === null && batch.beads === 0) this.#batches.delete(id);
  }
}

/** What is kept for a person to clean up stays. */
function willBeArchived({ endedAt, status }: Bead): boolean {
  return endedAt !== null && status !== 'not_picked';
}

function isEnding({ beads, open }: Batch): boolean {
  return beads > 1 && open <= Math.max(1, beads * nearEnd);
}

function standingOf(batch: Batch): string {
  const { convoy } = batch;
  return `${String(convoy?.held)} ${String(convoy?.createdAt)} ${String(isEnding(batch))}`;
}

function samePlace(a: Bead, b: Bead): boolean {
  return (
    a.status === b.status &&
    a.convoy === b.convoy &&
    a.endedAt === b.endedAt &&
    a.status !== 'queued' &&
    a.status !== 'deferred'
  );
}

/** One depot is kept for all the states of a rig, and stands at one of them; the others know the way there. */
interface Version {
  depot: Depot | null;
  /** Towards the one where it stands. */
  next: Version | null;
  /** From here to `next`. */
  changes: readonly Change[];
}

const versions = new WeakMap<RigState, Version>();

/**
 * The depot of a state. What it is asked for holds until the next change or the next question about another state.
 * A state that came from one that was asked about costs what was changed since, and any other a look at all of it.
 */
export function depotOf(state: RigState): Depot {
  const known = versions.get(state);
  if (known !== undefined) return standAt(known);
  const depot = new Depot(state);
  versions.set(state, { depot, next: null, changes: [] });
  return depot;
}

/** Tells that one state became another by these changes. */
export function follow(before: RigState, after: RigState, changes: readonly Change[]): void {
  const version = versions.get(before);
  if (version === undefined || before === after) return;
  const depot = standAt(version);
  for (const one of changes) depot.change(one);
  const next: Version = { depot, next: null, changes: [] };
  Object.assign(version, { depot: null, next, changes });
  versions.set(after, next);
}

/** Goes the way to where the depot stands, and takes it back along that way (Baker's rerooting). */
function standAt(version: Version): Depot {
  const way: Version[] = [];
  let at: Version = version;
  while (at.depot === null) {
    way.push(at);
    if (at.next === null) throw new Error('a version of a depot leads nowhere');
    at = at.next;
  }
  const { depot } = at;
  for (const one of way.toReversed()) {
    const back = one.changes.toReversed().map(reversed);
    for (const change of back) depot.change(change);
    Object.assign(at, { depot: null, next: one, changes: back });
    Object.assign(one, { depot, next: null, changes: [] });
    at = one;
  }
  return depot;
}

function reversed(change: Change): Change {
  // Before and after of one change are of one noun.
  return { ...change, before: change.after, after: change.before } as Change;
}
