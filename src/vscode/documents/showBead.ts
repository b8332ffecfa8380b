import * as vscode from 'vscode';
import type { BeadId } from '../../town/ids.ts';
import { schemes } from '../contract.ts';
import { beadUriParts, evidenceUriParts } from './beadUri.ts';

/** Opens the document of a bead, which says itself when the bead is not known or cannot be read. */
export async function showBead(rig: string, bead: BeadId): Promise<void> {
  const uri = vscode.Uri.from({ scheme: schemes.bead, ...beadUriParts(rig, bead) });
  await vscode.window.showTextDocument(uri, { preview: true });
}

/** What proves a bead's work, as a document. */
export function evidenceUri(rig: string, bead: BeadId): vscode.Uri {
  return vscode.Uri.from({ scheme: schemes.evidence, ...evidenceUriParts(rig, bead) });
}

/** Opens it beside whatever is open. */
export async function showEvidence(rig: string, bead: BeadId): Promise<void> {
  await vscode.window.showTextDocument(evidenceUri(rig, bead), {
    preview: true,
    viewColumn: vscode.ViewColumn.Beside,
  });
}
