import * as vscode from 'vscode';
import { commands, contexts } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { settingsReader } from '../settingsReader.ts';
import { throttled } from '../throttle.ts';
import { type Todo, findTodo } from '../../town/todo.ts';

/** Files on disk only: a bead needs a path that its agent can open. */
const selector: vscode.DocumentSelector = { scheme: 'file' };
/** More lenses than these nobody looks at, and a generated file may have thousands. */
const maxLenses = 100;
const maxLines = 20_000;

/** Where a sling was asked for; plain, because it travels as a command's argument. */
export interface SlingPlace {
  readonly uri: string;
  /** Counted from 0. */
  readonly line: number;
}

/** *Sling to Rig* as CodeLens, quick fix and in the context menu. Small, for it is there before anything loads. */
export function registerTodoFeatures(): Owned {
  const owned = new Disposables();
  const lenses = owned.add(new TodoLenses());
  owned.add(vscode.languages.registerCodeLensProvider(selector, lenses));
  owned.add(
    vscode.languages.registerCodeActionsProvider(
      selector,
      { provideCodeActions: quickFixes },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
  const follow = owned.add(throttled(300, setTodoContext));
  owned.add(vscode.window.onDidChangeActiveTextEditor(follow));
  owned.add(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) follow();
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('rigs.sling')) return;
      lenses.refresh();
      follow();
    }),
  );
  owned.add(
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      lenses.refresh();
    }),
  );
  follow();
  return owned;
}

class TodoLenses implements vscode.CodeLensProvider, Owned {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const wanted = settingsReader.read('rigs.sling.codeLens', document.uri);
    if (!wanted || !vscode.workspace.isTrusted) return [];
    return tagsOf(document, maxLenses).map(
      ({ line, range }) => new vscode.CodeLens(range, slingCommand(document, line)),
    );
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function quickFixes(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
  if (!vscode.workspace.isTrusted) return [];
  const { line } = range.start;
  if (finder(document)(document.lineAt(line).text) === null) return [];
  const title = vscode.l10n.t('Sling to Rig');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = slingCommand(document, line);
  return [action];
}

function slingCommand(document: vscode.TextDocument, line: number): vscode.Command {
  const place: SlingPlace = { uri: document.uri.toString(), line };
  return { command: commands.sling, title: vscode.l10n.t('Sling to Rig'), arguments: [place] };
}

/** Finds this document's tags, as the settings of its folder name them. */
export function finder({ uri }: Pick<vscode.TextDocument, 'uri'>): (line: string) => Todo | null {
  const tags = settingsReader.read('rigs.sling.tags', uri);
  return (line) => findTodo(line, tags);
}

function tagsOf(
  document: vscode.TextDocument,
  most: number,
): readonly { readonly line: number; readonly range: vscode.Range }[] {
  const find = finder(document);
  const found: { line: number; range: vscode.Range }[] = [];
  for (let line = 0; line < Math.min(document.lineCount, maxLines) && found.length < most; line += 1) {
    const tag = find(document.lineAt(line).text);
    if (tag !== null)
      found.push({ line, range: new vscode.Range(line, tag.startColumn, line, tag.endColumn) });
  }
  return found;
}

function setTodoContext(): void {
  const document = vscode.window.activeTextEditor?.document;
  const has = document?.uri.scheme === 'file' && tagsOf(document, 1).length > 0;
  void vscode.commands.executeCommand('setContext', contexts.todoInFile, has);
}
