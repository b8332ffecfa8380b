import type { Command } from '../command.ts';
import type { MergeRequest } from '../mergeRequest.ts';
import { type Offer, mostOfferTries, webAddress } from '../offer.ts';
import { unsure } from './aftermath.ts';
import { type Draft, type Refusal, refused } from './draft.ts';
import { completeLanded } from './landing.ts';

type OfferCommand = Extract<Command, { type: 'offerOpened' | 'notOffered' | 'offerMerged' }>;
type Of<T extends OfferCommand['type']> = Extract<OfferCommand, { readonly type: T }>;

/** What the forge made of what it was given. */
export function decideOffer(draft: Draft, command: OfferCommand): Refusal | null {
  const request = draft.state.requests[command.request];
  if (request?.stage !== 'offered' || request.offer === undefined)
    return refused('late_report', { request: command.request });
  switch (command.type) {
    case 'offerOpened':
      return opened(draft, request.offer, command);
    case 'notOffered':
      return notOffered(draft, request.offer, command);
    case 'offerMerged':
      return merged(draft, request, command);
  }
}

function opened(
  draft: Draft,
  offer: Offer,
  { request, pushed, url, reason }: Of<'offerOpened'>,
): Refusal | null {
  if (url !== null && webAddress(url) === null) return refused('invalid', { what: 'url' });
  const isNews =
    !offer.opened || offer.pushed !== pushed || offer.url !== url || offer.why?.code !== reason?.code;
  if (isNews) draft.emit({ type: 'request.opened', request, pushed, url, reason, at: draft.at });
  return null;
}

/** One that is open is looked at again and again: of that, only the first time tells anything. */
function notOffered(draft: Draft, offer: Offer, { request, reason }: Of<'notOffered'>): Refusal | null {
  const isNews = reason.code !== offer.why?.code || (!offer.opened && offer.tries < mostOfferTries);
  if (isNews) draft.emit({ type: 'request.notOffered', request, reason, at: draft.at });
  return null;
}

/** What landed is what the forge made of it; whose checks were green is kept beside. */
function merged(draft: Draft, request: MergeRequest, { commit, onto }: Of<'offerMerged'>): Refusal | null {
  const { candidate } = request;
  if (candidate === null) return refused('late_report', { request: request.id });
  const { tip = candidate.commit } = candidate;
  const now = { ...candidate, commit, onto, tip };
  draft.emit({ type: 'request.proven', request: request.id, candidate: now, at: draft.at });
  completeLanded(draft, request, commit);
  // What the forge made of it, and of what else it merged, nothing has proven.
  unsure(draft);
  return null;
}
