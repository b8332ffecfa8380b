import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { offer } from '../say.ts';
import { plain } from '../text.ts';
import type { Tools } from '../tools.ts';

const lastKey = 'rigs.lastRigFolder';

interface Place {
  readonly name: string;
  readonly folder: string;
}

/** The rig that something new is for: the only one, or asked, the last one first. Null: told why, or called off. */
export async function chooseRig(tools: Tools): Promise<Control | null> {
  const places = placesOf(tools);
  const [only] = places;
  if (only === undefined) {
    await offer(vscode.l10n.t('Open a folder with a git repository first.'), [
      {
        title: vscode.l10n.t('Open Folder'),
        run: () => vscode.commands.executeCommand('vscode.openFolder'),
      },
    ]);
    return null;
  }
  const place = places.length === 1 ? only : await ask(tools, places);
  if (place === undefined) return null;
  await tools.context.workspaceState.update(lastKey, place.folder);
  const open = tools.town.rigs.find((rig) => rig.kind === 'open' && rig.folder === place.folder);
  // A closed one is tried again, which mends it or says what keeps it closed.
  return open?.kind === 'open' ? open.control : tools.town.open(vscode.Uri.file(place.folder));
}

/** Rigs, and workspace folders that are not in one of them yet. */
function placesOf({ town }: Tools): readonly Place[] {
  const rigs = town.rigs.map(({ name, folder }) => ({ name, folder }));
  const within = (path: string): boolean =>
    town.rigs.some(
      (rig) => isIn(rig.folder, path) || (rig.kind === 'open' && isIn(rig.control.repository.root, path)),
    );
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file' && !within(uri.fsPath))
    .map(({ name, uri }) => ({ name, folder: uri.fsPath }));
  return [...rigs, ...folders];
}

function isIn(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`) || path.startsWith(`${root}\\`);
}

async function ask({ context }: Tools, places: readonly Place[]): Promise<Place | undefined> {
  const last = context.workspaceState.get<unknown>(lastKey);
  const sorted = [...places].sort((a, b) => Number(b.folder === last) - Number(a.folder === last));
  const items = sorted.map((place) => ({
    label: plain(place.name),
    description: plain(place.folder),
    place,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('For Which Rig?') });
  return chosen?.place;
}
