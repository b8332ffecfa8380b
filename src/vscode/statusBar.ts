import * as vscode from 'vscode';
import { takesSlot } from '../town/polecat.ts';
import { trees } from './contract.ts';
import type { Owned } from './disposables.ts';
import { countNeeds } from './trees/needsYou.ts';
import { type View, rigViews } from './trees/view.ts';

export interface StatusBar extends Owned {
  update(view: View): void;
}

/** One item: how many agents work and how much waits for a person; or that the town is stopped. */
export function createStatusBar(): StatusBar {
  const item = vscode.window.createStatusBarItem('rigs.status', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Rigs');
  item.command = `${trees.needsYou}.focus`;
  return {
    update: (view) => {
      const rigs = rigViews(view);
      if (rigs.length === 0) {
        item.hide();
        return;
      }
      const working = rigs.flatMap((rig) => Object.values(rig.state.polecats)).filter(takesSlot).length;
      const needs = countNeeds(view);
      const stopped = rigs.every((rig) => rig.state.stopped);
      item.text = stopped
        ? `$(debug-stop) ${vscode.l10n.t('Stopped')}${needs === 0 ? '' : ` $(bell) ${String(needs)}`}`
        : `$(organization) ${String(working)}${needs === 0 ? '' : ` $(bell-dot) ${String(needs)}`}`;
      const words = [
        stopped ? vscode.l10n.t('the town is stopped') : workingWords(working),
        needsWords(needs),
      ].join(', ');
      item.tooltip = vscode.l10n.t('Rigs: {words}', { words });
      item.accessibilityInformation = { label: item.tooltip, role: 'button' };
      item.show();
    },
    dispose: () => {
      item.dispose();
    },
  };
}

function workingWords(count: number): string {
  return count === 1
    ? vscode.l10n.t('1 agent is working')
    : vscode.l10n.t('{count} agents are working', { count });
}

/** Also the words of the container's badge. */
export function needsWords(count: number): string {
  if (count === 0) return vscode.l10n.t('nothing waits for you');
  return count === 1
    ? vscode.l10n.t('1 thing waits for you')
    : vscode.l10n.t('{count} things wait for you', { count });
}
