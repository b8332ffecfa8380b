import type { DoneReply } from '../ports/desk.ts';
import { printCommand } from '../system/commandLine.ts';
import { type Bead, promptOf } from '../town/bead.ts';
import type { Polecat, Session } from '../town/polecat.ts';
import type { RigState } from '../town/state.ts';
import { doneMessage, goOnFrame, taskFrame } from '../words/agent.ts';
import { type HandoverParts, handoverFor, outputOf } from './handover.ts';

/**
 * The text a session begins with: the task, and for a later session what happened so far. `fitting`: short where the
 * agent goes on in its own session and remembers; `full`: for one that asks for its task again.
 */
export async function frameFor(
  parts: HandoverParts,
  bead: Bead,
  polecat: Polecat,
  session: Session,
  form: 'fitting' | 'full' = 'fitting',
): Promise<string> {
  const { rig } = parts.control.state;
  const { past, remembers } = await handoverFor(parts, bead, polecat, session);
  if (past !== null && remembers && form === 'fitting') return goOnFrame({ bead, past });
  return taskFrame({
    bead: { ...bead, description: promptOf(bead) },
    rig: rig?.name ?? '',
    polecat: polecat.name,
    branch: polecat.branch,
    target: rig?.target ?? '',
    checks: (rig?.checks?.definitions ?? []).map((one) => printCommand(one.command, one.args)),
    past,
  });
}

/** How a done is answered: what became of the bead is all in the state. */
export async function answerTo(state: RigState, polecat: Polecat): Promise<DoneReply> {
  const bead = state.beads[polecat.bead];
  if (bead?.status === 'contending')
    return { accepted: true, message: doneMessage({ kind: 'compared' }), goOn: false };
  if (bead?.status === 'merging' || bead?.status === 'completed') {
    const committedForAgent = bead.evidence?.committedForAgent ?? false;
    const target = state.rig?.target ?? '';
    const landing = bead.status === 'merging' || bead.landed !== null;
    const message = doneMessage(
      landing ? { kind: 'landing', target, committedForAgent } : { kind: 'completed' },
    );
    return { accepted: true, message, goOn: false };
  }
  if (bead?.status !== 'in_progress' || bead.reason === null) {
    return { accepted: false, message: doneMessage({ kind: 'taken_away' }), goOn: false };
  }
  const personAsked = Object.values(state.asks).some(
    (ask) => ask.bead === bead.id && ask.subject.kind === 'stuck' && ask.answer === null,
  );
  const output = await outputOf(bead.reason);
  const message = doneMessage({ kind: 'missing', reason: bead.reason, output, personAsked });
  return { accepted: false, message, goOn: !personAsked };
}
