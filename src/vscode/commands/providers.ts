import * as vscode from 'vscode';
import type { RunnerState } from '../../ports/agents.ts';
import { builtIn } from '../../town/polecat.ts';
import { type CommandId, commands } from '../contract.ts';
import { offer, tell } from '../say.ts';
import type { OpenRig, Subject } from '../subject.ts';
import { type Kind, type Target, openRigs, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import { runnerLook } from '../terminalLook.ts';
import type { Handler, Handlers, Tools } from '../tools.ts';
import { enable, install, logIn } from './providerActions.ts';
import { type Standing, standingOf, standingWords } from '../trees/runner.ts';
import { accountOffers, troubleWords } from '../needs/accountTroubles.ts';
import { fuelIn } from '../trees/fuelView.ts';
import { rigViewOf } from '../trees/view.ts';

type Names =
  'showProviders' | 'testProvider' | 'installAgent' | 'logIn' | 'enableProvider' | 'disableProvider';

/** What a person does about the agents that Rigs can work with. */
export function providerCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const on =
    (wanted: Omit<Choice, 'args'>, act: (found: Target<RunnerState>) => unknown): Handler =>
    async (...args) => {
      const found = await choose(tools, { ...wanted, args });
      if (found !== null) await act(found);
    };
  return {
    [commands.showProviders]: () => showProviders(tools),
    [commands.testProvider]: on({ title: vscode.l10n.t('Test Provider') }, (found) => test(tools, found)),
    [commands.installAgent]: on(
      {
        title: vscode.l10n.t('Install Missing Agent'),
        nothing: vscode.l10n.t('Every agent that Rigs knows is installed.'),
        fits: ({ problem }) => problem?.kind === 'missing',
      },
      install,
    ),
    [commands.logIn]: on(
      {
        title: vscode.l10n.t('Log In'),
        nothing: vscode.l10n.t('No agent that has a login is installed.'),
        fits: ({ program }) => program !== null,
      },
      logIn,
    ),
    [commands.enableProvider]: on(
      {
        title: vscode.l10n.t('Enable Provider'),
        nothing: vscode.l10n.t('No provider is switched off.'),
        fits: ({ problem }) => problem?.kind === 'disabled',
      },
      (found) => enable(tools, found, true),
    ),
    [commands.disableProvider]: on(
      {
        title: vscode.l10n.t('Disable Provider'),
        nothing: vscode.l10n.t('Every provider is switched off.'),
        fits: ({ problem }) => problem?.kind !== 'disabled',
      },
      (found) => enable(tools, found, false),
    ),
  };
}

interface Choice {
  readonly args: readonly unknown[];
  readonly title: string;
  readonly nothing?: string;
  readonly fits?: (runner: RunnerState) => boolean;
}

async function choose(tools: Tools, choice: Choice): Promise<Target<RunnerState> | null> {
  const open = openRigs(tools);
  // A machine that nobody looked at yet would offer nothing.
  await Promise.all(open.map((rig) => tools.agents.refresh(rig.control)));
  return target(tools, choice.args, runnersOf(tools), {
    title: choice.title,
    nothing: choice.nothing ?? vscode.l10n.t('No provider is known here. Open a rig first.'),
    ...(choice.fits === undefined ? {} : { fits: choice.fits }),
  });
}

/** Runners of all open rigs; what two rigs have alike is offered once. */
function runnersOf(tools: Tools): Kind<RunnerState> {
  return {
    of: (rig, subject: Subject) =>
      subject.kind === 'runner'
        ? tools.agents.runners(rig.control).find((one) => isMeant(one, subject))
        : undefined,
    all: (rig) => {
      const before = openRigs(tools).slice(0, openRigs(tools).indexOf(rig));
      const told = new Set(before.flatMap(({ control }) => tools.agents.runners(control)).map(face));
      return tools.agents.runners(rig.control).filter((one) => !told.has(face(one)));
    },
    label: (runner, rig) => ({
      label: withoutMarkup(runner.name),
      description: withoutMarkup(standingWords(rigViewOf(tools.view(), rig), runner)),
    }),
  };
}

