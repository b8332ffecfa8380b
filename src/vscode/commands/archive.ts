import * as vscode from 'vscode';
import { type ArchiveRow, archiveRows } from '../archive/archiveRows.ts';
import { type Archived, searchArchives } from '../archive/searchArchives.ts';
import { commands } from '../contract.ts';
import { showBead } from '../documents/showBead.ts';
import { tell } from '../say.ts';
import { rigKey } from '../subject.ts';
import { openRigs } from '../targets.ts';
import type { Handlers, Tools } from '../tools.ts';

/** More than anybody reads; whoever looks for something types more of it. */
const shown = 100;
/** An archive is read from disk at every search, so a person who types is waited for. */
const pauseMs = 150;

interface Item extends vscode.QuickPickItem {
  readonly archived: Archived | null;
}

/** Finds what left the trees: beads that ended long ago. */
export function archiveCommands(tools: Tools): Handlers<typeof commands.searchArchive> {
  return {
    [commands.searchArchive]: async () => {
      if (openRigs(tools).length === 0) {
        tell(vscode.l10n.t('No rig is open.'));
        return;
      }
      const chosen = await choose(tools);
      if (chosen !== null) await showBead(rigKey(chosen.rig), chosen.bead.id);
    },
  };
}

/** Null when it was called off. Rejects with what a search did not foresee. */
function choose(tools: Tools): Promise<Archived | null> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = vscode.l10n.t('Search Archived Beads');
  pick.placeholder = vscode.l10n.t('Id, title or description of a bead that ended long ago');
  let pause: NodeJS.Timeout | undefined;
  return new Promise<Archived | null>((resolve, reject) => {
    const search = async (): Promise<void> => {
      const text = pick.value;
      const answer = await searchArchives(openRigs(tools), text.trim(), shown);
      // Typed on meanwhile: the next answer is on its way.
      if (text !== pick.value) return;
      pick.items = archiveRows(tools.view(), answer, text.trim()).map(itemOf);
      pick.busy = false;
    };
    const searchAfter = (ms: number): void => {
      clearTimeout(pause);
      pick.busy = true;
      pause = setTimeout(() => void search().catch(reject), ms);
    };
    pick.onDidChangeValue(() => {
      searchAfter(pauseMs);
    });
    pick.onDidAccept(() => {
      const archived = pick.selectedItems[0]?.archived ?? null;
      // A row that only says something leads nowhere.
      if (archived !== null) resolve(archived);
    });
    pick.onDidHide(() => {
      resolve(null);
    });
    searchAfter(0);
    pick.show();
  }).finally(() => {
    clearTimeout(pause);
    pick.dispose();
  });
}

/** Always shown: the archive has found it already, also by words that the row does not show. */
function itemOf({ icon, archived, ...words }: ArchiveRow): Item {
  const color = icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color);
  return { ...words, archived, iconPath: new vscode.ThemeIcon(icon.name, color), alwaysShow: true };
}
