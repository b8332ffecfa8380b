import * as vscode from 'vscode';
import { mostWords } from '../../town/decide/doubts.ts';
import { mostLines } from '../../town/decide/review.ts';
import { type ReviewNote, type ReviewThread, pendingOf, threadsOf } from '../../town/review.ts';
import { openPullLines } from '../../words/openPulls.ts';
import { placeText } from '../../words/review.ts';
import { commands } from '../contract.ts';
import { showEvidence } from '../documents/showBead.ts';
import { ShownNote } from '../review/note.ts';
import type { ThreadRef } from '../review/ref.ts';
import { reviewOf, reviewedFile } from '../review/shown.ts';
import type { ReviewThreads } from '../review/threads.ts';
import { tell } from '../say.ts';
import { type OpenRig, rigKey } from '../subject.ts';
import { beads, openRigs, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate } from '../translate.ts';

type Names =
  | 'addComment'
  | 'replyToComment'
  | 'editComment'
  | 'saveComment'
  | 'cancelComment'
  | 'deleteComment'
  | 'resolveComment'
  | 'reopenComment'
  | 'sendReview'
  | 'showEvidence';

/** What a person writes about the lines of a diff, and what they do about the answers. */
export function reviewCommands(tools: Tools, threads: ReviewThreads): Handlers<(typeof commands)[Names]> {
  const nothing = vscode.l10n.t('There is no such comment.');
  const about =
    (title: string, type: 'resolveComment' | 'reopenComment', fits: (thread: ReviewThread) => boolean) =>
    async (...[arg]: readonly unknown[]): Promise<void> => {
      const found = refIn(threads, arg) ?? (await choose(tools, title, nothing, fits))?.ref ?? null;
      if (found !== null) await wishFor(tools, found, ({ bead, thread }) => ({ type, bead, thread }));
    };
  return {
    [commands.addComment]: async (...[arg]) => {
      if (isReply(arg)) await keep(tools, threads, arg);
      else await commentHere(tools);
    },
    [commands.replyToComment]: async (...[arg]) => {
      if (isReply(arg)) {
        await keep(tools, threads, arg);
        return;
      }
      const title = vscode.l10n.t('Reply to Comment');
      const found = await choose(tools, title, nothing, ({ state }) => state !== 'draft');
      if (found === null) return;
      const words = await askWords(title, '');
      if (words !== null)
        await wishFor(tools, found.ref, (ref) => ({ ...said(ref), type: 'replyToComment', words }));
    },
    [commands.editComment]: async (...[arg]) => {
      if (arg instanceof ShownNote) {
        threads.edit(arg);
        return;
      }
      const title = vscode.l10n.t('Edit Comment');
      const found = await choose(tools, title, nothing, hasDraft);
      const note = found === null ? undefined : draftOf(found.thread);
      if (found === null || note === undefined) return;
      const words = await askWords(title, note.words);
      if (words === null) return;
      await wishFor(tools, found.ref, (ref) => ({ ...said(ref), type: 'editComment', note: note.id, words }));
    },
    [commands.saveComment]: async (...[arg]) => {
      if (!(arg instanceof ShownNote)) return;
      const words = typeof arg.body === 'string' ? arg.body : arg.body.value;
      await wishFor(tools, arg.ref, (ref) => ({
        ...said(ref),
        type: 'editComment',
        note: arg.note.id,
        words,
      }));
    },
    [commands.cancelComment]: (...[arg]) => {
      if (arg instanceof ShownNote) threads.redraw(arg.ref);
    },
    [commands.deleteComment]: async (...[arg]) => {
      const drop = (ref: ThreadRef, note: number): Promise<boolean> =>
        wishFor(tools, ref, (one) => ({ ...said(one), type: 'dropComment', note }));
      if (arg instanceof ShownNote) {
        await drop(arg.ref, arg.note.id);
        return;
      }
      const found = await choose(tools, vscode.l10n.t('Delete Draft'), nothing, hasDraft);
      const note = found === null ? undefined : draftOf(found.thread);
      if (found !== null && note !== undefined) await drop(found.ref, note.id);
    },
    [commands.resolveComment]: about(
      vscode.l10n.t('Resolve Comment'),
      'resolveComment',
      ({ state }) => state !== 'draft' && state !== 'resolved',
    ),
    [commands.reopenComment]: about(
      vscode.l10n.t('Reopen Comment'),
      'reopenComment',
      ({ state }) => state === 'answered' || state === 'resolved',
    ),
    [commands.sendReview]: (...args) => sendReview(tools, threads, args),
    [commands.showEvidence]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Show Evidence'),
        nothing: vscode.l10n.t('There is no such bead.'),
        fits: (bead) => bead.evidence !== null || bead.inspected !== undefined,
      });
      if (found !== null) await showEvidence(rigKey(found.rig), found.it.id);
    },
  };
}

