import type { ForgeAnswer, ForgeProblem, PullRequest } from '../../ports/forge.ts';
import type { CommitId, RequestId } from '../../town/ids.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { type Reason, type ReasonCode, reason } from '../../town/reason.ts';
import { plain } from '../../words/plain.ts';
import { pullRequestText } from '../../words/pullRequest.ts';
import { isGitTrouble } from './arrived.ts';
import type { HandContext } from './context.ts';
import { lookAt } from './watchOffers.ts';

/**
 * Pushes the branch of a request, never by force, and has a pull request opened for it unless one is open. Said again
 * after a crash it finds what it did.
 */
export async function offer(
  context: HandContext,
  action: { readonly request: RequestId },
  signal: AbortSignal,
): Promise<void> {
  const request = context.state().requests[action.request];
  if (request?.stage !== 'offered' || request.offer === undefined) return;
  const { remote } = context.repository;
  const { branch, id } = request;
  const facts = { branch, target: request.offer.target, remote: remote ?? '' };
  const say = async (code: ReasonCode, detail: string | null = null): Promise<void> => {
    await context.wish({ type: 'notOffered', request: id, reason: reason(code, { ...facts, detail }) });
  };
  if (remote === null) return say('offer_no_remote');
  // What came into the target meanwhile needs nobody to merge it.
  if (await isIn(context, request, signal)) return;
  const pushed = await pushBranch(context, request, remote, signal);
  signal.throwIfAborted();
  if ('why' in pushed) return say(pushed.why, plain(pushed.detail, 400));
  const opened = await openOnce(context, request, pushed.commit, signal);
  if (!opened.ok && opened.why !== 'absent') return say(codes[opened.why], plain(opened.detail, 400));
  const url = opened.ok ? opened.value.url : null;
  const why = opened.ok ? null : await byHand(context, request, facts);
  await context.wish({ type: 'offerOpened', request: id, pushed: pushed.commit, url, reason: why });
}

/** What cannot be looked at is offered: that says what is wrong. */
async function isIn(context: HandContext, request: MergeRequest, signal: AbortSignal): Promise<boolean> {
  try {
    return await lookAt(context, request, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (isGitTrouble(error)) return false;
    throw error;
  }
}

const codes: Readonly<Record<Exclude<ForgeProblem, 'absent'>, ReasonCode>> = {
  login: 'offer_login',
  unreachable: 'offer_unreachable',
  failed: 'offer_failed',
};

/** Nobody here speaks with the forge: the branch is there, and its person is told where to go on. */
async function byHand(
  { forge, repository }: HandContext,
  { branch }: MergeRequest,
  facts: { readonly target: string },
): Promise<Reason> {
  const url = await forge.openingPage(repository, { branch, target: facts.target });
  return reason('offer_by_hand', { ...facts, url });
}

type Pushed =
  | { readonly commit: CommitId }
  | { readonly why: 'offer_branch_taken' | 'offer_refused' | 'offer_unreachable'; readonly detail: string };

async function pushBranch(
  context: HandContext,
  request: MergeRequest,
  remote: string,
  signal: AbortSignal,
): Promise<Pushed> {
  const { git, repository } = context;
  const { branch, head } = request;
  const first = await git.push(repository, remote, branch, head, signal);
  if (first.ok) return { commit: head };
  if (first.why !== 'rejected')
    return { why: first.why === 'refused' ? 'offer_refused' : 'offer_unreachable', detail: first.detail };
  const there = await git.remoteTip(repository, branch, signal);
  for (const before of pushedBefore(context, request)) {
    const joined = await git.joinOnto(repository, before, head, request.createdAt);
    if (there === joined) return { commit: joined };
    if (there !== before) continue;
    const again = await git.push(repository, remote, branch, joined, signal);
    if (again.ok) return { commit: joined };
    return { why: 'offer_refused', detail: again.detail };
  }
  return { why: 'offer_branch_taken', detail: first.detail };
}

/** What Rigs itself brought to that branch for the same bead: work that was begun anew goes on from there. */
function pushedBefore(context: HandContext, { bead, branch }: MergeRequest): readonly CommitId[] {
  const own = Object.values(context.state().requests).filter(
    (one) => one.bead === bead && one.branch === branch,
  );
  return [...new Set(own.flatMap(({ offer: given }) => given?.pushed ?? []))];
}

/** A crash may lie between the opening and the word about it, so one that is there is taken. */
async function openOnce(
  context: HandContext,
  request: MergeRequest,
  head: CommitId,
  signal: AbortSignal,
): Promise<ForgeAnswer<PullRequest>> {
  const { forge, repository } = context;
  const route = { branch: request.branch, target: request.offer?.target ?? '' };
  const found = await forge.find(repository, { ...route, head }, signal);
  if (!found.ok) return found;
  if (found.value !== null) return { ok: true, value: found.value };
  return forge.open(repository, route, textOf(context, request, route.target), signal);
}

function textOf(
  context: HandContext,
  request: MergeRequest,
  target: string,
): ReturnType<typeof pullRequestText> {
  const { beads, polecats } = context.state();
  const bead = beads[request.bead] ?? null;
  const polecat = bead?.polecat == null ? null : (polecats[bead.polecat] ?? null);
  return pullRequestText({ bead, request, polecat, target });
}
