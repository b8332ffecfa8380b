import * as vscode from 'vscode';
import { isOpen } from '../../town/bead.ts';
import { openPullLines } from '../../words/openPulls.ts';
import { commands } from '../contract.ts';
import { showBead } from '../documents/showBead.ts';
import { confirmed } from '../say.ts';
import { parseSubject, rigKey } from '../subject.ts';
import { beads, convoys, openRigs, target } from '../targets.ts';
import { plain } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate as t } from '../translate.ts';

type Names = 'showBead' | 'cancelBead' | 'retryBead' | 'holdConvoy' | 'releaseConvoy';

/** What a person does to beads and convoys. */
export function beadCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const noBead = vscode.l10n.t('There is no such bead.');
  const noConvoy = vscode.l10n.t('There is no such convoy.');
  return {
    [commands.showBead]: async (...args) => {
      const subject = parseSubject(args[0]);
      // Links outlive the state: their bead may be in the archive, and its document says so.
      if (subject?.kind === 'bead' && openRigs(tools).some((rig) => rigKey(rig) === subject.rig)) {
        await showBead(subject.rig, subject.bead);
        return;
      }
      const found = await target(tools, args, beads, { title: vscode.l10n.t('Show Bead'), nothing: noBead });
      if (found !== null) await showBead(rigKey(found.rig), found.it.id);
    },
    [commands.cancelBead]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Cancel Bead'),
        nothing: vscode.l10n.t('There is no open bead to cancel.'),
        fits: (bead) => isOpen(bead.status),
      });
      if (found === null) return;
      const yes = await confirmed(
        vscode.l10n.t('Cancel “{title}”?', { title: plain(found.it.title) }),
        [
          vscode.l10n.t(
            'A cancelled bead does not come back. Its agent ends; what was committed stays reachable.',
          ),
          ...openPullLines(found.rig.control.state, found.it.id, t),
        ].join('\n'),
        vscode.l10n.t('Cancel Bead'),
      );
      if (yes) await tools.wish(found.rig.control, { type: 'cancelBead', bead: found.it.id });
    },
    [commands.retryBead]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Retry Bead'),
        nothing: vscode.l10n.t('There is no bead to retry.'),
        fits: (bead) => bead.status === 'failed' || bead.status === 'in_progress',
      });
      if (found !== null) await tools.wish(found.rig.control, { type: 'retryBead', bead: found.it.id });
    },
    [commands.holdConvoy]: async (...args) => {
      const found = await target(tools, args, convoys, {
        title: vscode.l10n.t('Hold Convoy'),
        nothing: noConvoy,
        fits: (convoy) => !convoy.held,
      });
      if (found !== null) await tools.wish(found.rig.control, { type: 'holdConvoy', convoy: found.it.id });
    },
    [commands.releaseConvoy]: async (...args) => {
      const found = await target(tools, args, convoys, {
        title: vscode.l10n.t('Release Convoy'),
        nothing: noConvoy,
        fits: (convoy) => convoy.held,
      });
      if (found !== null) await tools.wish(found.rig.control, { type: 'releaseConvoy', convoy: found.it.id });
    },
  };
}
