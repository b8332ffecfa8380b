import { relative, isAbsolute, sep } from 'node:path';
import * as vscode from 'vscode';
import type { LandingPolicy } from '../../town/convoy.ts';
import { hasErrors, planToDrafts } from '../../town/plan.ts';
import { parsePlan } from '../../town/plan/parse.ts';
import { clock } from '../../words/times.ts';
import { commands, planLanguage, trees, webviews } from '../contract.ts';
import { chooseRig } from '../goal/chooseRig.ts';
import { confirmed, offer, tell } from '../say.ts';
import { openRigs } from '../targets.ts';
import { plain } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import type { PlanEditor } from './editor.ts';
import type { PlanMarks } from './marks.ts';
import type { Control } from '../../foreman/control.ts';

interface Mode {
  readonly landing: LandingPolicy;
  readonly held: boolean;
}

type Names = 'executePlan' | 'executePlanAndLand' | 'queuePlan';

const modes: Readonly<Record<Names, Mode>> = {
  executePlan: { landing: 'review', held: false },
  executePlanAndLand: { landing: 'auto', held: false },
  queuePlan: { landing: 'review', held: true },
};

/** The three ways on from a plan. */
export function planCommands(
  tools: Tools,
  marks: PlanMarks,
  editor: Pick<PlanEditor, 'refresh'>,
): Handlers<(typeof commands)[Names]> {
  const run = async (args: readonly unknown[], mode: Mode): Promise<void> => {
    const document = await planOf(args[0]);
    if (document === null) return;
    await execute(tools, marks, document, mode);
    editor.refresh();
  };
  return {
    [commands.executePlan]: (...args) => run(args, modes.executePlan),
    [commands.executePlanAndLand]: (...args) => run(args, modes.executePlanAndLand),
    [commands.queuePlan]: (...args) => run(args, modes.queuePlan),
  };
}

async function planOf(argument: unknown): Promise<vscode.TextDocument | null> {
  const document =
    argument instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(argument)
      : vscode.window.activeTextEditor?.document;
  if (document?.languageId === planLanguage) return document;
  tell(vscode.l10n.t('Open a plan first. Execute Goal… writes one.'));
  return null;
}

async function execute(
  tools: Tools,
  marks: PlanMarks,
  document: vscode.TextDocument,
  mode: Mode,
): Promise<void> {
  const plan = parsePlan(document.getText());
  if (hasErrors(plan.problems)) {
    tell(vscode.l10n.t('This plan has mistakes; see Problems. Nothing was started.'));
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    return;
  }
  const uri = document.uri.toString();
  if (!(await onceMore(marks, uri))) return;
  const control = rigOfPlan(tools, document.uri) ?? (await chooseRig(tools));
  if (control === null) return;
  if (document.isDirty) await document.save();
  const convoy = tools.ids.convoy();
  const beads = planToDrafts(
    plan,
    (taken) => tools.ids.bead(taken),
    (id) => control.state.beads[id] !== undefined,
  );
  const title = plain(plan.goal, 120) || vscode.l10n.t('A plan without a goal');
  if (!(await tools.wish(control, { type: 'createConvoy', convoy, title, ...mode, beads }))) return;
  await marks.set(uri, { convoy, at: Date.now() });
  await tools.reveal(trees.convoys, { kind: 'convoy', rig: control.repository.commonDir, convoy });
  await vscode.commands.executeCommand(`${webviews.feed}.focus`, { preserveFocus: true });
  sayStarted(control, mode, beads.length);
}

async function onceMore(marks: PlanMarks, uri: string): Promise<boolean> {
  const mark = marks.of(uri);
  if (mark === null) return true;
  return confirmed(
    vscode.l10n.t('Execute this plan again?'),
    vscode.l10n.t('It was executed as {convoy}, {at}. Again, it makes new beads for the same work.', {
      convoy: mark.convoy,
      at: clock(mark.at, Date.now()),
    }),
    vscode.l10n.t('Execute Again'),
  );
}

/** A plan that Rigs wrote lies in the state folder of its rig; one saved elsewhere belongs where it lies. */
function rigOfPlan(tools: Tools, uri: vscode.Uri): Control | null {
  const rigs = openRigs(tools);
  const holds = (folder: string): boolean => {
    const way = relative(folder, uri.fsPath);
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  const found =
    rigs.find(({ control }) => holds(control.store.folder)) ??
    rigs.find(({ control }) => holds(control.repository.root));
  return found?.control ?? null;
}

function sayStarted(control: Control, mode: Mode, count: number): void {
  const { rig, stopped } = control.state;
  if (mode.held) {
    tell(vscode.l10n.t('{count} beads are in the depot. Release the convoy to start them.', { count }));
  } else if (stopped) {
    void offer(vscode.l10n.t('{count} beads are in the depot, and the town is stopped.', { count }), [
      {
        title: vscode.l10n.t('Start Town'),
        run: () => vscode.commands.executeCommand(commands.startTown),
      },
    ]);
  } else if (rig?.checks == null) {
    void offer(
      vscode.l10n.t('{count} beads are in the depot. They start once you confirm the checks of this rig.', {
        count,
      }),
      [
        {
          title: vscode.l10n.t('Confirm Checks…'),
          run: () =>
            vscode.commands.executeCommand(commands.confirmChecks, {
              kind: 'rig',
              rig: control.repository.commonDir,
            }),
        },
      ],
    );
  } else {
    tell(vscode.l10n.t('{count} beads are under way.', { count }));
  }
}