function isMeant(one: RunnerState, { runner, provider }: Extract<Subject, { kind: 'runner' }>): boolean {
  return one.runner === runner && (provider === undefined || one.provider === provider);
}

const face = (runner: RunnerState): string => JSON.stringify(runner);

/** What is done about each standing when a person chooses it from the list. */
const actions: Readonly<Record<Standing, CommandId>> = {
  ready: commands.testProvider,
  login: commands.logIn,
  missing: commands.installAgent,
  disabled: commands.enableProvider,
  noKey: commands.setApiKey,
  unusable: commands.openSettings,
};

async function showProviders(tools: Tools): Promise<void> {
  const kind = runnersOf(tools);
  const rigs = openRigs(tools);
  await Promise.all(rigs.map((rig) => tools.agents.look(rig.control)));
  const items = rigs.flatMap((rig) =>
    kind.all(rig).map((it) => ({
      ...kind.label(it, rig),
      detail: withoutMarkup(it.program?.file ?? ''),
      iconPath: new vscode.ThemeIcon(runnerLook(it.runner).icon),
      rig,
      it,
    })),
  );
  if (items.length === 0) {
    tell(vscode.l10n.t('No provider is known here. Open a rig first.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Providers'),
    placeHolder: vscode.l10n.t('Choose one to test, install, enable or log in to'),
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  const standing = standingOf({ state: chosen.rig.control.state }, chosen.it);
  await vscode.commands.executeCommand(actions[standing], {
    kind: 'runner',
    rig: chosen.rig.control.repository.commonDir,
    runner: chosen.it.runner,
    provider: chosen.it.provider,
  });
}

/** Looks at the machine again and says what is there; what only a running agent can tell is left to it. */
async function test(tools: Tools, { rig, it }: Target<RunnerState>): Promise<void> {
  const runners = await tools.agents.look(rig.control);
  const found = runners.find((one) => one.runner === it.runner && one.provider === it.provider) ?? it;
  const name = withoutMarkup(found.name);
  const state = withoutMarkup(standingWords(rigViewOf(tools.view(), rig), found));
  const standing = standingOf({ state: rig.control.state }, found);
  const message = vscode.l10n.t('{agent}: {state}', { agent: name, state });
  const tank = it.runner === builtIn ? fuelIn(tools.view()).tanks[it.provider] : undefined;
  if (standing === 'ready' && tank !== undefined && tank.problem !== null) {
    await offer(troubleWords(tank), accountOffers(tank, rig));
    return;
  }
  if (standing === 'ready') {
    const file = found.program?.file ?? '';
    tell(file === '' ? message : `${message} (${plain(file, 300)})`);
    return;
  }
  const titles: Readonly<Record<Exclude<Standing, 'ready'>, string>> = {
    login: vscode.l10n.t('Log In…'),
    missing: vscode.l10n.t('Install…'),
    disabled: vscode.l10n.t('Enable'),
    noKey: vscode.l10n.t('Set API Key…'),
    unusable: vscode.l10n.t('Open Settings'),
  };
  const subject: Subject = {
    kind: 'runner',
    rig: rig.control.repository.commonDir,
    runner: found.runner,
    provider: found.provider,
  };
  const run = (): unknown => vscode.commands.executeCommand(actions[standing], subject);
  await offer(message, [{ title: titles[standing], run }]);
}

/** Whether some vendor's program is on this machine, for the walkthrough. */
export function isAgentFound(tools: Pick<Tools, 'town' | 'agents'>): boolean {
  const found = (rig: OpenRig): boolean =>
    tools.agents.runners(rig.control).some((one) => one.program !== null && one.runner !== builtIn);
  return openRigs(tools).some(found);
}
