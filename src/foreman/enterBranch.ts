import type { Clock } from '../ports/clock.ts';
import type { Entered, WantedBranch } from '../ports/entering.ts';
import { type Git, GitError, type Repository } from '../ports/git.ts';
import type { BeadDraft, Evidence } from '../town/bead.ts';
import { whatDecides } from '../town/decides.ts';
import type { CommitId } from '../town/ids.ts';
import { heldOut } from '../town/enterable.ts';
import { type Reason, reason } from '../town/reason.ts';
import type { Control } from './control.ts';
import { hasConflictMarkers, markedDiffBytes } from './conflictMarkers.ts';

/** What a branch of a person's is looked at with, in the process that owns the rig. */
export interface Entrance {
  readonly repository: Repository;
  readonly git: Pick<
    Git,
    | 'tip'
    | 'mergeBase'
    | 'isAncestor'
    | 'diffStat'
    | 'diff'
    | 'log'
    | 'makeDurable'
    | 'revertOnto'
    | 'makeBranch'
  >;
  readonly clock: Pick<Clock, 'now'>;
  readonly control: Pick<Control, 'state' | 'wish'>;
  /** Puts before the person which checks there are, where none are confirmed; absent: nobody can. */
  readonly proposeChecks?: () => Promise<void>;
}

/** A branch that no agent made enters the merge queue, with a bead that stands for it. Never throws `GitError`. */
export async function enterBranch(entrance: Entrance, wanted: WantedBranch): Promise<Entered> {
  return refusing(async () => {
    const found = await look(entrance, wanted.branch);
    if ('refusal' in found) return { ok: false, refusal: found.refusal };
    const { evidence, subject } = found;
    const { branch, bead, request, title, priority = 'normal', reverts, approval } = wanted;
    const named = title ?? subject;
    const draft: BeadDraft = {
      ...{ title: named.trim() === '' ? branch : named, description: '', type: 'implementation', priority },
      ...{ criteria: [], dependencies: [], touches: [], labels: [], estimate: null },
      ...{ preferredProvider: null, source: { kind: 'person' } },
    };
    const answer = await entrance.control.wish({
      ...{ type: 'enterBranch', request, bead, draft, branch, evidence },
      ...(reverts === undefined ? {} : { reverts }),
      ...(approval === undefined ? {} : { approval }),
    });
    return answer.ok ? { ok: true, bead, request, branch } : answer;
  });
}

/** What git has against it, as a reason. */
export async function refusing(act: () => Promise<Entered>): Promise<Entered> {
  try {
    return await act();
  } catch (error) {
    if (!GitError.is(error)) throw error;
    if (error.reason === 'fenced') return { ok: false, refusal: reason('taken_over') };
    return { ok: false, refusal: reason('git_failed', { message: error.message }) };
  }
}

interface Look {
  readonly evidence: Evidence & { readonly commit: CommitId };
  readonly subject: string;
}

async function look(
  { git, repository, clock, control, proposeChecks }: Entrance,
  branch: string,
): Promise<Look | { readonly refusal: Reason }> {
  const { state } = control;
  const target = state.rig?.target ?? null;
  if (target === null) return refuse('no_such', { what: 'rig' });
  const taken = heldOut(state, branch);
  if (taken !== null) return { refusal: taken };
  const tip = await tipOf(git, repository, branch);
  if (tip === 'bad name') return refuse('invalid', { what: 'branch', value: branch });
  if (tip === null) return refuse('branch_missing', { branch });
  const landsOn = await git.tip(repository, target);
  if (landsOn === null) return refuse('target_missing', { target });
  const base = await git.mergeBase(repository, landsOn.commit, tip.commit);
  if (base === null) return refuse('branch_unrelated', { branch, target });
  const stat = await git.diffStat(repository, base, tip.commit);
  if (stat.files.length === 0 || tip.tree === landsOn.tree)
    return refuse('branch_unchanged', { branch, target });
  const diff = await git.diff(repository, base, tip.commit, markedDiffBytes);
  if (hasConflictMarkers(diff)) return refuse('conflict_markers');
  if (state.rig?.checks === null) {
    // Nothing would prove it, and on a rig without agents nobody has asked yet.
    await proposeChecks?.();
    return refuse('checks_unconfirmed');
  }
  const commits = await git.log(repository, base, tip.commit);
  // What the person's own git wrote may be in memory only; from here on it is in the queue.
  await git.makeDurable(repository, base, tip.commit);
  const decides = whatDecides(stat.files, diff);
  const evidence = {
    ...{ commit: tip.commit, tree: tip.tree, base, ...stat, checks: [], committedForAgent: false },
    ...{ summary: summaryOf(commits.map(({ subject }) => subject)), at: clock.now() },
    ...(decides.length === 0 ? {} : { decides }),
  };
  return { evidence, subject: commits[0]?.subject ?? '' };
}

function refuse(...said: Parameters<typeof reason>): { readonly refusal: Reason } {
  return { refusal: reason(...said) };
}

async function tipOf(
  git: Entrance['git'],
  repository: Repository,
  branch: string,
): Promise<Awaited<ReturnType<Git['tip']>> | 'bad name'> {
  try {
    return await git.tip(repository, branch);
  } catch (error) {
    if (GitError.is(error, 'bad_name')) return 'bad name';
    throw error;
  }
}

/** Longer, nobody reads it. */
const mostSubjects = 50;

function summaryOf(subjects: readonly string[]): string {
  const more = subjects.length - mostSubjects;
  return [...subjects.slice(0, mostSubjects), ...(more > 0 ? [`… +${String(more)}`] : [])].join('\n');
}
