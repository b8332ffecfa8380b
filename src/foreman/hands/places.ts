import { AccountError, type LiveSession } from '../../ports/account.ts';
import type { Caller } from '../../ports/desk.ts';
import type { SessionKey } from '../../town/account.ts';
import type { PolecatId } from '../../town/ids.ts';
import type { ProcessIdentity, Session } from '../../town/polecat.ts';
import type { RigState } from '../../town/state.ts';
import type { HandContext } from './context.ts';

/** How long to wait for a place before asking again, when nobody tells of one. */
const askAgainMs = 5_000;

/** Takes one of the person's places for a session, waiting for one if need be; false when it is no longer wanted. */
export async function reservePlace(
  context: HandContext,
  session: Session,
  polecat: PolecatId,
  signal: AbortSignal,
): Promise<boolean> {
  const { account, rig, places } = context;
  const wanted = { rig, polecat, token: session.token, tank: session.seat.tank, spool: places.spool };
  for (let said = false; !signal.aborted; said = true) {
    const answer = await account.reserve(wanted, context.settings().maxAgents);
    if (answer.granted) return true;
    if (!said) {
      const rigs = answer.held.map((one) => one.name ?? one.rig);
      context.say({ what: 'launch.waits', level: 'info', facts: { max: answer.limit, rigs }, polecat });
    }
    await account.changed(askAgainMs, signal);
  }
  return false;
}

/** Tells the account which process has the place; one that took it unseen is told of with all others of the rig. */
export async function confirmPlace(
  context: HandContext,
  action: Caller,
  agent: ProcessIdentity,
): Promise<void> {
  const { account, rig, places } = context;
  await inSpite(context, async () => {
    if (await account.confirm(keyOf(context, action), agent)) return;
    const others = liveSessions(context.state(), places.spool).filter((one) => one.token !== action.token);
    const session = context.state().polecats[action.polecat]?.session;
    if (session === undefined || session === null) return;
    const { token, seat } = session;
    const own = { polecat: action.polecat, token, tank: seat.tank, spool: places.spool, agent };
    await account.reconcile(rig, [...others, own]);
  });
}

/** Gives a session's place back. */
export async function releasePlace(context: HandContext, action: Caller): Promise<void> {
  await inSpite(context, () => context.account.release(keyOf(context, action)));
}

/** Sessions of a rig that run or may still begin, as the account knows them. */
export function liveSessions({ polecats }: RigState, spool: string): readonly LiveSession[] {
  return Object.values(polecats).flatMap(({ id, session }) => {
    if (session === null) return [];
    const { token, process, seat } = session;
    return [{ polecat: id, token, tank: seat.tank, spool, agent: process }];
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
