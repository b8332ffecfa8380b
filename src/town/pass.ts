import type { Bead } from './bead.ts';
import { carrier } from './carry.ts';
import { type Choice, choose } from './choose.ts';
import type { Depot, Place } from './depot.ts';
import { areSiblings } from './contest.ts';
import type { DispatchFacts } from './dispatchFacts.ts';
import type { Candidate, Rule } from './candidate.ts';
import { chooseSeat, freeSlots, limitsOf, noPlaceLeft } from './freePlaces.ts';
import type { Need } from './fuel.ts';
import type { BeadId, Instant } from './ids.ts';
import { filesOf, overlap } from './overlap.ts';
import type { Polecat, Seat } from './polecat.ts';
import { type Reason, reason } from './reason.ts';
import { type Routing, defaultRouting } from './routing.ts';
import { type Judging, judge, needAt } from './score.ts';
import type { RigState } from './state.ts';
import { Siblings } from './siblings.ts';
import { type Round, isSuited } from './suited.ts';
import { budgetSpent, waitFor } from './waiting.ts';

/** What a pass decided of a bead, and by what. */
export type Decision = {
  readonly rule: Rule;
  /** Empty where it was decided without a look at seats. */
  readonly candidates: readonly Candidate[];
} & (
  | { readonly wait: null; readonly seat: Seat }
  | { readonly wait: Reason; readonly seat: null; readonly from: Instant | null }
);

/**
 * So long a ready bead may be overtaken by younger ones of its class, because it needs more than is there, its files are
 * taken or a seat that suits it better comes back before long; then what it waits for is kept for it, and any seat that it
 * may take will do. So it starts at the latest that long after it was ready, and what runs by then and the rest of its
 * account's window later. Longer than the shortest window, so that most never come so far.
 */
export const patienceMs = 6 * 60 * 60 * 1000;

/** The least that any session draws. */
const leastNeed: Need = { tokens: 1, requests: 1, usd: 0, ms: 1 };

/** One look at the depot: beads are considered in order, and each sees what the ones before it take. */
export class Pass {
  readonly facts: DispatchFacts;
  readonly routing: Routing;
  readonly at: Instant;
  readonly limits: ReadonlyMap<string, Instant>;
  /** Null: nothing is known of accounts. */
  readonly judging: Judging | null;
  readonly #state: RigState;
  readonly #depot: Depot;
  /** Every reason is the bead's own, not that of one like it. */
  readonly #exact: boolean;
  readonly #failed = new Map<string, { readonly estimate: number; readonly choice: Choice }>();
  /** Accounts that are kept for a bead that has waited for long; until: from when it may have them. */
  readonly #kept = new Map<string, { readonly bead: BeadId; readonly until: Instant | null }>();
  /** Beads whose files are taken stay so, as long as others only begin. */
  readonly #overlaps = new Map<BeadId, Reason>();
  /** Made when an attempt is looked at: most passes see none. */
  #tried: Siblings | null = null;
  #busy: { readonly bead: Bead; readonly files: readonly string[] }[] | null = null;
  /** Sessions by tank. */
  readonly #running = new Map<string, number>();
  #free: number;
  #left: number;

  constructor(state: RigState, depot: Depot, facts: DispatchFacts, at: Instant, exact = false) {
    this.#state = state;
    this.#depot = depot;
    this.#exact = exact;
    this.facts = facts;
    this.routing = facts.routing ?? defaultRouting;
    this.at = at;
    this.limits = limitsOf(depot.polecats.values(), at);
    this.#free = freeSlots(depot.polecats.values(), facts.maxPolecats);
    this.#left = facts.person?.left ?? Infinity;
    const { fuel, prices = {} } = facts;
    const { limits, routing } = this;
    this.judging =
      fuel === undefined
        ? null
        : {
            ...{ fuel, routing, limits, prices, at },
            carrier: carrier(fuel, at),
            running: (tank: string) => this.#running.get(tank) ?? 0,
          };
    if (this.judging !== null) this.#reservePromised(this.judging);
  }

  isFull(): boolean {
    return this.#free <= 0 || this.#left <= 0;
  }

  /** Not even the smallest bead could start. */
  isHopeless(): boolean {
    const { judging, limits } = this;
    return this.facts.seats.every(
      (seat) => limits.has(seat.tank) || (judging !== null && !judging.carrier(seat, leastNeed).ok),
    );
  }

