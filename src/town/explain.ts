import type { Bead } from './bead.ts';
import type { Candidate, Rule } from './candidate.ts';
import { comeBack, waiting } from './comeBack.ts';
import { type Place, depotOf } from './depot.ts';
import { allocate, launches } from './dispatch.ts';
import type { DispatchFacts } from './dispatchFacts.ts';
import type { BeadId, Instant } from './ids.ts';
import { type Decision, Pass } from './pass.ts';
import type { Polecat, Seat } from './polecat.ts';
import { notReady, rigHolds } from './ready.ts';
import type { Reason } from './reason.ts';
import type { Strategy } from './routing.ts';
import type { RigState } from './state.ts';

export type { Candidate, Rule, SeatOut } from './candidate.ts';

/** Why a bead starts where it does, or does not start: plain JSON, for a page, the command line and the feed. */
export interface Explanation {
  readonly bead: BeadId;
  readonly at: Instant;
  readonly strategy: Strategy;
  /** The best first; those that may not be taken after those that may. */
  readonly candidates: readonly Candidate[];
  readonly rule: Rule;
  readonly seat: Seat | null;
  /** Why it waits; null when it starts. */
  readonly wait: Reason | null;
  /** The earliest instant at which some seat may carry it; null: now, or not a matter of time. */
  readonly from: Instant | null;
  /** Its place among the beads that are ready, from 0; null when it is not. */
  readonly place: number | null;
}

/** Why a bead starts where it does, or waits, as a tick would decide at that instant; null: there is no such bead. */
export function explain(state: RigState, facts: DispatchFacts, at: Instant, id: BeadId): Explanation | null {
  const bead = state.beads[id];
  if (bead === undefined) return null;
  const ticking = new Explaining(state, facts, at, 'tick');
  const comes = ticking.returning().find((one) => one.bead === id);
  if (comes !== undefined) return comes;
  const wait = bead.status === 'queued' ? notReady(state, bead) : null;
  if (bead.status !== 'queued' || wait !== null) return ticking.outside(bead, wait);
  const starts = ticking.starting().find((one) => one.bead === id);
  if (starts !== undefined) return starts;
  const explaining = new Explaining(state, facts, at, 'reasons');
  explaining.returning();
  return explaining.considered().find((one) => one.bead === id) ?? explaining.outside(bead, null);
}

/** What would start now, in order: where, and why there. */
export function preview(state: RigState, facts: DispatchFacts, at: Instant): readonly Explanation[] {
  if (rigHolds(state) !== null) return [];
  const ticking = new Explaining(state, facts, at, 'tick');
  const opened = ticking.returning().filter((one) => one.wait === null);
  return [...opened, ...ticking.starting()];
}

/** A tick that is played, in its order, and changes nothing: just as it is, or with every bead's own reason. */
class Explaining {
  readonly #state: RigState;
  readonly #pass: Pass;
  readonly #at: Instant;

  constructor(state: RigState, facts: DispatchFacts, at: Instant, as: 'tick' | 'reasons') {
    this.#state = state;
    this.#at = at;
    this.#pass = new Pass(state, depotOf(state), facts, at, as === 'reasons');
  }

  /** Polecats that were promised a session. */
  returning(): readonly Explanation[] {
    return waiting(depotOf(this.#state).polecats.values()).flatMap((polecat) => {
      const bead = this.#state.beads[polecat.bead];
      return bead === undefined || polecat.wants === null ? [] : [this.#comesBack(polecat, bead)];
    });
  }

  /** Ready beads that start. */
  starting(): readonly Explanation[] {
    const depot = depotOf(this.#state);
    return launches(this.#state, depot, this.#pass).map((one) =>
      this.#decided(one.place, one, depot.ready.indexOf(one.place)),
    );
  }

  /** All ready beads, each after what those before it took. */
  considered(): readonly Explanation[] {
    const depot = depotOf(this.#state);
    const decisions = allocate(depot, this.#pass, Infinity);
    return [...depot.ready].map((place, index) =>
      this.#decided(place, decisions.get(place.bead.id) ?? this.#pass.consider(place, 'any'), index),
    );
  }

  /** One that is not before a decision: what its seats would be like. */
  outside(bead: Bead, wait: Reason | null): Explanation {
    const rule = bead.endedAt !== null ? 'ended' : wait === null ? 'running' : 'not_ready';
    return this.#record(bead, { rule, candidates: this.#candidates(bead), wait, seat: null, from: null });
  }

  #comesBack(polecat: Polecat, bead: Bead): Explanation {
    const how = comeBack(this.#state, polecat, bead, this.#pass);
    const candidates = this.#candidates(bead);
    if (how.kind !== 'opens') {
      const { wait } = how;
      const until = wait.facts['until'];
      const from = typeof until === 'number' ? until : null;
      return this.#record(bead, { rule: 'returning', candidates, wait, seat: null, from });
    }
    const wait = this.#pass.noPlace();
    if (wait === null) this.#pass.take(bead, how.seat, how.need);
    const seat = wait === null ? how.seat : null;
    return this.#record(bead, { rule: 'returning', candidates, wait, seat, from: null });
  }

  #candidates(bead: Bead): readonly Candidate[] {
    const { judging, facts } = this.#pass;
    return judging === null ? [] : this.#pass.choice(bead, facts.seats, judging).candidates;
  }

  #decided(place: Place, decision: Decision, index: number | null): Explanation {
    const from = decision.wait === null ? null : decision.from;
    const candidates = decision.candidates.length > 0 ? decision.candidates : this.#candidates(place.bead);
    return this.#record(place.bead, { ...decision, candidates, from }, index);
  }

  #record(
    { id: bead }: Bead,
    { rule, candidates, wait, seat, from }: Omit<Explanation, 'bead' | 'at' | 'strategy' | 'place'>,
    place: number | null = null,
  ): Explanation {
    const { strategy } = this.#pass.routing;
    const best = [...candidates].sort(
      (a, b) => Number(a.out !== null) - Number(b.out !== null) || b.score - a.score,
    );
    return { bead, at: this.#at, strategy, candidates: best, rule, seat, wait, from, place };
  }
}
