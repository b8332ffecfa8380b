import * as vscode from 'vscode';
import { builtIn } from '../../town/polecat.ts';
import { billingPage } from '../../providers/billing.ts';
import type { Tank } from '../../town/tank.ts';
import { nameOf } from '../../words/nameOf.ts';
import { commands } from '../contract.ts';
import type { Owned } from '../disposables.ts';
import { type Offer, offer } from '../say.ts';
import { rigKey, type OpenRig, type Subject } from '../subject.ts';
import { openRigs } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Tools } from '../tools.ts';
import { fuelIn } from '../trees/fuelView.ts';
import { NewTroubles } from './newTroubles.ts';

type Window = Pick<Tools, 'town' | 'agents' | 'view'>;

/** Tells a person once of each account of models that lets nobody in any more, with what they can do about it. */
export function tellOfAccounts({ town, agents, view }: Window): Owned {
  const troubles = new NewTroubles(Date.now());
  return town.onDidChange(() => {
    for (const tank of troubles.in(Object.values(fuelIn(view()).tanks))) {
      // A vendor's own program asks for its login itself.
      const rig = openRigs({ town }).find(({ control }) =>
        agents.runners(control).some(({ runner, provider }) => runner === builtIn && provider === tank.id),
      );
      if (rig !== undefined) void offer(troubleWords(tank), accountOffers(tank, rig));
    }
  });
}

export function troubleWords({ id, problem }: Tank): string {
  const facts = { account: nameOf(id), detail: plain(problem?.detail ?? '', 200) };
  const words =
    problem?.kind === 'credit'
      ? vscode.l10n.t('{account} has no credit. Its work waits. {detail}', facts)
      : vscode.l10n.t('{account} does not take the key. Its work waits. {detail}', facts);
  return withoutMarkup(words.trim());
}

/** What a person can do about an account of models that lets nobody in. */
export function accountOffers({ id, problem }: Tank, rig: OpenRig): readonly Offer[] {
  const subject: Subject = { kind: 'runner', rig: rigKey(rig), runner: builtIn, provider: id };
  const run = (command: string) => () => vscode.commands.executeCommand(command, subject);
  const page = problem?.kind === 'credit' ? billingPage(id) : null;
  const open = (): unknown => page !== null && vscode.env.openExternal(vscode.Uri.parse(page));
  return [
    ...(page === null ? [] : [{ title: vscode.l10n.t('Open Billing Page'), run: open }]),
    { title: vscode.l10n.t('Set API Key…'), run: run(commands.setApiKey) },
    { title: vscode.l10n.t('Try Again'), run: run(commands.tryTankAgain) },
  ];
}
