import * as vscode from 'vscode';
import { type Bead, isOpen } from '../../town/bead.ts';
import { optimizedDiff } from '../../words/optimized.ts';
import { commands } from '../contract.ts';
import { tell } from '../say.ts';
import { rigKey } from '../subject.ts';
import { beads, target } from '../targets.ts';
import type { Handler, Handlers, Tools } from '../tools.ts';
import { translate as t } from '../translate.ts';
import { showWording } from '../wording/wordings.ts';

type Names = 'compareWording' | 'acceptWording' | 'rejectWording';

/** A person decides whether an agent gets a task in a model's words or in their own. */
export function wordingCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const decide =
    (title: string, nothing: string, accepted: boolean): Handler =>
    async (...args) => {
      const fits = (bead: Bead): boolean =>
        isOpen(bead.status) && bead.optimized !== undefined && bead.optimized.accepted !== accepted;
      const found = await target(tools, args, beads, { title, nothing, fits });
      if (found === null) return;
      const { control } = found.rig;
      const type = accepted ? 'acceptOptimized' : 'rejectOptimized';
      if (!(await tools.wish(control, { type, bead: found.it.id }))) return;
      const bead = control.state.beads[found.it.id] ?? found.it;
      const diff = optimizedDiff(bead, t);
      const late = vscode.l10n.t(
        'Its agent was told its task already: this counts from its next session on.',
      );
      if (diff !== null) tell(bead.attempts === 0 ? diff.state : `${diff.state} ${late}`);
    };
  return {
    [commands.compareWording]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Compare Wording'),
        nothing: vscode.l10n.t('This task stands as it was worded.'),
        fits: (bead) => bead.optimized !== undefined,
      });
      if (found === null) return;
      await showWording(rigKey(found.rig), found.it);
      // What holds as long as nobody decides shows in no side of the diff.
      const diff = optimizedDiff(found.it, t);
      if (diff !== null) tell(diff.state);
    },
    [commands.acceptWording]: decide(
      vscode.l10n.t('Accept Wording'),
      vscode.l10n.t('No other words wait to be accepted.'),
      true,
    ),
    [commands.rejectWording]: decide(
      vscode.l10n.t('Reject Wording'),
      vscode.l10n.t('No other words are there to be rejected.'),
      false,
    ),
  };
}
