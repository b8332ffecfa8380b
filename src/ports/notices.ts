import type { BeadId, Instant, PolecatId, RequestId } from '../town/ids.ts';
import type { Facts, Reason } from '../town/reason.ts';
import type { TownEvent } from '../town/state.ts';

/** One line of the feed: something that happened, linked to what it is about. Not journaled. */
export interface Notice {
  readonly at: Instant;
  readonly level: 'info' | 'good' | 'warning' | 'error';
  /** `words/feed.ts` makes the sentence: `feedLine(notice, translate)`. */
  readonly what: NoticeCode;
  /** For an event: its own plain facts and the bead's title as `title`. */
  readonly facts: Facts;
  readonly why: Reason | null;
  readonly kind: NoticeKind;
  readonly bead: BeadId | null;
  readonly polecat: PolecatId | null;
  readonly request: RequestId | null;
}

export type NoticeKind = 'bead' | 'agent' | 'check' | 'landing' | 'town';

/** Events of the town speak for themselves; the rest is what the foreman's hands have to say. */
export type NoticeCode =
  | TownEvent['type']
  /** facts: action, message */
  | 'hand.failed'
  /** facts: name, outcome, durationMs */
  | 'check.finished'
  /** facts: name */
  | 'check.started'
  /** facts: provider, model */
  | 'inspection.started'
  /** facts: provider, model, outcome */
  | 'inspection.finished'
  /** facts: target */
  | 'checkout.moved_along'
  /** facts: target, files */
  | 'checkout.left_alone'
  /** facts: target, message; the local branch does not follow what was merged at the remote */
  | 'target.apart'
  /** facts: path, keptRef */
  | 'worktree.trashed'
  /** facts: path, message; it lay in the trash long enough and cannot go yet */
  | 'trash.kept'
  /** facts: title, convoy; a bead stands for a test that failed and passed on one tree */
  | 'flaky.reported'
  /** facts: scope, of, unit, limit, used; little is left of a budget */
  | 'budget.near'
  /** facts: max, rigs; an agent waits for one of the person's places */
  | 'launch.waits'
  /** facts: message */
  | 'store.read_only'
  /** facts: message; the journal still holds everything */
  | 'store.snapshot_failed'
  /** facts: path, keptAs; an older snapshot and the journal were read instead */
  | 'store.snapshot_damaged'
  /** facts: tables; they did not say what the journal says and were made anew from it */
  | 'store.tables_rebuilt'
  /** facts: message; the snapshot was made on the main thread instead */
  | 'store.snapshot_inline'
  /** facts: path, count; lines of the archive that are not what was written */
  | 'store.archive_unreadable'
  /** facts: path, keptAs, bytes; the end of the journal was never acknowledged and was kept aside */
  | 'store.tail_cut'
  /** facts: path, keptAs, seq; its person let a damaged rig go on from its last good number */
  | 'store.went_on'
  /** facts: count, path; lines of the feed that could not be read */
  | 'feed.unreadable'
  /** facts: count, message; lines of the feed that could not be written */
  | 'feed.not_written'
  /** facts: path, message; what an agent said while nobody answered, and nobody can take up */
  | 'report.set_aside'
  /** facts: files, folders; what git ignores came from the person's checkout */
  | 'worktree.furnished'
  /** facts: why, paths */
  | 'worktree.left_out'
  /** facts: name */
  | 'setup.started'
  /** facts: name, outcome, durationMs, output; the file its output lies in */
  | 'setup.finished';

/** Where the foreman says what it did. */
export interface Notices {
  post(notice: Notice): void;
}
