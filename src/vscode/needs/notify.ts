import * as vscode from 'vscode';
import { needWords } from '../../words/asks.ts';
import { type CommandId, commands, trees } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { firstLine, withoutMarkup } from '../text.ts';
import type { Tools } from '../tools.ts';
import { allNeeds } from '../trees/needsYou.ts';
import { type View, rigViews } from '../trees/view.ts';
import { type Call, buttons, callOf, isCalledOut, isClosedByHand } from './callOut.ts';
import { Called } from './called.ts';

/** More at once would only be closed unread. */
const maxAtOnce = 3;
/** Deadlines pass without any event. */
const lookEveryMs = 60_000;

type Deps = Pick<Tools, 'wish' | 'view' | 'context'> & {
  readonly run: (command: CommandId, subject: unknown) => Promise<unknown>;
};

/** Calls a person who looks elsewhere, or who let something wait too long. Each thing once. */
export interface Caller extends Owned {
  /** Something changed. */
  look(): void;
}

export function createCaller(deps: Deps): Caller {
  const owned = new Disposables();
  const called = new Called(deps.context.workspaceState);
  const look = (): void => {
    const view = deps.view();
    const calls = allNeeds(view).map(({ rig, need }) => callOf(rig, need));
    const due = calls.filter((one) => isCalledOut(one, vscode.window.state.focused, view.now));
    const rigs = rigViews(view).map(({ key }) => key);
    const fresh = called.take(due, calls, rigs);
    if (fresh.length > maxAtOnce) void callTogether(fresh.length);
    else for (const one of fresh) void call(deps, view, one);
  };
  owned.add(vscode.window.onDidChangeWindowState(look));
  const timer = setInterval(look, lookEveryMs);
  return {
    look,
    dispose: () => {
      clearInterval(timer);
      owned.dispose();
    },
  };
}

async function callTogether(count: number): Promise<void> {
  const show = vscode.l10n.t('Show Needs You');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('{count} things wait for you', { count }),
    show,
  );
  if (chosen === show) await vscode.commands.executeCommand(`${trees.needsYou}.focus`);
}

async function call(deps: Deps, view: View, one: Call): Promise<void> {
  if (isClosedByHand(one)) {
    await askAboutClosed(deps, view, one);
    return;
  }
  const offered = buttons[one.what].map((command) => ({ command, title: titleOf(command) }));
  const chosen = await vscode.window.showInformationMessage(
    messageOf(view, one),
    ...offered.map(({ title }) => title),
  );
  const action = offered.find(({ title }) => title === chosen);
  if (action === undefined) return;
  // A notification outlives its question; what is answered meanwhile says so itself.
  await deps.run(action.command, one.subject);
}

/** Both ways keep the work; the entry in *Needs You* stays until the work ends or goes on. */
async function askAboutClosed(deps: Deps, view: View, one: Call): Promise<void> {
  const end = vscode.l10n.t('End the Work');
  const keep = vscode.l10n.t('Keep as Stuck');
  const chosen = await vscode.window.showWarningMessage(messageOf(view, one), end, keep);
  if (chosen !== end || one.need.kind !== 'ask') return;
  await deps.wish(one.rig.rig.control, { type: 'answerAsk', ask: one.need.ask.id, answer: 'dismiss' });
}

function messageOf(view: View, { rig, need }: Call): string {
  const words = needWords(need, rig.state, view.now, view.t);
  // The rest is for who looks: a notification is read in passing.
  const about = need.kind === 'ask' && need.ask.subject.kind === 'stuck' ? firstLine(words.detail) : '';
  const where = rig.where === '' ? words.title : `${rig.where}: ${words.title}`;
  return withoutMarkup([where, about].filter((part) => part !== '').join('. '));
}

/** Every button of `buttons`; the words are those of the command. */
function titleOf(command: CommandId): string {
  const titles: Partial<Readonly<Record<CommandId, string>>> = {
    [commands.allow]: vscode.l10n.t('Allow'),
    [commands.alwaysAllow]: vscode.l10n.t('Always Allow in This Rig'),
    [commands.deny]: vscode.l10n.t('Deny'),
    [commands.showRequest]: vscode.l10n.t('Show Request'),
    [commands.showTerminal]: vscode.l10n.t('Open Terminal'),
    [commands.answerQuestion]: vscode.l10n.t('Answer…'),
    [commands.confirmChecks]: vscode.l10n.t('Confirm Checks…'),
    [commands.resumeWork]: vscode.l10n.t('Resume Work'),
    [commands.continueWith]: vscode.l10n.t('Continue With…'),
    [commands.giveUp]: vscode.l10n.t('Give Up'),
    [commands.acceptWork]: vscode.l10n.t('Accept Anyway…'),
    [commands.sendBack]: vscode.l10n.t('Send Back…'),
    [commands.resolveConflict]: vscode.l10n.t('Resolve Conflict…'),
    [commands.resolutionDone]: vscode.l10n.t('Resolution Is Done'),
    [commands.abandonResolution]: vscode.l10n.t('Abandon Resolution…'),
    [commands.showDiff]: vscode.l10n.t('Show Diff'),
    [commands.approveLanding]: vscode.l10n.t('Approve Landing'),
    [commands.resumeQueue]: vscode.l10n.t('Resume Merge Queue'),
  };
  return titles[command] ?? command;
}
