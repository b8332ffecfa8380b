import type { MergeResult } from '../../ports/git.ts';
import type { PullRequest } from '../../ports/forge.ts';
import type { CommitId } from '../../town/ids.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { type Offer, isHeld } from '../../town/offer.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { plain } from '../../words/plain.ts';
import { slept } from '../slept.ts';
import { howFarBack, isGitTrouble, landed, orMissing, wayTo } from './arrived.ts';
import type { HandContext } from './context.ts';
import { toMerge } from './toMerge.ts';

/** A person who merges something sees it here within these; *Refresh* looks at once. */
const everyMs = 3 * 60_000;

/** Looks now and then, as long as anything is with the forge, what became of it. */
export async function watchOffers(context: HandContext, signal: AbortSignal): Promise<void> {
  do {
    const { requests } = context.state();
    for (const request of Object.values(requests)) {
      signal.throwIfAborted();
      if (request.stage === 'offered' && request.offer?.opened === true)
        await lookOrTell(context, request, signal);
    }
  } while (await slept(context.clock, everyMs, signal));
}

/** One that cannot be looked at keeps nobody from the others. */
async function lookOrTell(context: HandContext, request: MergeRequest, signal: AbortSignal): Promise<void> {
  const { branch, id, offer } = request;
  try {
    await lookAt(context, request, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isGitTrouble(error)) throw error;
    // What its person is to do there is still to be done.
    if (offer === undefined || isHeld(offer)) return;
    const facts = { branch, target: offer.target, detail: plain(error.message, 300) };
    await context.wish({ type: 'notOffered', request: id, reason: reason('offer_unseen', facts) });
  }
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
    if (tip !== null && (await isThere(context, head, tip)))
      return landed(context, request, { tip, by: null });
  const seen = offer.opened ? await see(context, request, offer, signal) : null;
  if (seen === null) {
    const by = there === null ? null : await madeAnewBy(context, request, there);
    return there !== null && by !== null && landed(context, request, { tip: there, by });
  }
  if ('code' in seen) {
    await context.wish({ type: 'notOffered', request: request.id, reason: seen });
    return false;
  }
  const { state, url, merged } = seen;
  if (state === 'closed') {
    const why = reason('offer_closed', { url, branch: request.branch, target: offer.target });
    await context.wish({ type: 'notOffered', request: request.id, reason: why });
  } else if (state === 'open' && there !== null && (await isStuck(context, request, { there, here }))) {
    const why = reason('target_moved', { target: offer.target });
    await context.wish({ type: 'reprove', request: request.id, reason: why });
  } else if (state === 'open') {
    const pushed = offer.pushed ?? head;
    await context.wish({ type: 'offerOpened', request: request.id, pushed, url, reason: null });
  } else if (there !== null && (merged === null || (await isThere(context, merged, there))))
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

/** A commit that nobody has here any more is in nothing. */
async function isThere({ git, repository }: HandContext, commit: CommitId, tip: CommitId): Promise<boolean> {
  return (await orMissing(git.isAncestor(repository, commit, tip))) ?? false;
}

/** As the forge would merge it, in memory. */
function mergedOnto(
  context: HandContext,
  request: MergeRequest,
  onto: CommitId,
): Promise<MergeResult | null> {
  const { git, repository } = context;
  return orMissing(git.mergeOnto(repository, onto, toMerge(context, request)));
}

/**
 * Its target moved on, and no forge can merge it any more. Only where the queue finds the same: it proves on what a person has
 * here where that went apart, and would offer it again and again.
 */
async function isStuck(
  context: HandContext,
  request: MergeRequest,
  { there, here }: { readonly there: CommitId; readonly here: CommitId | null },
): Promise<boolean> {
  if (there === request.candidate?.onto) return false;
  const conflicts = async (onto: CommitId): Promise<boolean> =>
    (await mergedOnto(context, request, onto))?.ok === false;
  if (!(await conflicts(there))) return false;
  return here === null || (await isThere(context, here, there)) || conflicts(here);
}

/** By which commit the target has all that it changes, though not its own commits; null: it does not. */
async function madeAnewBy(
  context: HandContext,
  request: MergeRequest,
  tip: CommitId,
): Promise<CommitId | null> {
  const holds = async (commit: CommitId): Promise<boolean> => {
    const merged = await mergedOnto(context, request, commit);
    return merged?.ok === true && merged.empty;
  };
  if (!(await holds(tip))) return null;
  const way = await wayTo(context, tip);
  return way[await howFarBack(way, holds)] ?? tip;
}
