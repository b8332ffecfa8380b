import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { placesOf } from '../../foreman/places.ts';
import { isOpen } from '../../town/bead.ts';
import { commands, trees } from '../contract.ts';
import { offer, tell } from '../say.ts';
import { beads, polecats, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';

type Names =
  'showTerminal' | 'messagePolecat' | 'continueWith' | 'killAgent' | 'openWorktree' | 'showTranscript';

/** What a person does to polecats. */
export function agentCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const nothing = vscode.l10n.t('No polecat is there.');
  return {
    [commands.showTerminal]: async (...args) => {
      const found = await target(tools, args, polecats, { title: vscode.l10n.t('Show Terminal'), nothing });
      if (found === null) return;
      if (!tools.town.showTerminal(found.rig.control, found.it.id)) {
        tell(vscode.l10n.t('{polecat} has no terminal in this window.', { polecat: found.it.name }));
      }
    },
    [commands.messagePolecat]: async (...args) => {
      await messagePolecat(tools, args);
    },
    [commands.continueWith]: async (...args) => {
      await continueWith(tools, args);
    },
    [commands.killAgent]: async (...args) => {
      const found = await target(tools, args, polecats, {
        title: vscode.l10n.t('Kill This Agent'),
        nothing: vscode.l10n.t('No agent is running there.'),
        fits: (polecat) => polecat.session !== null,
      });
      if (found !== null) await tools.town.killAgent(found.rig.control, found.it.id);
    },
    [commands.openWorktree]: async (...args) => {
      const found = await target(tools, args, polecats, { title: vscode.l10n.t('Open Worktree'), nothing });
      if (found === null) return;
      const { worktree, name } = found.it;
      if (worktree === null) {
        tell(vscode.l10n.t('The worktree of {polecat} does not stand yet.', { polecat: name }));
        return;
      }
      await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(worktree), {
        forceNewWindow: true,
      });
    },
    [commands.showTranscript]: async (...args) => {
      const found = await target(tools, args, polecats, {
        title: vscode.l10n.t('Show Transcript'),
        nothing,
      });
      if (found === null) return;
      const { id, token, name } = found.it;
      const { repository, store } = found.rig.control;
      // Transcripts lie in the state folder, wherever worktrees stand.
      const file = placesOf(repository, store.folder, null).transcript(id, token);
      if (await exists(file)) await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
      else tell(vscode.l10n.t('{polecat} has not written a transcript yet.', { polecat: name }));
    },
  };
}

/** The vendor's own hook says whether it was heard; nothing is taken for said because it was sent. */
async function messagePolecat(tools: Tools, args: readonly unknown[]): Promise<void> {
  const found = await target(tools, args, polecats, {
    title: vscode.l10n.t('Message Polecat'),
    nothing: vscode.l10n.t('No agent is running there.'),
    fits: (polecat) => polecat.session !== null,
    takeOnly: true,
  });
  if (found === null) return;
  const { control } = found.rig;
  const polecat = found.it.name;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Message {polecat}', { polecat }),
    prompt: plain(control.state.beads[found.it.bead]?.title ?? found.it.bead),
    placeHolder: vscode.l10n.t('What the agent should know or do'),
    ignoreFocusOut: true,
  });
  if (text === undefined || text.trim() === '') return;
  const answer = await vscode.window.withProgress(
    { location: { viewId: trees.rigs }, title: vscode.l10n.t('Message Polecat') },
    () => tools.agents.message(control, found.it.id, text.trim()),
  );
  const words: Readonly<Record<typeof answer, string>> = {
    heard: vscode.l10n.t('{polecat} heard you.', { polecat }),
    queued: vscode.l10n.t('{polecat} is told as soon as it listens.', { polecat }),
    refused: vscode.l10n.t('{polecat} cannot hear you now: its agent is not running in this window.', {
      polecat,
    }),
  };
  tell(words[answer]);
}

/** The same bead in the same worktree, with another vendor's agent. */
async function continueWith(tools: Tools, args: readonly unknown[]): Promise<void> {
  const title = vscode.l10n.t('Continue With');
  const found = await target(tools, args, beads, {
    title,
    nothing: vscode.l10n.t('There is no work that another agent could continue.'),
    fits: (bead) => isOpen(bead.status) && bead.polecat !== null,
  });
  if (found === null) return;
  const { control } = found.rig;
  const polecat = found.it.polecat === null ? undefined : control.state.polecats[found.it.polecat];
  const runners = await tools.agents.look(control);
  const others = runners.filter((one) => one.problem === null && one.provider !== polecat?.seat.provider);
  if (others.length === 0) {
    await offer(vscode.l10n.t('No other agent is ready to continue.'), [
      {
        title: vscode.l10n.t('Show Providers'),
        run: () => vscode.commands.executeCommand(commands.showProviders),
      },
    ]);
    return;
  }
  const chosen = await vscode.window.showQuickPick(
    others.map((one) => ({
      label: withoutMarkup(one.name),
      description: plain(one.program?.version ?? one.model, 60),
      provider: one.provider,
    })),
    {
      title: vscode.l10n.t('Continue “{title}” With', { title: plain(found.it.title, 80) }),
      placeHolder: vscode.l10n.t('It goes on in the same worktree, with what was done and said so far'),
    },
  );
  if (chosen === undefined) return;
  const { provider } = chosen;
  if (await tools.wish(control, { type: 'continueWith', bead: found.it.id, provider }))
    tell(vscode.l10n.t('{agent} continues this work.', { agent: chosen.label }));
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
