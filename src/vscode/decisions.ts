import * as vscode from 'vscode';
import { type Bead, isOpen } from '../town/bead.ts';
import { doubtOf, maySendBack } from '../town/decide/doubts.ts';
import { contexts, schemes } from './contract.ts';
import { Disposables, type Owned } from './disposables.ts';
import { beadOfUri } from './documents/beadUri.ts';
import { type OpenRig, rigKey } from './subject.ts';
import type { Town } from './town.ts';

/** Offers in an editor's title what its person may decide about the bead that it shows: its document, or its diff. */
export function followDecisions(town: Town): Owned {
  const owned = new Disposables();
  const follow = (): void => {
    const found = inFront(town);
    const values: Readonly<Record<string, unknown>> = {
      [contexts.wording]: found === null ? '' : wordingOf(found.bead),
      [contexts.doubted]: found !== null && doubtOf(found.rig.control.state, found.bead) !== null,
      [contexts.revisable]: found !== null && maySendBack(found.rig.control.state, found.bead),
    };
    for (const [key, value] of Object.entries(values))
      void vscode.commands.executeCommand('setContext', key, value);
  };
  owned.add(vscode.window.tabGroups.onDidChangeTabs(follow));
  owned.add(vscode.window.tabGroups.onDidChangeTabGroups(follow));
  owned.add(town.onDidChange(follow));
  return owned;
}

/** What a person said of a task's other words so far; empty where there is nothing to say. */
export function wordingOf({ status, optimized }: Bead): '' | 'undecided' | 'accepted' | 'rejected' {
  if (optimized === undefined || !isOpen(status)) return '';
  if (optimized.accepted === null) return 'undecided';
  return optimized.accepted ? 'accepted' : 'rejected';
}

function inFront(town: Town): { readonly rig: OpenRig; readonly bead: Bead } | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    input instanceof vscode.TabInputText
      ? input.uri
      : input instanceof vscode.TabInputTextDiff
        ? input.modified
        : null;
  if (uri?.scheme !== schemes.bead && uri?.scheme !== schemes.wording) return null;
  const subject = beadOfUri(uri);
  if (subject === null) return null;
  const rig = town.rigs.find((one) => one.kind === 'open' && rigKey(one) === subject.rig);
  if (rig?.kind !== 'open') return null;
  const bead = rig.control.state.beads[subject.bead];
  return bead === undefined ? null : { rig, bead };
}