  /** A ready bead: where it starts, which then counts as taken, or why it waits. */
  consider(place: Place, round: Round): Decision {
    if (this.judging === null) return this.#plainly(place.bead);
    // Else the last place goes to a younger one that it suits, time after time, before the round that asks for less.
    return this.#judged(place, this.#isOverdue(place) ? 'overdue' : round, this.judging);
  }

  /** A session opens there now, beside all that is asked for after it. */
  take(bead: Bead, seat: Seat, need: Need | null): void {
    if (bead.attemptAt !== undefined) this.#siblings().take(bead, seat);
    this.#free -= 1;
    this.#left -= 1;
    if (need !== null && this.judging !== null) this.#reserve(this.judging, seat, need);
    if (!this.#atWork().some((one) => one.bead.id === bead.id))
      this.#atWork().push({ bead, files: filesOf(bead) });
  }

  /** Which of some seats a bead takes, as if it were alone. */
  choice(bead: Bead, seats: readonly Seat[], judging: Judging, round: Round = 'any'): Choice {
    const { strategy } = this.routing;
    // With that room it could need more than a whole window, as long as anything runs there.
    const asked = round === 'overdue' ? { ...judging, running: null } : judging;
    const judged = judge(bead, seats, asked).map((one) => this.#unlessKept(one, bead));
    const choosing = { strategy, fuel: judging.fuel, at: this.at };
    const choice =
      bead.attemptAt === undefined || round === 'overdue'
        ? choose(bead, judged, choosing)
        : this.#chooseApart(bead, judged, choosing);
    return isSuited(bead, choice, round, this.at) ? choice : { ...choice, seat: null };
  }

  /** Attempts at the same run in seats of their own, as long as there are any. */
  #chooseApart(bead: Bead, judged: readonly Candidate[], choosing: Parameters<typeof choose>[2]): Choice {
    const { free, left } = this.#siblings().apart(bead, judged);
    const choice = choose(bead, free, choosing);
    return left.length === 0 ? choice : { ...choice, candidates: [...choice.candidates, ...left] };
  }

  #siblings(): Siblings {
    return (this.#tried ??= new Siblings(this.#state, this.#depot.polecats.values()));
  }

  /** Why it has no place, though a seat could take it. */
  noPlace(): Reason | null {
    if (this.#free <= 0) return reason('no_free_slot', { max: this.facts.maxPolecats });
    return this.#left <= 0 ? noPlaceLeft(this.facts) : null;
  }

  #plainly(bead: Bead): Decision {
    const none = { candidates: [], seat: null, from: null };
    const seats = this.facts.seats.filter(({ tank }) => !this.limits.has(tank));
    const seat = chooseSeat(
      bead,
      bead.attemptAt === undefined ? seats : this.#siblings().without(bead, seats),
    );
    if (seat === null) return { ...none, rule: 'no_seat', wait: this.#noSeat() };
    const wait = this.noPlace();
    if (wait !== null) return { ...none, rule: 'no_slot', wait };
    this.take(bead, seat, null);
    return { rule: 'first', candidates: [], wait: null, seat };
  }

  #noSeat(): Reason {
    const ends = this.facts.seats.flatMap(({ tank }) => this.limits.get(tank) ?? []);
    if (ends.length === 0) return reason('no_seat');
    return reason('agent_limited', { until: Math.min(...ends), detail: null });
  }

  #judged(place: Place, round: Round, judging: Judging): Decision {
    const { bead } = place;
    const { spent } = judging.fuel;
    const none = { candidates: [], seat: null, from: null };
    const budget = spent.find(
      ({ scope, of }) => (scope === 'bead' && of === bead.id) || (scope === 'convoy' && of === bead.convoy),
    );
    if (budget !== undefined) return { ...none, rule: 'fuel', wait: budgetSpent(budget) };
    const overlapping = this.#overlapping(place);
    if (overlapping !== null) return { ...none, rule: 'overlap', wait: overlapping };
    const { seat: taken, rule, candidates } = this.#remembered(bead, round, judging);
    if (taken === null) {
      const { strategy } = this.routing;
      const { wait, from, first } = waitFor(candidates, strategy, spent);
      if (rule === 'fuel' && this.#isOverdue(place)) this.#keep(bead, first);
      const why = first?.out?.kind === 'kept' ? 'kept' : candidates.length === 0 ? 'no_seat' : rule;
      return { rule: why, candidates, wait, seat: null, from };
    }
    const wait = this.noPlace();
    if (wait !== null) return { rule: 'no_slot', candidates, wait, seat: null, from: null };
    this.take(bead, taken.seat, taken.need);
    return { rule, candidates, wait: null, seat: taken.seat };
  }

  /** What none of its kind could take, a bead that needs no less cannot take either: each only takes more away. */
  #remembered(bead: Bead, round: Round, judging: Judging): Choice {
    const { type, priority, preferredProvider, estimate } = bead;
    const begun = Object.keys(bead.usage).length > 0;
    const size = estimate ?? 0;
    const kind = [
      round,
      type,
      priority,
      preferredProvider ?? '',
      estimate === null,
      begun || bead.attemptAt !== undefined ? bead.id : '',
    ].join(' ');
    const key = this.#exact ? `${kind} ${String(size)}` : kind;
    const known = this.#failed.get(key);
    if (known !== undefined && known.estimate <= size) return known.choice;
    const choice = this.choice(bead, this.facts.seats, judging, round);
    if (choice.seat === null) this.#failed.set(key, { estimate: size, choice });
    return choice;
  }

