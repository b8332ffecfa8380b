import type { Caller } from '../ports/desk.ts';
import type { Ids } from '../ports/ids.ts';
import type { PolecatId } from '../town/ids.ts';
import { reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { doneMessage } from '../words/agent.ts';
import type { Answer, Wish } from './control.ts';

interface TurnParts {
  readonly ids: Ids;
  state(): RigState;
  wish(wish: Wish): Promise<Answer>;
}

/** Tells the town that an agent's turn ended; resolves with what the agent is to be reminded of, or null. */
export async function endTurn(parts: TurnParts, { polecat, token }: Caller): Promise<string | null> {
  const before = remindersOf(parts.state(), polecat);
  await parts.wish({ type: 'endTurn', polecat, token, ask: parts.ids.ask() });
  const state = parts.state();
  if (remindersOf(state, polecat) <= before) return null;
  const why = reason('agent_ended_without_done', { polecat: state.polecats[polecat]?.name ?? '' });
  return doneMessage({ kind: 'missing', reason: why, output: null, personAsked: false });
}

function remindersOf({ polecats, beads }: RigState, polecat: PolecatId): number {
  const found = polecats[polecat];
  return found === undefined ? 0 : (beads[found.bead]?.reminders ?? 0);
}
