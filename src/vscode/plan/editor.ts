import * as vscode from 'vscode';
import { type PlanProblem, hasErrors } from '../../town/plan.ts';
import { type ParsedPlan, parsePlan } from '../../town/plan/parse.ts';
import { planProblemWords } from '../../words/plan.ts';
import type { Translate } from '../../words/translate.ts';
import { commands, planLanguage } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { clock } from '../../words/times.ts';
import type { PlanMarks } from './marks.ts';

const selector: vscode.DocumentSelector = { language: planLanguage };

export interface PlanEditor extends Owned {
  /** Draws the lenses anew, as after a plan was executed. */
  refresh(): void;
}

/** What a plan shows in the editor: mistakes where they stand, and on top what can be done with it. */
export function registerPlanEditor(marks: PlanMarks, t: Translate): PlanEditor {
  const owned = new Disposables();
  const diagnostics = owned.add(vscode.languages.createDiagnosticCollection(planLanguage));
  const changed = owned.add(new vscode.EventEmitter<void>());
  const look = (document: vscode.TextDocument): void => {
    if (document.languageId !== planLanguage) return;
    const { problems } = parsePlan(document.getText());
    diagnostics.set(
      document.uri,
      problems.map((one) => diagnosticOf(one, t)),
    );
  };
  owned.add(vscode.workspace.onDidOpenTextDocument(look));
  owned.add(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      look(document);
    }),
  );
  owned.add(
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      diagnostics.delete(uri);
    }),
  );
  owned.add(
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: (document) => lenses(document, marks),
    }),
  );
  vscode.workspace.textDocuments.forEach(look);
  return {
    refresh: () => {
      changed.fire();
    },
    dispose: () => {
      owned.dispose();
    },
  };
}

function diagnosticOf(problem: PlanProblem, t: Translate): vscode.Diagnostic {
  const { line, startColumn, endColumn, severity } = problem;
  const found = new vscode.Diagnostic(
    new vscode.Range(line, startColumn, line, endColumn),
    planProblemWords(problem, t),
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  found.source = 'Rigs';
  found.code = problem.code;
  return found;
}

function lenses(document: vscode.TextDocument, marks: PlanMarks): vscode.CodeLens[] {
  const top = new vscode.Range(0, 0, 0, 0);
  const plan = parsePlan(document.getText());
  const mark = marks.of(document.uri.toString());
  const errors = plan.problems.filter((one) => one.severity === 'error').length;
  const said = (title: string): vscode.CodeLens => new vscode.CodeLens(top, { title, command: '' });
  const does = (command: string, title: string, tooltip: string): vscode.CodeLens =>
    new vscode.CodeLens(top, { command, title, tooltip, arguments: [document.uri] });
  if (hasErrors(plan.problems)) {
    return [
      said(
        errors === 1
          ? vscode.l10n.t('$(error) Not executable yet: 1 mistake to mend')
          : vscode.l10n.t('$(error) Not executable yet: {count} mistakes to mend', { count: errors }),
      ),
    ];
  }
  if (mark !== null) {
    const at = clock(mark.at, Date.now());
    return [
      said(vscode.l10n.t('$(pass) Executed as {convoy}, {at}', { convoy: mark.convoy, at })),
      does(
        commands.executePlan,
        vscode.l10n.t('Execute Again…'),
        vscode.l10n.t('Makes a second convoy of the same beads, after asking.'),
      ),
    ];
  }
  return [
    does(
      commands.executePlan,
      vscode.l10n.t('$(play) Execute (review before landing)'),
      vscode.l10n.t('Starts the work; each proven change waits for your approval.'),
    ),
    does(
      commands.executePlanAndLand,
      vscode.l10n.t('Execute and Land'),
      vscode.l10n.t('Starts the work; each proven change lands by itself.'),
    ),
    does(
      commands.queuePlan,
      vscode.l10n.t('Queue Only'),
      vscode.l10n.t('Puts the beads into the depot; nothing starts until you release the convoy.'),
    ),
    said(sizeOf(plan)),
  ];
}

function sizeOf({ beads }: ParsedPlan): string {
  return beads.length === 1
    ? vscode.l10n.t('1 bead')
    : vscode.l10n.t('{count} beads', { count: beads.length });
}
