import type { CommitId, Instant } from './ids.ts';
import { type Reason, reason } from './reason.ts';

/** What is offered to the forge: its branch at the remote, and a pull request that merges it there. */
export interface Offer {
  /** The branch it is to be merged into. */
  readonly target: string;
  readonly since: Instant;
  /** The branch is at the remote, and its pull request is open or a person's to open. */
  readonly opened: boolean;
  /** What the remote's branch was last brought to; null: nothing so far. */
  readonly pushed: CommitId | null;
  /** Where its pull request is seen, `https:` only; null: not known. */
  readonly url: string | null;
  /** How often it was tried in vain, counted up to `mostOfferTries`. */
  readonly tries: number;
  /** Why it does not go on by itself, or what came in its way; null: nothing. */
  readonly why: Reason | null;
}

/** Trying goes on; more of it in the journal tells nobody anything. */
export const mostOfferTries = 20;

/** What waits for a person; what did not reach the forge is tried again. */
export function isHeld({ why }: Pick<Offer, 'why'>): boolean {
  return why !== null && why.code !== 'offer_unreachable' && why.code !== 'offer_unseen';
}

/** Of an address that somebody else named: only what a browser shows, and nobody's password in it. */
export function webAddress(text: string): string | null {
  if (text.length > 2_000 || !/^https:\/\/[^\s/@"'<>\\`]+(?:\/[^\s"'<>\\`]*)?$/.test(text)) return null;
  return text;
}

/** Where a person goes on with it in a browser: its pull request, or the page that opens one; null: nobody knows. */
export function pageOf({ offer }: { readonly offer?: Offer }): string | null {
  const page = offer?.url ?? offer?.why?.facts['url'] ?? null;
  return typeof page === 'string' ? webAddress(page) : null;
}

/** Its pull request, which stays open at the forge whatever becomes of it here; null: none is known to be. */
export function openPull({
  stage,
  offer,
}: {
  readonly stage: string;
  readonly offer?: Offer;
}): string | null {
  if (stage !== 'offered' || offer?.opened !== true || offer.url === null) return null;
  return offer.why?.code === 'offer_closed' ? null : webAddress(offer.url);
}

/** Why it is taken out here, with what it leaves open at the forge. */
export function leaving(request: { readonly stage: string; readonly offer?: Offer }, why: Reason): Reason {
  const pull = openPull(request);
  return pull === null ? why : reason(why.code, { ...why.facts, pull });
}
