import type { BeadId, Instant, PolecatId, RequestId } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';

/** One line of the feed: something that happened, linked to what it is about. Not journaled. */
export interface Notice {
  readonly at: Instant;
  readonly level: 'info' | 'good' | 'warning' | 'error';
  /** Key into `words/feed.ts`; never a sentence. */
  readonly what: Reason;
  readonly kind: NoticeKind;
  readonly bead: BeadId | null;
  readonly polecat: PolecatId | null;
  readonly request: RequestId | null;
}

export type NoticeKind = 'bead' | 'agent' | 'check' | 'landing' | 'town';

/** Where the foreman says what it did. */
export interface Notices {
  post(notice: Notice): void;
}