async function sendReview(tools: Tools, threads: ReviewThreads, args: readonly unknown[]): Promise<void> {
  const [arg] = args;
  // What is written in the box at this moment belongs to the review.
  if (isReply(arg) && arg.text.trim() !== '' && !(await keep(tools, threads, arg))) return;
  const review = isReply(arg) ? reviewOf(tools.town, arg.thread.uri) : null;
  const about =
    review === null ? args : [{ kind: 'request', rig: rigKey(review.rig), request: review.request }];
  const found = await target(tools, about, beads, {
    title: vscode.l10n.t('Send Review'),
    nothing: vscode.l10n.t('There is no comment that was not sent. Write one beside a line of a diff first.'),
    fits: (bead) => pendingOf(bead).length > 0,
    takeOnly: true,
  });
  if (found === null) return;
  const count = pendingOf(found.it).length;
  const title = withoutMarkup(plain(found.it.title, 60));
  const summary = await vscode.window.showInputBox({
    title:
      count === 1
        ? vscode.l10n.t('Send Review of “{title}”: One Comment', { title })
        : vscode.l10n.t('Send Review of “{title}”: {count} Comments', { title, count }),
    prompt: [
      vscode.l10n.t('Its agent goes on with all of them at once. Enter sends them.'),
      ...openPullLines(found.rig.control.state, found.it.id, translate),
    ].join(' '),
    placeHolder: vscode.l10n.t('Something about the whole of it (optional)'),
    ignoreFocusOut: true,
    validateInput: tooLong,
  });
  if (summary === undefined) return;
  const sent = await tools.wish(found.rig.control, { type: 'sendReview', bead: found.it.id, summary });
  if (sent) tell(vscode.l10n.t('The review is sent. The agent’s answers will stand beside your comments.'));
}

/** Keeps what was written in a box of the editor: a new thread, or a reply. False: it was refused, and is not lost. */
async function keep(tools: Tools, threads: ReviewThreads, reply: vscode.CommentReply): Promise<boolean> {
  const words = reply.text.trim();
  const ref = threads.refOf(reply.thread);
  if (words === '') return false;
  const done =
    ref === null
      ? await draft(tools, reply.thread.uri, rangeOf(reply.thread), words)
      : await wishFor(tools, ref, (one) => ({ ...said(one), type: 'replyToComment', words }));
  if (done && ref === null) reply.thread.dispose();
  // The editor has emptied its box by now.
  if (!done)
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: words }));
  return done;
}

/** The palette's way: about the lines that are selected in a diff. */
async function commentHere(tools: Tools): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || reviewedFile(editor.document.uri) === null) {
    tell(vscode.l10n.t('Open the diff of a merge request, put the cursor on a line, and try again.'));
    return;
  }
  const words = await askWords(vscode.l10n.t('Add to Review'), '');
  if (words !== null) await draft(tools, editor.document.uri, editor.selection, words);
}

