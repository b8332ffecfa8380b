import { AccountError, type LiveSession } from '../../ports/account.ts';
import type { Caller } from '../../ports/desk.ts';
import type { Reservation, SessionKey } from '../../town/account.ts';
import { type Need, type Shortage, noFuel } from '../../town/fuel.ts';
import { restOf } from '../../town/need.ts';
import { priceOfToken } from '../../town/price.ts';
import { withOwn } from '../../town/prices.ts';
import type { Polecat, ProcessIdentity, Session } from '../../town/polecat.ts';
import type { RigState } from '../../town/state.ts';
import { callerKey } from '../caller.ts';
import type { HandContext } from './context.ts';

/** How long to wait for a place before asking again, when nobody tells of one. */
const askAgainMs = 5_000;
/** When it is not known until when an account cannot carry a session. */
const shortPauseMs = 30_000;

/**
 * Takes one of the person's places for a session, and of its account what the session needs, waiting for a place if
 * need be. False: it is no longer wanted, or its account cannot carry it after all and it makes way.
 */
export async function reservePlace(
  context: HandContext,
  session: Session,
  polecat: Polecat,
  signal: AbortSignal,
): Promise<boolean> {
  const { account, rig, places } = context;
  const { token, seat } = session;
  const { tank, model } = seat;
  const { id } = polecat;
  const need = needIn(context, session, polecat);
  const { bead } = polecat;
  const convoy = context.state().beads[bead]?.convoy ?? null;
  const wanted = { rig, polecat: id, token, tank, model, need, bead, convoy, spool: places.spool };
  for (let said = false; !signal.aborted; said = true) {
    const { maxAgents, budgets } = context.settings();
    const answer = await account.reserve(wanted, maxAgents, budgets);
    if (answer.granted) return true;
    if ('shortage' in answer) {
      await makesWay(context, { polecat: id, token }, answer.shortage);
      return false;
    }
    if (!said) {
      const rigs = answer.held.map((one) => one.name ?? one.rig);
      context.say({ what: 'launch.waits', level: 'info', facts: { max: answer.limit, rigs }, polecat: id });
    }
    await account.changed(askAgainMs, signal);
  }
  return false;
}

function needIn(context: HandContext, { seat }: Session, polecat: Polecat): Need | null {
  const bead = context.state().beads[polecat.bead];
  if (bead === undefined) return null;
  const { learned } = context.facts().fuel ?? noFuel;
  const rows = withOwn(context.settings().prices);
  return restOf(bead, seat, learned, priceOfToken(seat.provider, seat.model, context.clock.now(), rows));
}

/** Another window took what was there a moment ago; what its dispatch does not know yet holds only for this session. */
async function makesWay(context: HandContext, caller: Caller, shortage: Shortage): Promise<void> {
  const kind = shortage.kind === 'dry' ? 'limited' : 'overloaded';
  const until = shortage.from ?? context.clock.now() + shortPauseMs;
  const doing = { kind, until, detail: null } as const;
  await context.wish({ type: 'sawAgent', ...caller, doing, ask: context.ids.ask() });
}

/** Tells the account which process has the place. */
export async function confirmPlace(
  context: HandContext,
  action: Caller,
  agent: ProcessIdentity,
): Promise<void> {
  // One that took no place, or lost it, is told of at the next heartbeat.
  await inSpite(context, async () => {
    await context.account.confirm(keyOf(context, action), agent);
  });
}

/** Gives a session's place back. */
export async function releasePlace(context: HandContext, action: Caller): Promise<void> {
  await inSpite(context, () => context.account.release(keyOf(context, action)));
}

/**
 * What could not be told at the time: places of sessions that are over are given back, running ones get theirs. False
 * when the account, as `held` says it is, has nothing to be told. Throws AccountError.
 */
export async function keepPlaces(context: HandContext, held: readonly Reservation[]): Promise<boolean> {
  const { account, rig, epoch, places } = context;
  const own = held.filter((one) => one.rig === rig);
  const live = liveSessions(context.state(), places.spool);
  const [has, lives] = [new Set(own.map(callerKey)), new Set(live.map(callerKey))];
  const over = own.some((one) => !lives.has(callerKey(one)));
  const untold = live.some((one) => one.agent !== null && !has.has(callerKey(one)));
  if (!over && !untold) return false;
  // Not those that wait for a place yet.
  const known = live.filter((one) => one.agent !== null || has.has(callerKey(one)));
  await account.reconcile({ rig, epoch }, known);
  return true;
}

/** Sessions of a rig that run or may still begin, as the account knows them. */
export function liveSessions({ polecats, beads }: RigState, spool: string): readonly LiveSession[] {
  return Object.values(polecats).flatMap(({ id, session, bead }) => {
    if (session === null) return [];
    const { token, process, seat } = session;
    const { tank, model } = seat;
    const convoy = beads[bead]?.convoy ?? null;
    return [{ polecat: id, token, tank, model, need: null, bead, convoy, spool, agent: process }];
  });
}

/** What the account does not take is no reason to keep an agent's start or end from being seen; boot tells it anew. */
async function inSpite(context: HandContext, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    const facts = { action: 'account', message: error.message };
    context.say({ what: 'hand.failed', level: 'warning', facts });
  }
}

function keyOf({ rig }: HandContext, { polecat, token }: Caller): SessionKey {
  return { rig, polecat, token };
}
