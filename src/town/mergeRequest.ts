import type { CheckResult } from './check.ts';
import type { BeadId, CommitId, Instant, RequestId } from './ids.ts';
import { type Offer, mostOfferTries } from './offer.ts';
import type { Helper, Settled } from './settled.ts';
import type { Reason } from './reason.ts';

/**
 * queued → proving (in a batch, see `queue.ts`) → landing → landed. Without a yes it is proven alone and then ready (waits
 * for a person), and approved once it came. offered: proven, and the forge merges it (`offer.ts`). conflict and
 * failed went back to the bead; ejected was taken out by a person.
 */
export type RequestStage =
  | 'queued'
  | 'proving'
  | 'ready'
  | 'approved'
  | 'landing'
  | 'offered'
  | 'landed'
  | 'conflict'
  | 'failed'
  | 'ejected';

export const openStages: readonly RequestStage[] = [
  'queued',
  'proving',
  'ready',
  'approved',
  'landing',
  'offered',
];

/** A commit that may land, and what it was proven on top of. Only exactly this may land. */
export interface Candidate {
  readonly commit: CommitId;
  readonly onto: CommitId;
  readonly checks: readonly CheckResult[];
  /** Whose checks were green, where others were proven together with it, or the forge merged it; absent: its own. */
  readonly tip?: CommitId;
  readonly provenAt: Instant;
}

/** A person, their convoy (*Execute and Land*), or a rule of theirs. */
export type Approval = 'person' | 'convoy' | 'rule';

export interface MergeRequest {
  readonly id: RequestId;
  readonly bead: BeadId;
  readonly branch: string;
  /** Tip of the branch as the evidence proved it. */
  readonly head: CommitId;
  readonly stage: RequestStage;
  readonly candidate: Candidate | null;
  /** Who said yes. Kept when it must be proven again. */
  readonly approval: Approval | null;
  /** The number of the rule that did; absent: none. */
  readonly rule?: number;
  readonly reason: Reason | null;
  readonly landed: CommitId | null;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** When a person put it before all others; absent: it stands where its score puts it. */
  readonly front?: Instant;
  /** The landing it takes back; absent: none. */
  readonly reverts?: RequestId;
  /** What the forge was given; absent: nothing. */
  readonly offer?: Offer;
  /** How it came together with what it conflicts with; absent: it does not conflict. */
  readonly settled?: Settled;
  /** Who was to settle its conflict after it went back; absent: it did not. */
  readonly handed?: Helper;
}

export type RequestEvent =
  | {
      readonly type: 'request.entered';
      readonly request: RequestId;
      readonly bead: BeadId;
      readonly branch: string;
      readonly head: CommitId;
      readonly approval: Approval | null;
      readonly rule?: number;
      readonly reverts?: RequestId;
      readonly at: Instant;
    }
  | {
      readonly type: 'request.moved';
      readonly request: RequestId;
      readonly to: RequestStage;
      readonly reason: Reason | null;
      readonly at: Instant;
    }
  /** Of a queue without batches; nothing says it any more. */
  | {
      readonly type: 'request.step';
      readonly request: RequestId;
      readonly step: string | null;
      readonly at: Instant;
    }
  /** Null: it does not conflict any more. */
  | {
      readonly type: 'request.settled';
      readonly request: RequestId;
      readonly settled: Settled | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'request.handed';
      readonly request: RequestId;
      readonly to: Helper;
      readonly at: Instant;
    }
  | { readonly type: 'request.front'; readonly request: RequestId; readonly at: Instant }
  | {
      readonly type: 'request.proven';
      readonly request: RequestId;
      readonly candidate: Candidate;
      readonly at: Instant;
    }
  | {
      readonly type: 'request.approved';
      readonly request: RequestId;
      readonly approval: 'person' | 'convoy';
      readonly at: Instant;
    }
  /** Its branch is to be pushed, and a pull request opened. */
  | {
      readonly type: 'request.offered';
      readonly request: RequestId;
      readonly target: string;
      readonly at: Instant;
    }
  /** `reason`: why a person has to open it; null: it is open. */
  | {
      readonly type: 'request.opened';
      readonly request: RequestId;
      readonly pushed: CommitId;
      readonly url: string | null;
      readonly reason: Reason | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'request.notOffered';
      readonly request: RequestId;
      readonly reason: Reason;
      readonly at: Instant;
    }
  | {
      readonly type: 'request.landed';
      readonly request: RequestId;
      readonly commit: CommitId;
      readonly at: Instant;
    };

export type Requests = Readonly<Record<RequestId, MergeRequest>>;

export function foldRequest(requests: Requests, event: RequestEvent): Requests {
  if (event.type === 'request.entered') {
    return { ...requests, [event.request]: newRequest(event) };
  }
  const request = requests[event.request];
  if (request === undefined || event.type === 'request.step') return requests;
  if (event.type === 'request.settled') {
    const { settled: _before, ...plain } = request;
    const now = event.settled === null ? {} : { settled: event.settled };
    return { ...requests, [event.request]: { ...plain, ...now } };
  }
  return { ...requests, [event.request]: { ...request, ...changes(request, event), changedAt: event.at } };
}

function newRequest(event: Extract<RequestEvent, { type: 'request.entered' }>): MergeRequest {
  return {
    id: event.request,
    bead: event.bead,
    branch: event.branch,
    head: event.head,
    stage: 'queued',
    candidate: null,
    approval: event.approval,
    reason: null,
    landed: null,
    createdAt: event.at,
    changedAt: event.at,
    ...(event.rule === undefined ? {} : { rule: event.rule }),
    ...(event.reverts === undefined ? {} : { reverts: event.reverts }),
  };
}

function changes(
  { offer }: MergeRequest,
  event: Exclude<RequestEvent, { type: 'request.entered' | 'request.step' | 'request.settled' }>,
): Partial<MergeRequest> {
  switch (event.type) {
    case 'request.moved':
      return { stage: event.to, reason: event.reason, ...withStage(event.to) };
    case 'request.handed':
      return { handed: event.to };
    case 'request.front':
      return { front: event.at };
    case 'request.proven':
      return { candidate: event.candidate };
    case 'request.approved':
      return { approval: event.approval };
    case 'request.offered':
      return { stage: 'offered', reason: null, offer: newOffer(offer, event) };
    case 'request.opened': {
      const { pushed, url, reason } = event;
      return offer === undefined
        ? {}
        : { reason, offer: { ...offer, opened: true, pushed, url, tries: 0, why: reason } };
    }
    case 'request.notOffered': {
      const { reason: why } = event;
      if (offer === undefined) return {};
      return { reason: why, offer: { ...offer, tries: Math.min(mostOfferTries, offer.tries + 1), why } };
    }
    case 'request.landed':
      return { stage: 'landed', landed: event.commit, reason: null };
  }
}

/** What was pushed for it before is what the remote's branch may still stand at. */
function newOffer(
  before: Offer | undefined,
  { target, at: since }: Extract<RequestEvent, { type: 'request.offered' }>,
): Offer {
  const { pushed = null } = before ?? {};
  return { target, since, opened: false, pushed, url: null, tries: 0, why: null };
}

/** Queued means nothing is proven; ready means nobody has said yes. */
function withStage(stage: RequestStage): Partial<MergeRequest> {
  if (stage === 'queued') return { candidate: null };
  return stage === 'ready' ? { approval: null } : {};
}
