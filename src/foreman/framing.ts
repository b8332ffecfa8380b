import type { DoneReply } from '../ports/desk.ts';
import { printCommand } from '../system/commandLine.ts';
import type { Bead } from '../town/bead.ts';
import type { Polecat, Session } from '../town/polecat.ts';
import type { Reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { doneMessage, taskFrame } from '../words/agent.ts';
import { readOutput } from './checks/output.ts';
import type { HandContext } from './hands/context.ts';
import { workBase } from './hands/workBase.ts';

type FrameParts = Pick<HandContext, 'git' | 'repository'> & {
  readonly control: { readonly state: RigState };
};

/** Bytes of an output's end that are read for an agent; `words/quote.ts` cuts further. */
const outputBytes = 64 * 1024;

/** The text a session begins with: the task, and for a later session what happened so far. */
export async function frameFor(
  parts: FrameParts,
  bead: Bead,
  polecat: Polecat,
  session: Session,
): Promise<string> {
  const { rig } = parts.control.state;
  const target = rig?.target ?? '';
  const so =
    session.purpose === 'begin' ? { commits: [], changedFiles: [] } : await workSoFar(parts, polecat, target);
  return taskFrame({
    bead,
    rig: rig?.name ?? '',
    polecat: polecat.name,
    branch: polecat.branch,
    target,
    checks: (rig?.checks?.definitions ?? []).map((one) => printCommand(one.command, one.args)),
    purpose: session.purpose,
    feedback: session.feedback,
    output: await outputOf(session.feedback),
    ...so,
  });
}

/** How a done is answered: what became of the bead is all in the state. */
export async function answerTo(state: RigState, polecat: Polecat): Promise<DoneReply> {
  const bead = state.beads[polecat.bead];
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

async function workSoFar(
  parts: FrameParts,
  polecat: Polecat,
  target: string,
): Promise<{ readonly commits: readonly string[]; readonly changedFiles: readonly string[] }> {
  const { git, repository } = parts;
  if (polecat.worktree === null) return { commits: [], changedFiles: [] };
  const head = await git.head(polecat.worktree);
  const base = await workBase(parts, polecat, target, head.commit);
  const commits = await git.log(repository, base, head.commit);
  const committed = await git.diffStat(repository, base, head.commit);
  const uncommitted = await git.uncommitted(polecat.worktree);
  return {
    commits: commits.map((one) => one.subject),
    changedFiles: [...new Set([...committed.files, ...uncommitted])],
  };
}

/** The output a reason points to, written by Rigs itself into the rig's state folder. */
async function outputOf(why: Reason | null): Promise<string | null> {
  const file = why?.facts['output'];
  return typeof file === 'string' ? readOutput(file, outputBytes) : null;
}
