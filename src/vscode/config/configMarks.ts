import * as vscode from 'vscode';
import type { ConfigProblem } from '../../config/config.ts';
import { readConfig } from '../../config/configFile.ts';
import { plain } from '../../words/plain.ts';
import { configProblemWords } from '../../words/settings.ts';
import { Disposables, type Owned } from '../disposables.ts';
import type { Translate } from '../../words/translate.ts';
import { translate } from '../translate.ts';
import type { ConfigFile, ConfigFiles } from './configFiles.ts';

/** Shows what is wrong in configuration files where it stands, also as somebody types, and says it once. */
export function watchConfig(files: ConfigFiles, log: Pick<vscode.LogOutputChannel, 'warn'>): Owned {
  const owned = new Disposables();
  const diagnostics = owned.add(vscode.languages.createDiagnosticCollection('rigs-config'));
  const told = new Set<string>();
  const draw = (file: string, problems: readonly ConfigProblem[]): void => {
    diagnostics.set(vscode.Uri.file(file), problems.map(diagnosticOf));
  };
  const typed = (document: vscode.TextDocument): void => {
    const whose = document.uri.scheme === 'file' ? files.whose(document.uri.fsPath) : null;
    if (whose !== null) draw(document.uri.fsPath, readConfig(document.getText(), whose).problems);
  };
  const look = (): void => {
    for (const one of files.all) {
      draw(one.file, one.config.problems);
      for (const sentence of sentencesOf(one, translate)) {
        if (told.has(sentence)) continue;
        told.add(sentence);
        log.warn(sentence);
        void warn(one.file, sentence);
      }
    }
    const there = new Set(files.all.map(({ file }) => vscode.Uri.file(file).toString()));
    diagnostics.forEach((uri) => {
      if (!there.has(uri.toString())) diagnostics.delete(uri);
    });
  };
  owned.add(files.onDidChange(look));
  owned.add(vscode.workspace.onDidOpenTextDocument(typed));
  owned.add(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      typed(document);
    }),
  );
  owned.add(vscode.workspace.onDidCloseTextDocument(look));
  look();
  return owned;
}

/** A key whose job something else does is no mistake. */
const isMistake = ({ code }: ConfigProblem): boolean => code !== 'answered';

/** What is wrong with a file, each with its line and column. */
export function sentencesOf({ file, config, unread }: ConfigFile, t: Translate): readonly string[] {
  const name = plain(file, 300);
  if (unread !== null) return [t('{file} is not read: {why}', { file: name, why: unreadWords(unread, t) })];
  return config.problems.filter(isMistake).map((one) =>
    t('{file}, line {line}, column {column}: {problem}', {
      file: name,
      line: one.place.line + 1,
      column: one.place.column + 1,
      problem: configProblemWords(one, t),
    }),
  );
}

function unreadWords({ why, message }: NonNullable<ConfigFile['unread']>, t: Translate): string {
  switch (why) {
    case 'outside':
      return t('it leads out of its repository.');
    case 'not_a_file':
      return t('it is no file.');
    case 'too_long':
      return t('it is longer than anybody configures.');
    case 'not_text':
      return t('it is no text in UTF-8.');
    case 'error':
      return plain(message, 300);
  }
}

function diagnosticOf(problem: ConfigProblem): vscode.Diagnostic {
  const { line, column, endLine, endColumn } = problem.place;
  const found = new vscode.Diagnostic(
    new vscode.Range(line, column, endLine, endColumn),
    configProblemWords(problem, translate),
    severities[problem.code],
  );
  found.source = 'Rigs';
  found.code = problem.code;
  return found;
}

const { Error: error, Warning: warning, Information: information } = vscode.DiagnosticSeverity;
const severities: Readonly<Record<ConfigProblem['code'], vscode.DiagnosticSeverity>> = {
  syntax: error,
  deep: error,
  wrong_value: error,
  price: error,
  rule: error,
  thresholds: error,
  unknown_key: warning,
  not_yours: warning,
  answered: information,
};

async function warn(file: string, sentence: string): Promise<void> {
  const open = vscode.l10n.t('Open File');
  if ((await vscode.window.showWarningMessage(sentence, open)) === open)
    await vscode.window.showTextDocument(vscode.Uri.file(file));
}
