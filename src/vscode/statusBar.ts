import * as vscode from 'vscode';
import { takesSlot } from '../town/polecat.ts';
import { trees } from './contract.ts';
import type { Owned } from './disposables.ts';
import { tankItem } from './tankItem.ts';
import { countNeeds } from './trees/needsYou.ts';
import { type View, rigViews } from './trees/view.ts';

export interface StatusBar extends Owned {
  update(view: View): void;
}

/**
 * How many agents work and how much waits for a person, or that the town is stopped; and beside it the lowest tank that
 * matters, which leads elsewhere and so is an item of its own.
 */
export function createStatusBar(): StatusBar {
  const item = vscode.window.createStatusBarItem('rigs.status', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Rigs');
  item.command = `${trees.needsYou}.focus`;
  const tank = createTankItem();
  return {
    update: (view) => {
      tank.update(view);
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
      tank.dispose();
    },
  };
}

function createTankItem(): StatusBar {
  const item = vscode.window.createStatusBarItem('rigs.tank', vscode.StatusBarAlignment.Left, -1);
  item.name = vscode.l10n.t('Rigs: Lowest Tank');
  item.command = `${trees.tanks}.focus`;
  return {
    update: (view) => {
      const shown = tankItem(view);
      if (shown === null) {
        item.hide();
        return;
      }
      item.text = shown.text;
      item.tooltip = shown.tooltip;
      item.accessibilityInformation = { label: shown.label, role: 'button' };
      item.backgroundColor = shown.warns
        ? new vscode.ThemeColor('statusBarItem.warningBackground')
        : undefined;
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
