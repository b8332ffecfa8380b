import * as vscode from 'vscode';
import { gaugeAt } from '../../town/gauge.ts';
import { isOpen } from '../../town/bead.ts';
import { builtIn } from '../../town/polecat.ts';
import type { Gauge, Tank } from '../../town/tank.ts';
import { unaskedWords } from '../../words/polls.ts';
import { gaugeWords, percentLeft } from '../../words/tanks.ts';
import { commands } from '../contract.ts';
import { showDispatch } from '../documents/dispatchDocument.ts';
import { confirmed, tell } from '../say.ts';
import { type Subject, parseSubject, rigKey } from '../subject.ts';
import { beads, openRigs, rigs, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { fuelIn } from '../trees/fuelView.ts';
import { translate as t } from '../translate.ts';

type Names =
  | 'explainDispatch'
  | 'previewDispatch'
  | 'refreshTanks'
  | 'setTankLevel'
  | 'showTankHistory'
  | 'tryTankAgain'
  | 'forgetLearned';

/** What a person asks of tanks and of the choice among them. */
export function tankCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.explainDispatch]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Explain Dispatch'),
        nothing: vscode.l10n.t('There is no bead to explain.'),
        fits: ({ status }) => isOpen(status),
      });
      if (found === null) return;
      const subject = { kind: 'bead', rig: rigKey(found.rig), bead: found.it.id } as const;
      await showDispatch(`dispatch ${found.it.id}`, subject);
    },
    [commands.previewDispatch]: async (...args) => {
      const found = await target(tools, args, rigs, {
        title: vscode.l10n.t('Preview Dispatch'),
        nothing: vscode.l10n.t('There is no open rig.'),
        takeOnly: true,
      });
      if (found !== null) await showDispatch('dispatch', { kind: 'rig', rig: rigKey(found.rig) });
    },
    [commands.refreshTanks]: () => refresh(tools),
    [commands.setTankLevel]: (...args) => setLevel(tools, args[0]),
    [commands.showTankHistory]: async (...args) => {
      const tank = await chooseTank(tools, args[0], vscode.l10n.t('Tank History'));
      const [rig] = openRigs(tools);
      if (tank === null || rig === undefined) return;
      await showDispatch(`tank ${tank.id}`, { kind: 'gauge', rig: rigKey(rig), tank: tank.id, gauge: 'all' });
    },
    [commands.tryTankAgain]: async (...args) => {
      const tank = await chooseTank(tools, args[0], vscode.l10n.t('Try This Account Again'));
      if (tank !== null) await tools.town.tellTanks([{ kind: 'mended', tank: tank.id }]);
    },
    [commands.forgetLearned]: async () => {
      const yes = await confirmed(
        vscode.l10n.t('Forget what earlier beads taught?'),
        vscode.l10n.t(
          'How often each provider passed with each type of work, and how much it took, is learned anew. Nothing else changes.',
        ),
        vscode.l10n.t('Forget It'),
      );
      if (yes) await tools.town.tellTanks([{ kind: 'forgotLearned' }]);
    },
  };
}

/** Asks all accounts that tell for nothing, and says of the others why they were not. */
async function refresh({ town }: Tools): Promise<void> {
  const open = openRigs({ town });
  if (open.length > 0 && open.every(({ elsewhere }) => elsewhere)) {
    tell(
      vscode.l10n.t(
        'This window only follows. The window that owns the rig asks what accounts have left: use Refresh there.',
      ),
    );
    return;
  }
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Asking what accounts have left'),
    cancellable: true,
  };
  const polled = await vscode.window.withProgress(options, async (progress, cancelled) => {
    const abort = new AbortController();
    const listening = cancelled.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await town.refreshTanks({
        signal: abort.signal,
        onAnswer: ({ name }, answered, of) => {
          const message = vscode.l10n.t('{account} ({answered} of {all})', {
            account: plain(name, 60),
            answered,
            all: of,
          });
          progress.report({ message, increment: 100 / of });
        },
      });
    } finally {
      listening.dispose();
    }
  });
  const unasked = unaskedWords(polled, t);
  if (unasked.length > 0) tell(withoutMarkup(unasked.join(' ')));
}

/** What a person knows better, as after an hour of their own at the same account. */
async function setLevel(tools: Tools, argument: unknown): Promise<void> {
  const tank = await chooseTank(tools, argument, vscode.l10n.t('Set Tank Level'));
  const gauge = tank === null ? null : await chooseGauge(tools, tank, parseSubject(argument));
  if (tank === null || gauge === null) return;
  const given = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Tank Level'),
    prompt: vscode.l10n.t('How much of the {limit} of {account} is left, in percent', {
      limit: gaugeWords(gauge.gauge, gauge.model, t),
      account: plain(tank.id, 60),
    }),
    value: String(Math.round(gaugeAt(gauge, Date.now()).left * 100)),
    validateInput: (text) =>
      percentOf(text) === null ? vscode.l10n.t('A number from 0 to 100, as 40') : null,
  });
  const percent = given === undefined ? null : percentOf(given);
  if (percent === null) return;
  await tools.town.tellTanks([{ kind: 'set', tank: tank.id, gauge: gauge.gauge, left: percent / 100 }]);
}

/** Null for anything but a number from 0 to 100. */
function percentOf(text: string): number | null {
  const digits = /^\s*(\d{1,3}(?:\.\d+)?)\s*%?\s*$/.exec(text)?.[1];
  const percent = Number(digits);
  return digits === undefined || percent > 100 ? null : percent;
}

/** The account of a row, or one of all that are known. */
async function chooseTank(tools: Tools, argument: unknown, title: string): Promise<Tank | null> {
  const view = tools.view();
  const tanks = Object.values(fuelIn(view).tanks);
  const subject = parseSubject(argument);
  const own = tanks.find(({ id }) => id === tankIn(subject));
  if (own !== undefined) return own;
  if (tanks.length === 0 || subject !== null) {
    tell(vscode.l10n.t('Nothing is known of this account yet: no agent has told what is left.'));
    return null;
  }
  const items = tanks.map((tank) => ({
    label: plain(tank.id, 60),
    description: plain(tank.provider, 60),
    tank,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.tank ?? null;
}

/** The built-in agent draws from its provider's account, every other program from its own. */
function tankIn(subject: Subject | null): string | null {
  if (subject?.kind === 'gauge') return subject.tank;
  if (subject?.kind !== 'runner') return null;
  return subject.runner === builtIn ? (subject.provider ?? null) : subject.runner;
}

async function chooseGauge(tools: Tools, tank: Tank, subject: Subject | null): Promise<Gauge | null> {
  const gauges = Object.values(tank.gauges);
  const own = subject?.kind === 'gauge' ? gauges.find(({ gauge }) => gauge === subject.gauge) : undefined;
  if (own !== undefined) return own;
  if (gauges.length === 0) {
    tell(vscode.l10n.t('Nothing is known of this account yet: no agent has told what is left.'));
    return null;
  }
  const { now } = tools.view();
  const items = gauges.map((gauge) => ({
    label: gaugeWords(gauge.gauge, gauge.model, t),
    description: percentLeft(gaugeAt(gauge, now).left, t),
    gauge,
  }));
  const title = vscode.l10n.t('Set Tank Level');
  return (await vscode.window.showQuickPick(items, { title }))?.gauge ?? null;
}
