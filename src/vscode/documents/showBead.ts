import * as vscode from 'vscode';
import type { BeadId } from '../../town/ids.ts';
import { schemes } from '../contract.ts';
import { beadUriParts } from './beadUri.ts';

/** Opens the document of a bead, which says itself when the bead is not known or cannot be read. */
export async function showBead(rig: string, bead: BeadId): Promise<void> {
  const uri = vscode.Uri.from({ scheme: schemes.bead, ...beadUriParts(rig, bead) });
  await vscode.window.showTextDocument(uri, { preview: true });
}
