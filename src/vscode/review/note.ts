import * as vscode from 'vscode';
import type { ReviewNote } from '../../town/review.ts';
import { plain, plainLines } from '../../words/plain.ts';
import { withoutMarkup } from '../text.ts';
import type { ThreadRef } from './ref.ts';

/** A note of a thread as the editor shows it. What it says is Markdown that may run nothing and bring in nothing. */
export class ShownNote implements vscode.Comment {
  readonly ref: ThreadRef;
  readonly note: ReviewNote;
  readonly author: vscode.CommentAuthorInformation;
  readonly contextValue: 'draft' | 'said';
  readonly timestamp: Date;
  readonly label?: string;
  mode = vscode.CommentMode.Preview;
  body: string | vscode.MarkdownString;

  constructor(ref: ThreadRef, note: ReviewNote) {
    const { agent, at } = note;
    this.ref = ref;
    this.note = note;
    this.author = { name: agent === null ? vscode.l10n.t('You') : plain(agent, 60) };
    this.contextValue = note.draft === true ? 'draft' : 'said';
    this.timestamp = new Date(at);
    if (note.draft === true) this.label = vscode.l10n.t('Draft');
    this.body = markdownOf(note);
  }

  /** Lets the person change its words in place. */
  edit(): void {
    this.body = this.note.words;
    this.mode = vscode.CommentMode.Editing;
  }
}

/** Neither trusted nor HTML: links to commands do nothing. Pictures are fetched by the editor, so none is left. */
function markdownOf({ words }: ReviewNote): vscode.MarkdownString {
  const text = withoutMarkup(plainLines(words)).replaceAll('![', '! [');
  const markdown = new vscode.MarkdownString(text, false);
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  return markdown;
}
