import { GitError } from '../../ports/git.ts';
import type { PullRequest } from '../../ports/forge.ts';
import type { CommitId } from '../../town/ids.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import type { Offer } from '../../town/offer.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { plain } from '../../words/plain.ts';
import { slept } from '../slept.ts';
import type { HandContext } from './context.ts';
import { sayCheckout, tryLanding } from './queue.ts';

/** A person who merges something sees it here within these; *Refresh* looks at once. */
const everyMs = 3 * 60_000;

/** Looks now and then, as long as anything is with the forge, what became of it. */
export async function watchOffers(context: HandContext, signal: AbortSignal): Promise<void> {
  do {
    const { requests } = context.state();
    for (const request of Object.values(requests)) {
      signal.throwIfAborted();
      if (request.stage === 'offered' && request.offer?.opened === true)
        await lookAt(context, request, signal);
    }
  } while (await slept(context.clock, everyMs, signal));
}

/** True: it is in the target, and that was told. */
export async function lookAt(
  context: HandContext,
  request: MergeRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { git, repository } = context;
  const { offer, head } = request;
  if (offer === undefined) return false;
  const [there, here] = [
    await git.remoteTip(repository, offer.target, signal),
    (await git.tip(repository, offer.target))?.commit ?? null,
  ];
  for (const tip of [there, here])
    if (tip !== null && (await git.isAncestor(repository, head, tip)))
      return landed(context, request, { tip, by: null });
  if (!offer.opened) return false;
  const seen = await see(context, request, offer, signal);
  if (seen === null) return false;
  if ('code' in seen) {
    await context.wish({ type: 'notOffered', request: request.id, reason: seen });
    return false;
  }
  const { state, url, merged } = seen;
  if (state === 'closed') {
    const why = reason('offer_closed', { url, branch: request.branch, target: offer.target });
    await context.wish({ type: 'notOffered', request: request.id, reason: why });
  } else if (state === 'open') {
    const pushed = offer.pushed ?? head;
    await context.wish({ type: 'offerOpened', request: request.id, pushed, url, reason: null });
  } else if (there !== null && (await isThere(context, merged, there)))
    return landed(context, request, { tip: there, by: merged });
  // Merged, and what it was merged with is not fetched yet: the next look finds it.
  return false;
}

/** Null: nobody here can say. A reason: it was asked for in vain. */
async function see(
  { forge, repository }: HandContext,
  { branch, head }: MergeRequest,
  { url, target, pushed }: Offer,
  signal: AbortSignal,
): Promise<PullRequest | Reason | null> {
  const seen =
    url === null
      ? await forge.find(repository, { branch, target, head: pushed ?? head }, signal)
      : await forge.see(repository, url, signal);
  signal.throwIfAborted();
  if (seen.ok) return seen.value;
  if (seen.why === 'absent') return null;
  return reason('offer_unseen', { branch, target, detail: plain(seen.detail, 300) });
}

async function isThere(
  { git, repository }: HandContext,
  commit: CommitId | null,
  tip: CommitId,
): Promise<boolean> {
  if (commit === null) return true;
  try {
    return await git.isAncestor(repository, commit, tip);
  } catch (error) {
    if (GitError.is(error, 'failed')) return false;
    throw error;
  }
}

interface Arrival {
  /** Of the target, where it is in. */
  readonly tip: CommitId;
  /** What the forge says it was merged with; null: to be found. */
  readonly by: CommitId | null;
}

async function landed(context: HandContext, request: MergeRequest, arrival: Arrival): Promise<boolean> {
  const { commit, onto } = await broughtBy(context, request, arrival);
  await follow(context, request.offer?.target ?? '', arrival.tip);
  await context.wish({ type: 'offerMerged', request: request.id, commit, onto });
  return true;
}

/** How far back an arrival is looked for; older ones are not taken back by themselves. */
const mostBack = 1_000;

/** By which commit of the target it came, and what was there before: that is what *Revert Landing* takes back. */
async function broughtBy(
  context: HandContext,
  { head, bead }: MergeRequest,
  { tip, by }: Arrival,
): Promise<{ readonly commit: CommitId; readonly onto: CommitId }> {
  const { git, repository } = context;
  const way = (await git.firstParents(repository, tip, mostBack)).map(({ commit }) => commit);
  const base = context.state().beads[bead]?.evidence?.base ?? null;
  if (by !== null) {
    const at = way.indexOf(by);
    const before = at < 0 ? undefined : way[at + 1];
    if (before === undefined || base === null) return { commit: by, onto: before ?? by };
    // A forge may have put its commits one by one on the target: the same subjects, as many of them.
    const own = (await git.log(repository, base, head)).map(({ subject }) => subject);
    const start = way[at + own.length];
    if (own.length < 2 || start === undefined) return { commit: by, onto: before };
    const there = (await git.log(repository, start, by)).map(({ subject }) => subject);
    return { commit: by, onto: there.join('\n') === own.join('\n') ? start : before };
  }
  let [has, lacks] = [0, way.length];
  while (lacks - has > 1) {
    const middle = Math.floor((has + lacks) / 2);
    const commit = way[middle];
    if (commit !== undefined && (await git.isAncestor(repository, head, commit))) has = middle;
    else lacks = middle;
  }
  const commit = way[has] ?? tip;
  const before = way[has + 1] ?? commit;
  return { commit, onto: commit === head && base !== null ? base : before };
}

/** The person's own target moves on to where its remote is, where that takes nothing from it. */
async function follow(context: HandContext, target: string, tip: CommitId): Promise<void> {
  const { git, repository } = context;
  const here = await git.tip(repository, target);
  if (here === null) return;
  if (here.commit !== tip && (await git.isAncestor(repository, tip, here.commit))) return;
  if (!(await git.isAncestor(repository, here.commit, tip))) {
    context.say({ what: 'target.apart', level: 'warning', facts: { target, message: null } });
    return;
  }
  const result = await tryLanding(context, target, here.commit, tip);
  if ('busy' in result)
    context.say({ what: 'target.apart', level: 'warning', facts: { target, message: result.busy } });
  else if (result.ok && here.commit !== tip) sayCheckout(context, target, result.checkout);
}