async function draft(tools: Tools, uri: vscode.Uri, range: vscode.Range, words: string): Promise<boolean> {
  const [review, file] = [reviewOf(tools.town, uri), reviewedFile(uri)];
  if (review === null || file === null) {
    tell(vscode.l10n.t('The rig of this file is not open here.'));
    return false;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const lines = document.getText(
    new vscode.Range(range.start.line, 0, range.end.line, Number.MAX_SAFE_INTEGER),
  );
  return tools.wish(review.rig.control, {
    type: 'draftComment',
    bead: review.bead.id,
    thread: tools.ids.thread(),
    place: {
      commit: file.commit,
      side: file.side,
      path: uri.path.slice(1),
      from: range.start.line + 1,
      to: range.end.line + 1,
      lines: lines.slice(0, mostLines),
    },
    words,
  });
}

function rangeOf({ range }: vscode.CommentThread): vscode.Range {
  return range ?? new vscode.Range(0, 0, 0, 0);
}

const said = ({ bead, thread }: ThreadRef): Pick<ThreadRef, 'bead' | 'thread'> => ({ bead, thread });

const draftOf = ({ notes }: ReviewThread): ReviewNote | undefined =>
  notes.findLast((one) => one.draft === true);
const hasDraft = (thread: ReviewThread): boolean => draftOf(thread) !== undefined;

async function wishFor(
  tools: Tools,
  ref: ThreadRef,
  make: (ref: ThreadRef) => Parameters<Tools['wish']>[1],
): Promise<boolean> {
  const rig = openRigs(tools).find((one) => rigKey(one) === ref.rig);
  if (rig !== undefined) return tools.wish(rig.control, make(ref));
  tell(vscode.l10n.t('The rig of this file is not open here.'));
  return false;
}

interface Chosen {
  readonly ref: ThreadRef;
  readonly thread: ReviewThread;
}

async function choose(
  tools: Tools,
  title: string,
  nothing: string,
  fits: (thread: ReviewThread) => boolean,
): Promise<Chosen | null> {
  const front = tools.diffs.current();
  const all = openRigs(tools).flatMap((rig) =>
    commentsOf(rig, front === null ? null : beads.of(rig, front)?.id),
  );
  const items = all
    .filter(({ thread }) => fits(thread))
    .map((one) => ({
      label: plain(one.thread.notes.at(-1)?.words ?? '', 100),
      description: `${placeText(one.thread.place)} · ${one.ref.bead}`,
      one,
    }));
  if (items.length === 0) {
    tell(nothing);
    return null;
  }
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen?.one ?? null;
}

/** Of one bead, or of all; `only` undefined: the bead in front is none of this rig. */
function commentsOf(rig: OpenRig, only: string | null | undefined): readonly Chosen[] {
  return Object.values(rig.control.state.beads)
    .filter(({ id }) => only === null || id === only)
    .flatMap((bead) =>
      threadsOf(bead).map((thread) => ({
        ref: { rig: rigKey(rig), bead: bead.id, thread: thread.id },
        thread,
      })),
    );
}

async function askWords(title: string, value: string): Promise<string | null> {
  const words = await vscode.window.showInputBox({
    title,
    value,
    ignoreFocusOut: true,
    validateInput: tooLong,
  });
  return words === undefined || words.trim() === '' ? null : words;
}

function tooLong(text: string): string | null {
  return text.trim().length > mostWords
    ? vscode.l10n.t('At most {count} characters.', { count: mostWords })
    : null;
}

/** What a menu of the editor hands over: a thread, or a thread with what is written in its box. */
function refIn(threads: ReviewThreads, given: unknown): ThreadRef | null {
  if (given instanceof ShownNote) return given.ref;
  if (isReply(given)) return threads.refOf(given.thread);
  return isThread(given) ? threads.refOf(given) : null;
}

function isReply(given: unknown): given is vscode.CommentReply {
  return (
    typeof given === 'object' &&
    given !== null &&
    'text' in given &&
    typeof given.text === 'string' &&
    'thread' in given &&
    isThread(given.thread)
  );
}

function isThread(given: unknown): given is vscode.CommentThread {
  return typeof given === 'object' && given !== null && 'comments' in given && 'uri' in given;
}
