import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { type ModelAccess, ModelError } from '../../ports/models.ts';
import { AssayerError } from '../../assayer/assayerError.ts';
import { planByHand } from '../../assayer/byHand.ts';
import { plannerErrorWords } from '../../assayer/plannerWords.ts';
import { keepPlan } from '../../cli/plans.ts';
import { commands, planLanguage } from '../contract.ts';
import { type Offer, offer } from '../say.ts';
import { withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate } from '../translate.ts';
import { chooseRig } from './chooseRig.ts';
import { planText } from './planText.ts';

const lastGoalKey = 'rigs.lastGoal';

/** From a goal in a person's words to a plan that is open in the editor. */
export function goalCommands(tools: Tools): Handlers<typeof commands.executeGoal> {
  return {
    [commands.executeGoal]: async (...args) => {
      const control = await chooseRig(tools);
      if (control === null) return;
      const access = await tools.town.planner(control);
      if (access === null) return sayNoPlanner(tools, control, goalOf(args[0]));
      const goal = await chooseGoal(tools, control, access, goalOf(args[0]));
      if (goal === null) return;
      const text = await planned(tools, control, access, goal);
      if (text !== null) await openPlan(control, goal, text);
    },
  };
}

/** The rehearsal's walk-through and key bindings bring a goal along; it is still asked for, to be seen first. */
function goalOf(argument: unknown): string | null {
  if (typeof argument !== 'object' || argument === null || !('goal' in argument)) return null;
  return typeof argument.goal === 'string' ? argument.goal : null;
}

function setKey(): Offer {
  return {
    title: vscode.l10n.t('Set API Key…'),
    run: () => vscode.commands.executeCommand(commands.setApiKey),
  };
}

function sayNoPlanner(tools: Tools, control: Control, given: string | null): Promise<void> {
  return offer(vscode.l10n.t('No model is there to plan with.'), [
    setKey(),
    {
      title: vscode.l10n.t('Plan by Hand'),
      run: async () => {
        const goal = await askGoal(tools, null, given);
        const note = vscode.l10n.t(
          'Split it into beads as you like: one heading each, as the first one shows.',
        );
        if (goal !== null) await openPlan(control, goal, planByHand(goal, note));
      },
    },
    {
      title: vscode.l10n.t('Try the Rehearsal…'),
      run: () => vscode.commands.executeCommand(commands.tryRehearsal),
    },
  ]);
}

/** A rehearsal knows only its own goals, so they are offered; another one is asked for and says what it needs. */
async function chooseGoal(
  tools: Tools,
  control: Control,
  access: ModelAccess,
  given: string | null,
): Promise<string | null> {
  const known = given === null ? await tools.town.knownGoals(control) : [];
  if (known.length === 0) return askGoal(tools, access, given);
  const other = vscode.l10n.t('Another goal…');
  const chosen = await vscode.window.showQuickPick([...known, other], {
    title: vscode.l10n.t('Execute Goal'),
    placeHolder: vscode.l10n.t('This is a rehearsal: it has a script for these goals.'),
    ignoreFocusOut: true,
  });
  return chosen === other ? askGoal(tools, access, null) : (chosen ?? null);
}

async function askGoal(
  { context }: Tools,
  access: ModelAccess | null,
  given: string | null,
): Promise<string | null> {
  const goal = await vscode.window.showInputBox({
    title: vscode.l10n.t('Execute Goal'),
    prompt:
      access === null
        ? vscode.l10n.t('What should be done? You plan it; nothing starts before you say so.')
        : vscode.l10n.t('What should be done? {provider} plans it; nothing starts before you say so.', {
            provider: access.provider,
          }),
    placeHolder: vscode.l10n.t('Add an option --json to the report command, with tests'),
    value: given ?? context.workspaceState.get<string>(lastGoalKey) ?? '',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Say what should be done.') : undefined),
  });
  if (goal === undefined) return null;
  await context.workspaceState.update(lastGoalKey, goal.trim());
  return goal.trim();
}

/** Null: called off, or it failed and that was said. */
async function planned(
  tools: Tools,
  control: Control,
  access: ModelAccess,
  goal: string,
): Promise<string | null> {
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Planning with {provider}', { provider: access.provider }),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, cancelled) => {
    const abort = new AbortController();
    const listening = cancelled.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await planText(tools, {
        access,
        control,
        goal,
        signal: abort.signal,
        onHint: (message) => {
          progress.report({ message: withoutMarkup(message) });
        },
      });
    } catch (error) {
      if (abort.signal.aborted) return null;
      if (!AssayerError.is(error)) throw error;
      tools.log.warn('Planning failed.', error, error.answer);
      void sayFailed(error);
      return null;
    } finally {
      listening.dispose();
    }
  });
}

function sayFailed(error: AssayerError): Promise<void> {
  const again = {
    title: vscode.l10n.t('Try Again'),
    run: () => vscode.commands.executeCommand(commands.executeGoal),
  };
  return offer(
    vscode.l10n.t('There is no plan: {message}', {
      message: withoutMarkup(plannerErrorWords(error, translate)),
    }),
    ModelError.is(error.cause, 'auth') ? [setKey(), again] : [again],
  );
}

async function openPlan(control: Control, goal: string, text: string): Promise<void> {
  const { file } = await keepPlan(control.store.folder, goal, text, Date.now());
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  await vscode.languages.setTextDocumentLanguage(document, planLanguage);
  await vscode.window.showTextDocument(document, { preview: false });
}
