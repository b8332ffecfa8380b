import type { Caller } from '../../ports/desk.ts';
import type { SessionKey } from '../../town/account.ts';
import type { PolecatId } from '../../town/ids.ts';
import type { Session } from '../../town/polecat.ts';
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

/** How the person's account knows a session. */
export function sessionKey({ rig }: HandContext, { polecat, token }: Caller): SessionKey {
  return { rig, polecat, token };
}
