import type { Caller } from '../ports/desk.ts';
import type { Ids } from '../ports/ids.ts';
import type { PolecatId } from '../town/ids.ts';
import { type Reason, reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { doneMessage } from '../words/agent.ts';
import type { Answer, Wish } from './control.ts';
import { outputOf } from './handover.ts';
import type { Findings } from './findings.ts';

interface TurnParts {
  readonly ids: Ids;
  readonly findings: Findings;
  state(): RigState;
  wish(wish: Wish): Promise<Answer>;
}

/** Tells the town that an agent's turn ended; resolves with what the agent is to be reminded of, or null. */
export async function endTurn(parts: TurnParts, { polecat, token }: Caller): Promise<string | null> {
  const untold = untoldBy(parts, { polecat, token });
  if (untold !== null) {
    const output = await outputOf(untold);
    if (untoldBy(parts, { polecat, token }) !== untold) return null;
    // The proof counted it as a reminder already, and its reason stays with the bead until it is heard.
    parts.findings.told(untold);
    return doneMessage({ kind: 'missing', reason: untold, output, personAsked: false });
  }
  const before = remindersOf(parts.state(), polecat);
  await parts.wish({ type: 'endTurn', polecat, token, ask: parts.ids.ask() });
  const state = parts.state();
  if (remindersOf(state, polecat) <= before) return null;
  const why = reason('agent_ended_without_done', { polecat: state.polecats[polecat]?.name ?? '' });
  return doneMessage({ kind: 'missing', reason: why, output: null, personAsked: false });
}

/** What the agent's proof found missing and nobody told it; null as well where the town would not remind it either. */
function untoldBy(parts: TurnParts, { polecat, token }: Caller): Reason | null {
  const { polecats, beads, asks } = parts.state();
  const found = polecats[polecat];
  const session = found?.session;
  if (found === undefined || session?.token !== token || session.leaving !== null || found.wants !== null)
    return null;
  if (['login', 'limited', 'overloaded'].includes(session.doing.kind)) return null;
  const waits = Object.values(asks).some(
    ({ bead, answer, subject }) =>
      bead === found.bead && answer === null && (subject.kind === 'stuck' || subject.kind === 'question'),
  );
  return waits ? null : parts.findings.untold(beads[found.bead], found);
}

function remindersOf({ polecats, beads }: RigState, polecat: PolecatId): number {
  const found = polecats[polecat];
  return found === undefined ? 0 : (beads[found.bead]?.reminders ?? 0);
}
