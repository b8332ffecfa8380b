import * as vscode from 'vscode';
import { OneAtATime } from '../../foreman/oneAtATime.ts';
import { type ReviewState, type ReviewThread, threadsOf } from '../../town/review.ts';
import { reviewStateWord } from '../../words/review.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { uris } from '../diffs.ts';
import { rigKey } from '../subject.ts';
import { throttled } from '../throttle.ts';
import type { Town } from '../town.ts';
import { translate as t } from '../translate.ts';
import { ShownNote } from './note.ts';
import { type Placed, placeThreads } from './placing.ts';
import type { ThreadRef } from './ref.ts';
import { type ShownReview, reviewedFile, shownReviews } from './shown.ts';

/** Comments beside the lines of the diffs that are open: what is written there, and what is kept of it. */
export interface ReviewThreads extends Owned {
  /** The thread that the editor shows so; null for one in which nothing is kept yet. */
  refOf(thread: vscode.CommentThread): ThreadRef | null;
  /** Lets the person change a note of theirs in place. */
  edit(note: ShownNote): void;
  /** Draws anew what the person may have changed on the screen alone. */
  redraw(ref: ThreadRef): void;
}

interface Drawn {
  readonly shown: vscode.CommentThread;
  readonly ref: ThreadRef;
  /** As drawn; another one is drawn anew. */
  placed: Placed;
}

const controllerId = 'rigs-review';
const refreshMs = 150;

export function createReviewThreads(town: Town, log: Pick<vscode.LogOutputChannel, 'warn'>): ReviewThreads {
  const owned = new Disposables();
  const controller = owned.add(
    vscode.comments.createCommentController(controllerId, vscode.l10n.t('Rigs Review')),
  );
  controller.options = {
    prompt: vscode.l10n.t('Comment for the agent…'),
    placeHolder: vscode.l10n.t('What should be different here? Send Review sends all comments at once.'),
  };
  controller.commentingRangeProvider = {
    provideCommentingRanges: (document) =>
      reviewedFile(document.uri) === null
        ? undefined
        : [new vscode.Range(0, 0, Math.max(0, document.lineCount - 1), 0)],
  };
  const drawn = new Map<string, Drawn>();
  const known = new Map<string, { readonly threads: readonly ReviewThread[]; placed: readonly Placed[] }>();

  const place = async (review: ShownReview): Promise<readonly Placed[]> => {
    const threads = threadsOf(review.bead);
    const before = known.get(review.key);
    if (before?.threads === threads) return before.placed;
    const { control } = review.rig;
    const placed = await placeThreads(
      threads,
      review.commits,
      (between, paths) => town.lineMoves(control, between, paths),
      (error) => {
        log.warn('Where comments are by now could not be told.', error);
      },
    );
    known.set(review.key, { threads, placed });
    return placed;
  };

  const draw = (review: ShownReview, placed: Placed, wanted: Set<string>): void => {
    const key = `${review.key} ${placed.thread.id}`;
    wanted.add(key);
    const before = drawn.get(key);
    if (before !== undefined && isDrawn(before.placed, placed)) return;
    const ref: ThreadRef = { rig: rigKey(review.rig), bead: review.bead.id, thread: placed.thread.id };
    if (before === undefined) {
      const shown = controller.createCommentThread(uriOf(review, placed), rangeOf(placed.at), []);
      // Only at first: afterwards it is open or closed as the person left it.
      shown.collapsibleState =
        placed.thread.state === 'resolved'
          ? vscode.CommentThreadCollapsibleState.Collapsed
          : vscode.CommentThreadCollapsibleState.Expanded;
      drawn.set(key, { shown, ref, placed });
      fill(shown, ref, placed);
      return;
    }
    before.placed = placed;
    fill(before.shown, ref, placed);
  };

  const look = async (): Promise<void> => {
    const wanted = new Set<string>();
    const reviews = shownReviews(town);
    for (const review of reviews) for (const one of await place(review)) draw(review, one, wanted);
    for (const [key, { shown }] of drawn) {
      if (wanted.has(key)) continue;
      shown.dispose();
      drawn.delete(key);
    }
    const keys = reviews.map((one) => one.key);
    for (const key of known.keys()) if (!keys.includes(key)) known.delete(key);
  };
  const looking = new OneAtATime(look);
  const refresh = owned.add(
    throttled(refreshMs, () => {
      looking.again().catch((error: unknown) => {
        log.warn('Comments could not be shown.', error);
      });
    }),
  );
  owned.add(town.onDidChange(refresh));
  owned.add(vscode.workspace.onDidOpenTextDocument(refresh));
  owned.add(vscode.workspace.onDidCloseTextDocument(refresh));
  refresh();

  return {
    refOf: (thread) => [...drawn.values()].find((one) => one.shown === thread)?.ref ?? null,
    edit: (note) => {
      const found = [...drawn.values()].find(({ shown }) => shown.comments.includes(note));
      if (found === undefined) return;
      note.edit();
      found.shown.comments = [...found.shown.comments];
    },
    redraw: (ref) => {
      for (const one of drawn.values()) if (sameThread(one.ref, ref)) fill(one.shown, one.ref, one.placed);
    },
    dispose: () => {
      owned.dispose();
    },
  };
}

/** A thread that changed is another one; what is drawn anew would take away what the person is just writing. */
function isDrawn(before: Placed, { thread, at }: Placed): boolean {
  const { from, to, outdated } = before.at;
  return before.thread === thread && from === at.from && to === at.to && outdated === at.outdated;
}

function sameThread(a: ThreadRef, b: ThreadRef): boolean {
  return a.rig === b.rig && a.bead === b.bead && a.thread === b.thread;
}

function uriOf({ rig, commits, request }: ShownReview, { path, thread }: Placed): vscode.Uri {
  const { left, right } = uris(rigKey(rig), ...commits, path, request);
  return thread.place.side === 'base' ? left : right;
}

function rangeOf({ from, to }: Placed['at']): vscode.Range {
  return new vscode.Range(from - 1, 0, to - 1, 0);
}

/** What is settled folds away in the list of all comments. */
const settled: readonly ReviewState[] = ['resolved'];

function fill(shown: vscode.CommentThread, ref: ThreadRef, { thread, at }: Placed): void {
  shown.range = rangeOf(at);
  shown.comments = thread.notes.map((note) => new ShownNote(ref, note));
  shown.canReply = true;
  shown.contextValue = thread.state;
  shown.label = labelOf(thread, at.outdated);
  shown.state = settled.includes(thread.state)
    ? vscode.CommentThreadState.Resolved
    : vscode.CommentThreadState.Unresolved;
}

function labelOf({ id, state, place }: ReviewThread, outdated: boolean): string {
  const said = `${id} · ${reviewStateWord(state, t)}`;
  return outdated
    ? vscode.l10n.t('{said} · outdated: line {line} as it was', { said, line: place.from })
    : said;
}
