import type { Git, Repository } from '../ports/git.ts';
import type { Bead } from '../town/bead.ts';
import { firstFailure } from '../town/check.ts';
import type { Polecat, Session } from '../town/polecat.ts';
import type { Facts, Reason } from '../town/reason.ts';
import { owedOf, toldOf } from '../town/review.ts';
import type { RigState } from '../town/state.ts';
import type { Handover, PutQuestion } from '../words/handover.ts';
import { readOutput } from './checks/output.ts';
import { formerWork } from './formerWork.ts';
import { workBase } from './hands/workBase.ts';
import { readLastWords } from './lastWords.ts';
import type { Places } from './places.ts';

export interface HandoverParts {
  readonly git: Git;
  readonly repository: Repository;
  readonly places: Pick<Places, 'transcript' | 'agent'>;
  readonly control: { readonly state: RigState };
}

/** Bytes of an output's end that are read for an agent; `words/quote.ts` cuts further. */
const outputBytes = 64 * 1024;

export interface Past {
  /** Null for a bead's first session. */
  readonly past: Handover | null;
  /** The agent goes on in its own session, and nobody else has worked here: one that took over knows less than it thinks. */
  readonly remembers: boolean;
}

/** What a session that goes on has to know of what was done. Throws GitError. */
export async function handoverFor(
  parts: HandoverParts,
  bead: Bead,
  polecat: Polecat,
  session: Session,
): Promise<Past> {
  const { purpose, feedback } = session;
  if (purpose === 'begin') return { past: null, remembers: false };
  const { state } = parts.control;
  const last = lastCheck(state, bead, feedback);
  const convoy = bead.convoy === null ? undefined : state.convoys[bead.convoy];
  const former = await formerWork(parts.places, polecat.id, session.token);
  const runners = Object.keys(polecat.conversations);
  const remembers = former === null && runners.length === 1 && runners[0] === session.seat.runner;
  const past: Handover = {
    purpose,
    feedback,
    goal: convoy === undefined || convoy.title === bead.title ? null : convoy.title,
    ...(await treeOf(parts, polecat)),
    lastCheck: last.check,
    output: await readEnd(last.output),
    review: owedOf(bead).flatMap((one) => toldOf(one) ?? []),
    questions: questionsOf(state, polecat),
    notes: polecat.notes,
    said: await withLastWords(parts, polecat, former?.said ?? []),
    ran: [...(former?.ran ?? []), ...permitted(state, polecat)],
  };
  return { past, remembers };
}

/** The output a reason points to, written by Rigs itself into the rig's state folder. */
export async function outputOf(why: Reason | null): Promise<string | null> {
  return readEnd(why === null ? null : textIn(why.facts, 'output'));
}

async function readEnd(file: string | null): Promise<string | null> {
  return file === null ? null : readOutput(file, outputBytes);
}

async function treeOf(
  parts: HandoverParts,
  polecat: Polecat,
): Promise<Pick<Handover, 'commits' | 'changed' | 'uncommitted'>> {
  const { git, repository, control } = parts;
  if (polecat.worktree === null) return nothing;
  const head = await git.head(polecat.worktree);
  const base = await workBase(parts, polecat, control.state.rig?.target ?? '', head.commit);
  const commits = await git.log(repository, base, head.commit);
  return {
    commits: commits.map((one) => one.subject),
    changed: await git.diffStat(repository, base, head.commit),
    uncommitted: await git.uncommitted(polecat.worktree),
  };
}

const nothing = { commits: [], changed: { files: [], insertions: 0, deletions: 0 }, uncommitted: [] };

interface LastCheck {
  readonly check: Handover['lastCheck'];
  /** File of its output, or of a conflict's hunks. */
  readonly output: string | null;
}

/**
 * The check that ran last, where the state still tells of it: what brought the bead back, what it last came back for,
 * what the queue found, and at last its proof.
 */
function lastCheck(state: RigState, bead: Bead, feedback: Reason | null): LastCheck {
  const requests = Object.values(state.requests)
    .filter((one) => one.bead === bead.id)
    .toSorted((a, b) => b.changedAt - a.changedAt);
  const told = [feedback, bead.reason, ...requests.map((one) => one.reason)];
  const found = told.find((one) => one !== null && textIn(one.facts, 'output') !== null);
  if (found != null) {
    const name = textIn(found.facts, 'name');
    return { check: name === null ? null : { name, passed: false }, output: textIn(found.facts, 'output') };
  }
  const checks = bead.evidence?.checks ?? [];
  const shown = firstFailure(checks) ?? checks.findLast((one) => one.outcome === 'passed');
  if (shown === undefined) return { check: null, output: null };
  const passed = shown.outcome === 'passed';
  return { check: { name: shown.name, passed }, output: passed ? null : shown.outputFile };
}

function textIn(facts: Facts, name: string): string | null {
  const value = facts[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function questionsOf({ asks }: RigState, polecat: Polecat): readonly PutQuestion[] {
  return Object.values(asks)
    .toSorted((a, b) => a.raisedAt - b.raisedAt)
    .flatMap(({ subject, reply }) =>
      subject.kind === 'question' && subject.polecat === polecat.id
        ? [{ question: subject.question, reply }]
        : [],
    );
}

/** What a person let the agent do: of all that it did, most likely to have changed something elsewhere. */
function permitted({ asks }: RigState, polecat: Polecat): readonly string[] {
  return Object.values(asks)
    .toSorted((a, b) => a.raisedAt - b.raisedAt)
    .flatMap(({ subject, answer }) => {
      const allowed = answer === 'allow' || answer === 'always';
      if (!allowed || subject.kind !== 'permission' || subject.polecat !== polecat.id) return [];
      return [subject.tool === 'run' ? subject.detail : `${subject.tool}: ${subject.detail}`];
    });
}

async function withLastWords(
  { places }: HandoverParts,
  { id }: Polecat,
  said: Handover['said'],
): Promise<Handover['said']> {
  const text = await readLastWords(places, id);
  return text === null || text.trim() === '' ? said : [...said, { by: 'agent', text }];
}
