import { GitError, type GitErrorReason } from '../../ports/git.ts';
import type { BeadId, PolecatId } from '../../town/ids.ts';
import { otherBeads } from '../../town/ladder.ts';
import type { Polecat } from '../../town/polecat.ts';
import { type Reason, reason } from '../../town/reason.ts';
import type { ResolvingFound, ResolvingStep } from '../../town/resolving.ts';
import { plain } from '../../words/plain.ts';
import type { HandContext } from './context.ts';

interface ResolveAction {
  readonly polecat: PolecatId;
  readonly step: Exclude<ResolvingStep, 'open'>;
}

/** What another try would only meet again: a person is told. */
const forGood: readonly GitErrorReason[] = ['taken', 'locked', 'unsafe_config', 'no_commit'];

/** Begins, commits or undoes the merge that a person makes in a polecat's worktree. */
export async function resolve(context: HandContext, action: ResolveAction): Promise<void> {
  const polecat = context.state().polecats[action.polecat];
  if (polecat?.worktree == null || polecat.resolving?.step !== action.step) return;
  const tell = async (found: ResolvingFound, why: Reason | null): Promise<void> => {
    await context.wish({ type: 'resolution', polecat: polecat.id, step: action.step, found, reason: why });
  };
  try {
    const { found, why = null } = await steps[action.step](context, polecat, polecat.worktree);
    await tell(found, why);
  } catch (error) {
    if (!GitError.is(error) || !forGood.includes(error.reason)) throw error;
    const why = reason('git_failed', { message: error.message });
    // What is begun is not lost because it could not be committed.
    const found: ResolvingFound =
      action.step === 'finish' ? { kind: 'left', marked: [], undecided: [] } : { kind: 'gone' };
    await tell(found, why);
  }
}

interface Outcome {
  readonly found: ResolvingFound;
  readonly why?: Reason;
}
type Step = (context: HandContext, polecat: Polecat, worktree: string) => Promise<Outcome>;

const begin: Step = async (context, { branch }, worktree) => {
  const { git, repository } = context;
  const target = context.state().rig?.target ?? '';
  if ((await git.tip(repository, target)) === null)
    return { found: { kind: 'gone' }, why: reason('target_missing', { target }) };
  const onto = await git.freshestBase(repository, target);
  const merge = await git.beginMerge(repository, worktree, branch, onto);
  return { found: { kind: 'begun', ...merge } };
};

const finish: Step = async (context, polecat, worktree) => {
  const { git, repository } = context;
  const { branch, resolving, bead, name } = polecat;
  const onto = resolving?.merge?.onto;
  if (onto === undefined) return { found: { kind: 'gone' } };
  const { rig, beads } = context.state();
  const title = plain(beads[bead]?.title ?? bead, 120);
  // What it was brought together with is named too: whoever reads the history sees both intents.
  const others = otherTitles(context, resolving?.request).map((one) => `- ${plain(one, 120)}`);
  const body = others.length === 0 ? [] : ['', 'Brought together with:', ...others];
  const message = [
    `Merge ${rig?.target ?? ''} into ${title}`,
    ...body,
    '',
    `Bead: ${bead}`,
    `Agent: ${name}`,
    '',
  ];
  const asIs = resolving?.asIs === true;
  const merge = { branch, onto, message: message.join('\n'), asIs };
  const done = await git.finishMerge(repository, worktree, merge);
  if (done === null) return { found: { kind: 'gone' } };
  if (done.ok) return { found: { kind: 'made', commit: done.commit } };
  const { marked, undecided } = done;
  return { found: { kind: 'left', marked, undecided } };
};

const abandon: Step = async ({ git, repository }, _polecat, worktree) => {
  await git.abandonMerge(repository, worktree);
  return { found: { kind: 'gone' } };
};

const steps: Readonly<Record<ResolveAction['step'], Step>> = { begin, finish, abandon };

function otherTitles(context: HandContext, request: string | undefined): readonly string[] {
  const { requests, beads } = context.state();
  const found = Object.values(requests).find(({ id }) => id === request);
  return otherBeads(found?.reason ?? null).flatMap((id) => beads[id as BeadId]?.title ?? []);
}
