import type { Ask } from './ask.ts';
import type { Bead } from './bead.ts';
import { budgetOf, budgetSpent, fromOf, waitFor } from './waiting.ts';
import { chooseSeat } from './freePlaces.ts';
import type { Need } from './fuel.ts';
import { hashOf } from './hash.ts';
import type { AskId, Instant } from './ids.ts';
import type { Pass } from './pass.ts';
import type { Polecat, Seat } from './polecat.ts';
import { type Reason, reason } from './reason.ts';
import { type Judging, needAt } from './score.ts';
import type { RigState } from './state.ts';

/** How a polecat that wants a session goes on. moved: another seat continues what its own cannot carry. */
export type ComeBack =
  | { readonly kind: 'opens'; readonly seat: Seat; readonly need: Need | null; readonly moved: boolean }
  | { readonly kind: 'waits'; readonly wait: Reason }
  /** A person is asked whether work of its convoy may go on elsewhere. */
  | { readonly kind: 'asks'; readonly wait: Reason; readonly to: Seat; readonly until: Instant | null };

/** What comes back so soon is not worth that another reads all anew. */
const worthMovingMs = 15 * 60 * 1000;
/** Those that wait for one reset do not all begin in the same moment; a short wait grows by a quarter at most. */
const mostJitterMs = 45_000;
const jitterPart = 0.25;

/** In its own seat, as soon as that can carry the rest; where that takes long, in another, as the person has it. */
export function comeBack(state: RigState, polecat: Polecat, bead: Bead, pass: Pass): ComeBack {
  if (polecat.resolving !== undefined) return waits(reason('person_resolves'));
  const { seats } = pass.facts;
  const other = polecat.wants?.other === true ? otherVendor(polecat, bead, pass) : null;
  if (other !== null) return other;
  const seat = ownSeat(polecat, bead, seats);
  if (seat === null) return waits(reason('no_seat'));
  const refused = keptOut(polecat, pass.at);
  if (refused !== null) return waits(refused);
  const { judging } = pass;
  if (judging === null) return plainly(polecat, seat, pass);
  const budget = budgetOf(bead, judging.fuel.spent);
  if (budget !== null) return waits(budgetSpent(budget));
  const alone = polecat.limit?.alone === true ? polecat.limit.until : 0;
  if (alone > pass.at) return waits(reason('vendor_overloaded', { until: alone, detail: null }));
  const own = ownLimit(polecat, seat, pass.at);
  const [judged] = pass.choice({ ...bead, priority: 'critical' }, [seat], judging).candidates;
  if (judged?.out === null && own === null) return { kind: 'opens', seat, need: judged.need, moved: false };
  // What has not begun may begin anywhere.
  if (polecat.wants?.purpose === 'begin' && polecat.chosen === null) return begins(bead, pass, judging);
  const until = own ?? (judged?.out == null ? null : fromOf(judged.out));
  const wait =
    own !== null
      ? reason('agent_limited', { until: own, detail: null })
      : waitFor(judged === undefined ? [] : [judged], pass.routing.strategy, judging.fuel.spent).wait;
  if (until !== null && until - pass.at <= worthMovingMs) return waits(wait);
  return elsewhere(state, bead, seat, { wait, until }, pass, judging);
}

/** Where its work is to be seen with other eyes; null: none can carry it, and its own agent tries once more. */
function otherVendor(polecat: Polecat, bead: Bead, pass: Pass): ComeBack | null {
  const { judging, limits, routing, facts } = pass;
  if (routing.moveOn === 'never') return null;
  const known = [polecat.seat.provider, ...(polecat.formerProviders ?? [])];
  const others = facts.seats.filter(({ provider }) => !known.includes(provider));
  if (judging === null) {
    const seat = chooseSeat(
      bead,
      others.filter(({ tank }) => !limits.has(tank)),
    );
    return seat === null ? null : { kind: 'opens', seat, need: null, moved: true };
  }
  if (budgetOf(bead, judging.fuel.spent) !== null) return null;
  const { seat } = pass.choice({ ...bead, priority: 'critical' }, others, judging);
  return seat === null ? null : { kind: 'opens', seat: seat.seat, need: seat.need, moved: true };
}

