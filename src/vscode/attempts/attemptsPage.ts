import * as vscode from 'vscode';
import type { BeadId } from '../../town/ids.ts';
import { isPickable } from '../../town/contest.ts';
import { type CommandId, commands, schemes } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { findBead } from '../documents/beadDocument.ts';
import { beadOfUri, beadUriParts } from '../documents/beadUri.ts';
import type { Town } from '../town.ts';
import type { View } from '../trees/view.ts';
import { attemptsIn, attemptsText } from './attemptsText.ts';

/** Opens the page that compares the attempts at a bead, and follows what becomes of them. */
export async function showAttempts(rig: string, bead: BeadId): Promise<void> {
  const uri = vscode.Uri.from({ scheme: schemes.attempts, ...beadUriParts(rig, bead) });
  await vscode.window.showTextDocument(uri, { preview: true });
}

/** The page, with what can be done to each attempt above it. */
export function registerAttemptsPage(town: Town, view: () => View): Owned {
  const owned = new Disposables();
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.attempts, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        const { rig, bead } = findBead(view(), beadOfUri(uri));
        if (rig === null || bead === null) return view().t('There is no such bead.');
        return attemptsText(rig, bead, await town.ledger());
      },
    }),
  );
  owned.add(
    vscode.languages.registerCodeLensProvider(
      { scheme: schemes.attempts },
      { provideCodeLenses: (document) => lenses(document, view()) },
    ),
  );
  owned.add(
    town.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments)
        if (uri.scheme === schemes.attempts) changed.fire(uri);
    }),
  );
  return owned;
}

function lenses(document: vscode.TextDocument, view: View): vscode.CodeLens[] {
  const { rig, bead: about } = findBead(view, beadOfUri(document.uri));
  if (rig === null || about === null) return [];
  return attemptsIn(document.getText()).flatMap(({ line, attempt }) => {
    const bead = rig.state.beads[attempt];
    if (bead === undefined || about.contest?.attempts.includes(attempt) !== true) return [];
    const does = (command: CommandId, title: string): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
        command,
        title,
        arguments: [{ kind: 'bead', rig: rig.key, bead: attempt }],
      });
    const hasDiff = bead.evidence?.commit != null;
    return [
      ...(about.status === 'contested' && isPickable(rig.state, bead)
        ? [does(commands.pickAttempt, vscode.l10n.t('$(check) Pick Attempt'))]
        : []),
      ...(hasDiff ? [does(commands.showDiff, vscode.l10n.t('Show Diff'))] : []),
      ...(hasDiff ? [does(commands.diffAttempts, vscode.l10n.t('Compare with Another Attempt…'))] : []),
      does(commands.showBead, vscode.l10n.t('Show Bead')),
    ];
  });
}