  #isOverdue({ since }: Place): boolean {
    return this.at - since > patienceMs;
  }

  /** Where it could start first, nothing that would hinder it then is started any more. */
  #keep({ id: bead }: Bead, first: Candidate | null): void {
    if (first?.out?.kind !== 'shortage') return;
    const { kind, tank, from: until } = first.out.shortage;
    const passes = kind === 'dry' || kind === 'pace' || kind === 'probing';
    if (passes && !this.#kept.has(tank)) this.#kept.set(tank, { bead, until });
  }

  #unlessKept(one: Candidate, bead: Bead): Candidate {
    const kept = this.#kept.get(one.seat.tank);
    if (one.out !== null || kept === undefined || kept.bead === bead.id) return one;
    const over = kept.until !== null && this.at + one.need.ms <= kept.until;
    return over ? one : { ...one, out: { kind: 'kept', ...kept } };
  }

  #overlapping(place: Place): Reason | null {
    if (this.routing.overlap === 'allow') return null;
    const files = filesOf(place.bead);
    if (files.length === 0) return null;
    const known = this.#overlaps.get(place.bead.id);
    if (known !== undefined) return known;
    for (const other of this.#atWork()) {
      // Attempts at the same are meant to change the same files.
      const isOwn = other.bead.id === place.bead.id || areSiblings(other.bead, place.bead);
      const file = isOwn ? null : overlap(files, other.files);
      if (file === null) continue;
      // Else two that share no file with each other could keep it waiting in turns.
      if (this.#isOverdue(place)) this.#atWork().push({ bead: place.bead, files });
      const wait = reason('overlaps', { bead: other.bead.id, title: other.bead.title, file });
      this.#overlaps.set(place.bead.id, wait);
      return wait;
    }
    return null;
  }

  #reserve({ carrier: carries }: Judging, seat: Seat, need: Need): void {
    carries.reserve(seat, need);
    this.#count(seat.tank);
  }

  #count(tank: string): void {
    this.#running.set(tank, (this.#running.get(tank) ?? 0) + 1);
  }

  #atWork(): { readonly bead: Bead; readonly files: readonly string[] }[] {
    this.#busy ??= [...this.#depot.busy.values()].map((bead) => ({ bead, files: filesOf(bead) }));
    return this.#busy;
  }

  /** What was promised a place since accounts were last looked at is not in their books yet. */
  #reservePromised(judging: Judging): void {
    const { draws } = judging.fuel;
    for (const { tank } of draws) this.#count(tank);
    for (const polecat of this.#depot.polecats.values()) {
      const bead = this.#state.beads[polecat.bead];
      const seat = promisedSeat(polecat);
      const told = draws.some(({ polecat: id, token }) => id === polecat.id && token === polecat.token);
      if (bead === undefined || seat === null || told) continue;
      this.#reserve(judging, seat, needAt(bead, seat, judging));
    }
  }
}

/** Where a polecat draws or will in a moment; null: nowhere. One that is ready is asked for itself, before any new bead. */
function promisedSeat({ state, seat, session }: Polecat): Seat | null {
  if (session !== null) return session.seat;
  return state === 'housing' ? seat : null;
}