/** So long an account takes to hear that it let nobody in; who is let in from then on is decided there. */
const hearsOfItMs = 15_000;

function keptOut({ wants, changedAt }: Polecat, at: Instant): Reason | null {
  const why = wants?.feedback ?? null;
  return why?.code === 'account_refused' && Math.abs(at - changedAt) < hearsOfItMs ? why : null;
}

/** Those that want a session, the longest first. */
export function waiting(polecats: Iterable<Polecat>): readonly Polecat[] {
  return [...polecats]
    .filter((one) => one.state === 'ready')
    .sort((a, b) => a.changedAt - b.changedAt || (a.id < b.id ? -1 : 1));
}

function ownSeat(polecat: Polecat, bead: Bead, seats: readonly Seat[]): Seat | null {
  const { tank, model } = polecat.seat;
  return (
    seats.find((one) => one.provider === polecat.chosen) ??
    seats.find((one) => one.tank === tank && one.model === model) ??
    seats.find((one) => one.tank === tank) ??
    chooseSeat(bead, seats)
  );
}

function plainly({ limit }: Polecat, seat: Seat, { limits, at }: Pass): ComeBack {
  const until = limits.get(seat.tank);
  if (until !== undefined) return waits(reason('agent_limited', { until, detail: null }));
  if (limit?.alone === true && limit.until > at)
    return waits(reason('vendor_overloaded', { until: limit.until, detail: null }));
  return { kind: 'opens', seat, need: null, moved: false };
}

/** The reset that it waits for, and a moment more; null: none. */
function ownLimit({ id, token, limit, changedAt }: Polecat, { tank }: Seat, at: Instant): Instant | null {
  if (limit?.tank !== tank) return null;
  const most = Math.min(mostJitterMs, Math.max(1, Math.round((limit.until - changedAt) * jitterPart)));
  const until = limit.until + (hashOf(`${id} ${String(token)}`) % most);
  return until > at ? until : null;
}

function begins(bead: Bead, pass: Pass, judging: Judging): ComeBack {
  const { seat, candidates } = pass.choice(bead, pass.facts.seats, judging);
  if (seat !== null) return { kind: 'opens', seat: seat.seat, need: seat.need, moved: false };
  return waits(waitFor(candidates, pass.routing.strategy, judging.fuel.spent).wait);
}

function elsewhere(
  state: RigState,
  bead: Bead,
  own: Seat,
  { wait, until }: { readonly wait: Reason; readonly until: Instant | null },
  pass: Pass,
  judging: Judging,
): ComeBack {
  const { moveOn } = pass.routing;
  if (moveOn === 'never') return waits(wait);
  const others = pass.facts.seats.filter((one) => one.tank !== own.tank);
  const found = pass.choice(bead, others, judging).seat;
  if (found === null) return waits(wait);
  const moves = {
    kind: 'opens',
    seat: found.seat,
    need: needAt(bead, found.seat, judging),
    moved: true,
  } as const;
  if (moveOn === 'always') return moves;
  const asked = askedToMove(state, bead);
  if (asked?.answer === 'allow') return moves;
  if (asked?.answer === null) return waits(reason('move_on_asked', { provider: found.seat.provider, until }));
  // An id that is taken by chance is not worth a second way of drawing one.
  if (asked !== undefined || state.asks[moveAskId(bead)] !== undefined) return waits(wait);
  return { kind: 'asks', wait, to: found.seat, until };
}

/** The question about its convoy, or about the bead where it is in none; one that went by itself was not answered. */
function askedToMove({ asks }: RigState, bead: Bead): Ask | undefined {
  return Object.values(asks).find(
    ({ answer, subject, bead: about }) =>
      subject.kind === 'moveOn' &&
      answer !== 'dismiss' &&
      (bead.convoy === null ? about === bead.id : subject.convoy === bead.convoy),
  );
}

/** Drawn with the bead: time, which brings the question about, draws nothing. */
export function moveAskId({ id }: Bead): AskId {
  return id.replace(/^gt-/, 'ak-') as AskId;
}

function waits(wait: Reason): ComeBack {
  return { kind: 'waits', wait };
}
