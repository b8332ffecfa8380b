import * as vscode from 'vscode';
import { schemes } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { rigKey } from '../subject.ts';
import type { Town } from '../town.ts';
import { type View, rigViews } from '../trees/view.ts';
import { beadOfUri } from './beadUri.ts';
import { beadText } from './beadText.ts';
import { fileOfUri } from './fileUri.ts';

/** Read-only documents: what is known of a bead, and files at commits. */
export function registerDocuments(town: Town, view: () => View): Owned {
  const owned = new Disposables();
  owned.add(vscode.workspace.registerTextDocumentContentProvider(schemes.file, files(town)));
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.bead, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => contentOfBead(view(), uri),
    }),
  );
  owned.add(
    town.onDidChange(() => {
      for (const document of vscode.workspace.textDocuments) {
        if (document.uri.scheme === schemes.bead) changed.fire(document.uri);
      }
    }),
  );
  return owned;
}

function contentOfBead(view: View, uri: vscode.Uri): string {
  const subject = beadOfUri(uri);
  const rig = rigViews(view).find((one) => one.key === subject?.rig);
  const bead = subject === null ? undefined : rig?.state.beads[subject.bead];
  return rig === undefined || bead === undefined
    ? vscode.l10n.t('This bead is not known in any rig that is open here.')
    : beadText(rig, bead);
}

function files(town: Town): vscode.TextDocumentContentProvider {
  return {
    provideTextDocumentContent: async (uri) => {
      const file = fileOfUri(uri);
      const rig = town.rigs.find((one) => one.kind === 'open' && rigKey(one) === file?.rig);
      if (file === null || rig?.kind !== 'open') {
        return vscode.l10n.t('The rig of this file is not open here.');
      }
      const path = uri.path.slice(1);
      const text = await town.show(rig.control, file.commit, path);
      if (text !== null) return text;
      // Not there, or not text: it is a plain "not there" only when the other side can be read.
      const other = await town.show(rig.control, file.other, path);
      return other === null ? vscode.l10n.t('(This file is not text and cannot be shown.)') : '';
    },
  };
}
