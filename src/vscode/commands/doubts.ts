import * as vscode from 'vscode';
import { doubtOf, maySendBack, mostWords } from '../../town/decide/doubts.ts';
import { openPullLines } from '../../words/openPulls.ts';
import { doubtLines } from '../../words/verdict.ts';
import { commands } from '../contract.ts';
import { confirmed } from '../say.ts';
import { beads, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate as t } from '../translate.ts';

type Names = 'acceptWork' | 'sendBack';

/** A person decides about work that an inspector holds back, or that waits to land. */
export function doubtCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.acceptWork]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Accept Anyway'),
        nothing: vscode.l10n.t('No inspector holds any work back.'),
        fits: (bead, state) => doubtOf(state, bead) !== null,
      });
      if (found === null) return;
      const { control } = found.rig;
      const doubt = doubtOf(control.state, found.it);
      if (doubt === null) return;
      const { commit } = doubt;
      const yes = await confirmed(
        vscode.l10n.t('Accept “{title}” anyway?', { title: withoutMarkup(plain(found.it.title)) }),
        [
          ...doubtLines(doubt, t),
          vscode.l10n.t('The checks run once more; then commit {commit} goes into the merge queue.', {
            commit: commit.slice(0, 8),
          }),
        ].join('\n'),
        vscode.l10n.t('Accept Anyway'),
      );
      if (yes) await tools.wish(control, { type: 'acceptWork', bead: found.it.id, commit });
    },
    [commands.sendBack]: async (...args) => {
      const title = vscode.l10n.t('Send Back');
      const nothing = vscode.l10n.t('No work stands still or waits to land.');
      const found = await target(tools, args, beads, {
        title,
        nothing,
        fits: (bead, state) => maySendBack(state, bead),
      });
      if (found === null) return;
      const words = await vscode.window.showInputBox({
        title: vscode.l10n.t('Send “{title}” Back', { title: withoutMarkup(plain(found.it.title)) }),
        prompt: [
          vscode.l10n.t('What is missing? Its agent goes on with these words.'),
          ...openPullLines(found.rig.control.state, found.it.id, t),
        ].join(' '),
        placeHolder: vscode.l10n.t('Your words go to the agent as they are'),
        ignoreFocusOut: true,
        validateInput: (text) =>
          text.trim().length > mostWords
            ? vscode.l10n.t('At most {count} characters.', { count: mostWords })
            : null,
      });
      if (words === undefined || words.trim() === '') return;
      await tools.wish(found.rig.control, { type: 'sendBack', bead: found.it.id, words });
    },
  };
}
