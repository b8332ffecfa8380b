import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import type { Bead, BeadSource } from '../../town/bead.ts';
import { findSlungBead } from '../../town/todo.ts';
import { commands, trees } from '../contract.ts';
import { tell } from '../say.ts';
import { openRigs } from '../targets.ts';
import { plain } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { slingDraft } from './draft.ts';
import { type SlingPlace, finder } from './features.ts';
import { enclosingSymbol } from './symbol.ts';

type TodoSource = Extract<BeadSource, { kind: 'todo' }>;

/** What is slung, before its rig is known. */
interface Slung {
  readonly document: vscode.TextDocument;
  readonly line: number;
  readonly text: string;
  readonly tag: string | null;
}

export function slingCommands(tools: Tools): Handlers<typeof commands.sling> {
  return {
    [commands.sling]: async (...args) => {
      const slung = await whatToSling(args[0]);
      if (slung !== null) await sling(tools, slung);
    },
  };
}

/** A place from lens or quick fix; else the selection; else the note on the caret's line. */
async function whatToSling(argument: unknown): Promise<Slung | null> {
  if (isPlace(argument)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(argument.uri, true));
    return noteAt(document, argument.line);
  }
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    tell(vscode.l10n.t('Open a file and select what should be done, or put the caret on a TODO.'));
    return null;
  }
  const { document, selection } = editor;
  if (selection.isEmpty) return noteAt(document, selection.active.line);
  const text = document.getText(selection).trim().slice(0, 4000);
  return text === ''
    ? noteAt(document, selection.start.line)
    : { document, line: selection.start.line, text, tag: null };
}

function isPlace(argument: unknown): argument is SlingPlace {
  if (typeof argument !== 'object' || argument === null) return false;
  const { uri, line } = argument as { readonly uri?: unknown; readonly line?: unknown };
  return typeof uri === 'string' && Number.isInteger(line);
}

function noteAt(document: vscode.TextDocument, line: number): Slung | null {
  const todo = line >= 0 && line < document.lineCount ? finder(document)(document.lineAt(line).text) : null;
  if (todo !== null) return { document, line, text: todo.text, tag: todo.tag };
  tell(vscode.l10n.t('There is no TODO on this line. Select what should be done to sling it.'));
  return null;
}

async function sling(tools: Tools, slung: Slung): Promise<void> {
  const { document, line, text, tag } = slung;
  const rig = await rigOf(tools, document.uri);
  if (rig === null) return;
  const symbol = await enclosingSymbol(document.uri, line);
  const source: TodoSource = { kind: 'todo', file: rig.file, line, symbol, text };
  const { control } = rig;
  const known = findSlungBead(control.state, source);
  if (known !== null) return showKnown(tools, control, known);
  const bead = tools.ids.bead((id) => control.state.beads[id] !== undefined);
  const draft = slingDraft(source, tag);
  if (!(await tools.wish(control, { type: 'createBead', bead, convoy: null, draft }))) return;
  const why = control.why(bead);
  say(
    control,
    bead,
    vscode.l10n.t('Slung as {bead}: {title}. {why}', {
      bead,
      title: plain(draft.title, 80),
      why: why === null ? '' : plain(tools.sentence(why)),
    }),
  );
}

async function showKnown(tools: Tools, control: Control, bead: Bead): Promise<void> {
  await tools.reveal(trees.beads, { kind: 'bead', rig: control.repository.commonDir, bead: bead.id });
  say(
    control,
    bead.id,
    vscode.l10n.t('This was slung before, as {bead}: {title}', {
      bead: bead.id,
      title: plain(bead.title, 80),
    }),
  );
}

/** Not waited for: the work goes on whether or not anybody reads it. */
function say(control: Control, bead: Bead['id'], message: string): void {
  const show = vscode.l10n.t('Show Bead');
  void vscode.window.showInformationMessage(message.trim(), show).then(async (chosen) => {
    if (chosen !== show) return;
    const subject = { kind: 'bead', rig: control.repository.commonDir, bead };
    await vscode.commands.executeCommand(commands.showBead, subject);
  });
}

interface Place {
  readonly control: Control;
  /** Relative to the repository, with `/`. */
  readonly file: string;
}

async function rigOf(tools: Tools, uri: vscode.Uri): Promise<Place | null> {
  if (uri.scheme !== 'file') {
    tell(vscode.l10n.t('Only files on disk can be slung. Save this one first.'));
    return null;
  }
  const path = await realpath(uri.fsPath);
  for (const { control } of openRigs(tools)) {
    const file = inside(control.repository.root, path);
    if (file !== null) return { control, file };
  }
  const control = await tools.town.open(vscode.Uri.file(dirname(path)));
  if (control === null) return null; // the town said why
  const file = inside(control.repository.root, path);
  if (file !== null) return { control, file };
  tell(vscode.l10n.t('This file is in a worktree of an agent. Sling it from the repository itself.'));
  return null;
}

function inside(root: string, path: string): string | null {
  const way = relative(root, path);
  const outside = way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  return outside ? null : way.split(sep).join('/');
}
