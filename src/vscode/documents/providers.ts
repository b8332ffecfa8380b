import * as vscode from 'vscode';
import { schemes } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { pricesNow } from '../prices.ts';
import { rigKey } from '../subject.ts';
import type { Town } from '../town.ts';
import type { View } from '../trees/view.ts';
import { askDocument } from './askDocument.ts';
import { beadDocument, findBead } from './beadDocument.ts';
import { beadOfUri } from './beadUri.ts';
import type { Books } from './effort.ts';
import { dispatchDocument } from './dispatchDocument.ts';
import { evidenceText } from './evidenceText.ts';
import { fileOfUri } from './fileUri.ts';

/** Read-only documents: what is known of a bead, and files at commits. */
export function registerDocuments(town: Town, view: () => View): Owned {
  const owned = new Disposables();
  owned.add(vscode.workspace.registerTextDocumentContentProvider(schemes.file, files(town)));
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.ask, {
      provideTextDocumentContent: (uri) => askDocument(view(), uri),
    }),
  );
  const books = async (): Promise<Books> => ({
    ledger: await town.ledger(),
    rows: pricesNow(),
  });
  const settled = new Set<string>();
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.bead, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        const document = await beadDocument(view(), beadOfUri(uri), books);
        if (document.settled) settled.add(uri.toString());
        else settled.delete(uri.toString());
        return document.text;
      },
    }),
  );
  const proven = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.evidence, {
      onDidChange: proven.event,
      provideTextDocumentContent: async (uri) => {
        const { rig, bead } = findBead(view(), beadOfUri(uri));
        return rig === null || bead === null
          ? vscode.l10n.t('This bead is not known in any rig that is open here.')
          : evidenceText(rig, bead, await books());
      },
    }),
  );
  const moved = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.dispatch, {
      onDidChange: moved.event,
      provideTextDocumentContent: (uri) => dispatchDocument(view(), uri),
    }),
  );
  owned.add(
    town.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) {
        if (uri.scheme === schemes.dispatch) moved.fire(uri);
        if (uri.scheme === schemes.evidence) proven.fire(uri);
        if (uri.scheme !== schemes.bead) continue;
        // The archive is read from disk, and what is in it does not change with the rig.
        if (settled.has(uri.toString()) && findBead(view(), beadOfUri(uri)).bead === null) continue;
        changed.fire(uri);
      }
    }),
  );
  return owned;
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
