import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { heldOut } from '../../town/enterable.ts';
import { commands } from '../contract.ts';
import { chooseRig } from '../goal/chooseRig.ts';
import { confirmed, tell } from '../say.ts';
import { type OpenRig, parseSubject } from '../subject.ts';
import { landings, openRigs, rigs, target } from '../targets.ts';
import { plain } from '../text.ts';
import type { ToEnter } from '../town.ts';
import type { Handlers, Tools } from '../tools.ts';

/** What a person has proven and landed besides the work of agents: a branch of theirs, and the undoing of a landing. */
export function enteringCommands(
  tools: Tools,
): Handlers<(typeof commands)['addBranchToQueue' | 'revertLanding']> {
  return {
    [commands.addBranchToQueue]: async (...args) => {
      const title = vscode.l10n.t('Add Branch to Merge Queue');
      const nothing = vscode.l10n.t('No rig is open.');
      // A repository's very first use may be this one.
      if (args[0] === undefined && openRigs(tools).length === 0 && (await chooseRig(tools)) === null) return;
      const found = await target(tools, args, rigs, { title, nothing, takeOnly: true });
      if (found === null) return;
      const branch = await chooseBranch(tools, found.rig, title);
      if (branch === null) return;
      const named = { branch: plain(branch) };
      await enter(tools, found.rig, { branch }, (request) =>
        vscode.l10n.t('{branch} is in the merge queue as {request}, and is proven now.', {
          ...named,
          request,
        }),
      );
    },
    [commands.revertLanding]: async (...args) => {
      // From the queue's own row: any of them.
      const about = parseSubject(args[0])?.kind === 'rig' ? [] : args;
      const found = await target(tools, about, landings, {
        title: vscode.l10n.t('Revert Landing'),
        nothing: vscode.l10n.t('No landing that could be taken back is known here.'),
        fits: ({ stage }) => stage === 'landed',
      });
      if (found === null) return;
      const { rig, it } = found;
      const bead = plain(rig.control.state.beads[it.bead]?.title ?? it.bead, 120);
      const asks = vscode.l10n.t('Take the landing of “{bead}” back?', { bead });
      if (!(await confirmed(asks, whatHappens(rig), vscode.l10n.t('Revert Landing')))) return;
      await enter(tools, rig, { landing: it.id }, (request) =>
        vscode.l10n.t('{request} takes the landing of “{bead}” back, and is proven now.', {
          request,
          bead,
        }),
      );
    },
  };
}

function whatHappens({ control }: OpenRig): string {
  const into = plain(control.state.rig?.target ?? '', 80);
  return [
    vscode.l10n.t(
      'Exactly what it changed is undone on a branch of its own. {target} stays as it is until that branch is proven and you approve it.',
      { target: into },
    ),
    vscode.l10n.t(
      'Once it has landed, a bead that an agent worked on is queued again. Its own branch is kept.',
    ),
  ].join('\n\n');
}

/** Branches that could enter; null: told, or called off. */
async function chooseBranch({ town }: Tools, rig: OpenRig, title: string): Promise<string | null> {
  const all = await town.branches(rig.control);
  const free = all.filter((branch) => heldOut(rig.control.state, branch) === null);
  if (free.length === 0) {
    tell(
      vscode.l10n.t(
        'There is no branch of yours that could enter: only {target}, branches of polecats, and what is in the queue already.',
        { target: plain(rig.control.state.rig?.target ?? '', 80) },
      ),
    );
    return null;
  }
  const items = free.map((branch) => ({ label: plain(branch, 200), branch }));
  const placeHolder = vscode.l10n.t('A branch to be proven and landed as agents’ work is');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.branch ?? null;
}

/** Says what came of it, and offers the yes that it waits for. */
async function enter(
  tools: Tools,
  { control }: OpenRig,
  wanted: ToEnter,
  said: (request: string) => string,
): Promise<void> {
  const first = await tools.town.enter(control, wanted);
  const asked = !first.ok && control.state.rig?.checks === null;
  if (asked && !(await confirmChecks(control))) return;
  const entered = asked ? await tools.town.enter(control, wanted) : first;
  if (!entered.ok) {
    tell(vscode.l10n.t('Not done: {why}', { why: plain(entered.why, 600) }));
    return;
  }
  const approve = vscode.l10n.t('Approve Landing');
  const chosen = await vscode.window.showInformationMessage(said(entered.request), approve);
  if (chosen === approve) await tools.wish(control, { type: 'approve', request: entered.request });
}

/** Nothing enters before somebody said which checks prove it: they are asked for here, and then it goes on. */
async function confirmChecks(control: Control): Promise<boolean> {
  const confirm = vscode.l10n.t('Confirm Checks');
  const asks = vscode.l10n.t('Confirm the checks that prove what lands; then it enters the merge queue.');
  if ((await vscode.window.showInformationMessage(asks, confirm)) !== confirm) return false;
  await vscode.commands.executeCommand(commands.confirmChecks, {
    kind: 'rig',
    rig: control.repository.commonDir,
  });
  return control.state.rig?.checks !== null;
}
