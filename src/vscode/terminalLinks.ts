import * as vscode from 'vscode';
import type { BeadId } from '../town/ids.ts';
import { parseBeadId } from '../town/ids.ts';
import { showBead } from './documents/showBead.ts';
import { type OpenRig, rigKey } from './subject.ts';
import type { Town } from './town.ts';

class BeadLink extends vscode.TerminalLink {
  readonly bead: BeadId;

  constructor(startIndex: number, bead: BeadId) {
    super(startIndex, bead.length, vscode.l10n.t('Show bead {bead}', { bead }));
    this.bead = bead;
  }
}

/** A line of a terminal may be a megabyte; nobody clicks beyond this. */
const maxLine = 4_000;
const id = /\bgt-[0-9a-z]{5}\b/g;

/** Bead ids in any terminal open their bead. */
export function registerTerminalLinks(town: Town): vscode.Disposable {
  return vscode.window.registerTerminalLinkProvider(terminalLinks(town));
}

export function terminalLinks(town: Pick<Town, 'rigs'>): vscode.TerminalLinkProvider<BeadLink> {
  const rigs = (): readonly OpenRig[] => town.rigs.filter((rig) => rig.kind === 'open');
  return {
    provideTerminalLinks: ({ line }) => (rigs().length === 0 ? [] : beadLinks(line)),
    handleTerminalLink: async ({ bead }) => {
      // Of a bead that left the state the archive of any rig may know.
      const rig = rigs().find(({ control }) => control.state.beads[bead] !== undefined) ?? rigs()[0];
      if (rig !== undefined) await showBead(rigKey(rig), bead);
    },
  };
}

function beadLinks(line: string): BeadLink[] {
  return [...line.slice(0, maxLine).matchAll(id)].flatMap((found) => {
    const bead = parseBeadId(found[0]);
    return bead === null ? [] : [new BeadLink(found.index, bead)];
  });
}
