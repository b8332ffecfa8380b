import * as vscode from 'vscode';
import type { Bead } from '../../town/bead.ts';
import type { BeadId } from '../../town/ids.ts';
import { schemes } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { beadOfUri, beadUriParts } from '../documents/beadUri.ts';
import { rigKey } from '../subject.ts';
import { plain } from '../text.ts';
import type { Town } from '../town.ts';

/** The two sides of a task's diff, by the name that a tab shows of them. */
const sides = { original: 'original', worded: 'agent' } as const;
type Side = keyof typeof sides;

/** Opens a task as its person worded it beside the words that a model found for its agent. */
export async function showWording(rig: string, { id, title }: Pick<Bead, 'id' | 'title'>): Promise<void> {
  const name = vscode.l10n.t('{bead} · {title}: original ↔ for its agent', {
    bead: id,
    title: plain(title, 60),
  });
  const [left, right] = [sideUri(rig, id, 'original'), sideUri(rig, id, 'worded')];
  await vscode.commands.executeCommand('vscode.diff', left, right, name, { preview: true });
}

function sideUri(rig: string, bead: BeadId, side: Side): vscode.Uri {
  const { query } = beadUriParts(rig, bead);
  return vscode.Uri.from({ scheme: schemes.wording, path: `/${bead}.${sides[side]}.md`, query });
}

/** Both sides as read-only documents that follow their bead. */
export function registerWordings(town: Town): Owned {
  const owned = new Disposables();
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.wording, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => wordingText(town, uri),
    }),
  );
  owned.add(
    town.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments)
        if (uri.scheme === schemes.wording) changed.fire(uri);
    }),
  );
  return owned;
}

function wordingText(town: Town, uri: vscode.Uri): string {
  const subject = beadOfUri(uri);
  const rig = town.rigs.find((one) => one.kind === 'open' && rigKey(one) === subject?.rig);
  const bead = rig?.kind === 'open' && subject !== null ? rig.control.state.beads[subject.bead] : undefined;
  if (bead === undefined) return vscode.l10n.t('This bead is not known in any rig that is open here.');
  if (uri.path.endsWith(`.${sides.original}.md`)) return bead.description;
  return bead.optimized?.prompt ?? vscode.l10n.t('(This task stands as it was worded.)');
}
