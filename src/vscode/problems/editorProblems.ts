import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EditorProblem, EditorProblems, SeenFile } from '../../ports/editorProblems.ts';
import { Turns } from '../../system/turns.ts';

export interface Patience {
  /** A server that knows its project says all that it has to say of a file without longer pauses than this. */
  readonly quietMs: number;
  /** How long to wait for a server that says nothing, once those that answer have answered. */
  readonly silentMs: number;
  readonly mostMs: number;
}

const usual: Patience = { quietMs: 2_000, silentMs: 12_000, mostMs: 90_000 };

/** What nobody has a language server for; opening it in a tab would only be in the way. */
const withoutServer = ['plaintext', 'log', 'code-text-binary'];

/** Asks this window's language servers. One look at a time: a person sees its tabs come and go. */
export function createEditorProblems(patience: Patience = usual): EditorProblems {
  const turns = new Turns();
  return {
    look: (folder, files, signal) =>
      turns.take('look', () => {
        signal.throwIfAborted();
        return look(folder, files, signal, patience);
      }),
  };
}

interface Opened {
  readonly file: string;
  readonly document: vscode.TextDocument | null;
}

async function look(
  folder: string,
  files: readonly string[],
  signal: AbortSignal,
  patience: Patience,
): Promise<readonly SeenFile[]> {
  const told = new Told();
  const opened = await Promise.all(files.map((file) => open(folder, file)));
  const asked = opened.flatMap(({ document }) => document ?? []).filter(hasServer);
  const probes = await Promise.all(
    [...endingsOf(asked)].map(([ending, beside]) => makeProbe(beside, ending)),
  );
  const tabs = [...asked, ...probes.map(({ document }) => document)];
  try {
    for (const { uri } of tabs) await showTab(uri);
    const until = Date.now() + patience.mostMs;
    await Promise.race([answered(tabs), pause(patience.mostMs / 2, undefined, { ref: false })]);
    const silentUntil = Math.min(until, Date.now() + patience.silentMs);
    const isOver = (now: number): boolean =>
      now >= until || (now - told.at >= patience.quietMs && (probes.every(isRefused) || now >= silentUntil));
    while (!isOver(Date.now())) await pause(50, undefined, { signal });
    const known = new Set(probes.filter(isRefused).map(({ ending }) => ending));
    return opened.map((one) => seen(one, known));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    told.dispose();
    await closeTabs(tabs);
    await Promise.all(probes.map(({ document }) => rm(document.uri.fsPath, { force: true })));
  }
}

/** When something was said last, of whatever file. */
class Told {
  at = Date.now();
  readonly #listening = vscode.languages.onDidChangeDiagnostics(() => {
    this.at = Date.now();
  });

  dispose(): void {
    this.#listening.dispose();
  }
}

function hasServer({ languageId }: vscode.TextDocument): boolean {
  return !withoutServer.includes(languageId);
}

/** By what their names end with, and a folder in which one lies. */
function endingsOf(documents: readonly vscode.TextDocument[]): ReadonlyMap<string, string> {
  const endings = documents.map(({ uri }) => [endingOf(uri.fsPath), path.dirname(uri.fsPath)] as const);
  return new Map(endings.filter(([ending]) => ending !== ''));
}

function endingOf(file: string): string {
  return path.extname(file).toLowerCase();
}

interface Probe {
  readonly ending: string;
  readonly document: vscode.TextDocument;
}

/**
 * Nobody says of a good file that it is good. So a file that can be right in no language is put beside them: who says
 * nothing of that one does not look here.
 */
async function makeProbe(folder: string, ending: string): Promise<Probe> {
  const file = path.join(folder, `rigs-probe-${randomUUID().slice(0, 8)}${ending}`);
  await writeFile(file, ')\n', { flag: 'wx' });
  return { ending, document: await vscode.workspace.openTextDocument(vscode.Uri.file(file)) };
}

function isRefused({ document }: Probe): boolean {
  return vscode.languages.getDiagnostics(document.uri).length > 0;
}

async function open(folder: string, file: string): Promise<Opened> {
  const uri = vscode.Uri.file(path.join(folder, ...file.split('/')));
  try {
    return { file, document: await vscode.workspace.openTextDocument(uri) };
  } catch {
    // Binary, or too large for an editor: of such a file nothing is known, which the check says.
    return { file, document: null };
  }
}

/** Some language servers look only at what has a tab. It stays in the background: nobody is kept from typing. */
async function showTab(uri: vscode.Uri): Promise<void> {
  const how = { background: true, preserveFocus: true, preview: false };
  await vscode.commands.executeCommand('vscode.open', uri, how);
}

/** A server that answers has read its project, which takes it longest. What it answers does not matter. */
async function answered(documents: readonly vscode.TextDocument[]): Promise<void> {
  const start = new vscode.Position(0, 0);
  await Promise.allSettled(
    documents.map(({ uri }) => vscode.commands.executeCommand('vscode.executeHoverProvider', uri, start)),
  );
}

async function closeTabs(documents: readonly vscode.TextDocument[]): Promise<void> {
  const ours = new Set(documents.map(({ uri }) => uri.toString()));
  const tabs = vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.filter(({ input }) => input instanceof vscode.TabInputText && ours.has(input.uri.toString())),
  );
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

function seen({ file, document }: Opened, known: ReadonlySet<string>): SeenFile {
  if (document === null) return { file, language: null, problems: null };
  const all = vscode.languages.getDiagnostics(document.uri);
  const isKnown = all.length > 0 || known.has(endingOf(file));
  const errors = all.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error).map(problemOf);
  return { file, language: document.languageId, problems: isKnown ? errors : null };
}

function problemOf({ range, message, code, source }: vscode.Diagnostic): EditorProblem {
  const { line, character } = range.start;
  const named = typeof code === 'object' ? code.value : code;
  const place = { line: line + 1, column: character + 1 };
  return { ...place, message, source: source ?? null, code: named === undefined ? null : String(named) };
}
