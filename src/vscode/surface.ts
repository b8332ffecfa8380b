import * as vscode from 'vscode';
import { systemIds } from '../foreman/systemIds.ts';
import type { ModelAccess, Models } from '../ports/models.ts';
import { sentence } from '../words/reasons.ts';
import { clock } from '../words/times.ts';
import { agentCommands } from './commands/agents.ts';
import { appCommands } from './commands/app.ts';
import { archiveCommands } from './commands/archive.ts';
import { askCommands } from './commands/asks.ts';
import { attemptCommands } from './commands/attempts.ts';
import { beadCommands } from './commands/beads.ts';
import { checkCommands } from './commands/checks.ts';
import { conflictCommands } from './commands/conflicts.ts';
import { enteringCommands } from './commands/entering.ts';
import { grantCommands } from './commands/grants.ts';
import { pathCommands } from './commands/path.ts';
import { isAgentFound, providerCommands } from './commands/providers.ts';
import { queueCommands } from './commands/queue.ts';
import { reviewCommands } from './commands/review.ts';
import { rigCommands } from './commands/rigs.ts';
import { rowCommands } from './commands/rows.ts';
import { registerAttemptsPage } from './attempts/attemptsPage.ts';
import { watchBypass } from './bypass.ts';
import { configCommands, registerConfiguration } from './config/showConfiguration.ts';
import type { ConfigFiles } from './config/configFiles.ts';
import { watchConfig } from './config/configMarks.ts';
import { contexts, webviews } from './contract.ts';
import { customAgentProblems } from './customAgents.ts';
import { createDiffs } from './diffs.ts';
import { followDecisions } from './decisions.ts';
import { Disposables } from './disposables.ts';
import { registerDocuments } from './documents/providers.ts';
import { goalCommands } from './goal/executeGoal.ts';
import { showFailures } from './failureProblems.ts';
import { tellOfAccounts } from './needs/accountTroubles.ts';
import { createCaller } from './needs/notify.ts';
import type { PanelDeps } from './panels/deps.ts';
import { createFeedView } from './panels/feedPanel.ts';
import { createQueueView } from './panels/queuePanel.ts';
import { registerPlanEditor } from './plan/editor.ts';
import { planCommands } from './plan/execute.ts';
import { PlanMarks } from './plan/marks.ts';
import { priceProblems } from './priceProblems.ts';
import { createReviewThreads } from './review/threads.ts';
import { ruleProblems } from './ruleProblems.ts';
import { createRunner } from './runner.ts';
import { wishAloud } from './say.ts';
import { watchSettings } from './settingsReader.ts';
import { slingCommands } from './sling/sling.ts';
import { tankCommands } from './commands/tanks.ts';
import { doubtCommands } from './commands/doubts.ts';
import { wordingCommands } from './commands/wording.ts';
import type { Started } from './started.ts';
import { openRigs } from './targets.ts';
import { registerTerminalLinks } from './terminalLinks.ts';
import { type TownAgents, noAgents } from './townAgents.ts';
import { createStatusBar } from './statusBar.ts';
import { throttled } from './throttle.ts';
import { registerWordings } from './wording/wordings.ts';
import type { Handlers, Tools } from './tools.ts';
import type { Town } from './town.ts';
import { translate as t } from './translate.ts';
import { createForest } from './trees/forest.ts';
import { watchProviders } from './trees/providerStates.ts';
import type { View } from './trees/view.ts';

export type { Started } from './started.ts';

export interface SurfaceParts {
  readonly context: vscode.ExtensionContext;
  readonly town: Town;
  readonly log: vscode.LogOutputChannel;
  readonly openModels: (access: ModelAccess) => Models | Promise<Models>;
  readonly tryRehearsal: () => Promise<void>;
  /** Folder with the `rigs` command once it is there, for a person's own PATH; null: it could not be set up. */
  readonly rigsBin?: () => Promise<string | null>;
  /** Configuration files that count beside the editor's settings. */
  readonly config?: ConfigFiles;
}

/** Settings, keys and programs are looked at again so often while something changes; nothing is started for it. */
const refreshAgentsMs = 5_000;

/** Everything a person sees and does, wired to a town. Registers nothing that two of it in one window would share. */
export function createSurface(parts: SurfaceParts): Started {
  const { context, town, log, openModels, tryRehearsal } = parts;
  const owned = new Disposables();
  const agents = town.agents ?? noAgents;
  const view = (): View => {
    const now = Date.now();
    return {
      rigs: town.rigs,
      t,
      now,
      sentence: (reason) => sentence(reason, t, now),
      clock: (at) => clock(at, now),
      agents,
    };
  };

  const providers = owned.add(
    watchProviders(context.secrets, town, () => {
      refresh();
    }),
  );
  const forest = owned.add(createForest(view, () => providers.now()));
  const statusBar = owned.add(createStatusBar());
  const diffs = owned.add(createDiffs(town));
  const threads = owned.add(createReviewThreads(town, log));
  owned.add(showFailures(town));
  const marks = new PlanMarks(context.workspaceState);
  const planEditor = owned.add(registerPlanEditor(marks, t));
  owned.add(registerDocuments(town, view));
  owned.add(registerAttemptsPage(town, view));
  owned.add(registerWordings(town));
  owned.add(followDecisions(town));
  owned.add(watchSettings(log, () => [...customAgentProblems(), ...priceProblems(), ...ruleProblems()]));
  const config = parts.config ?? null;
  if (config !== null) owned.add(watchConfig(config, log));
  owned.add(registerConfiguration(config));

  const bypass = owned.add(
    watchBypass(context.globalState, () => openRigs({ town }).map(({ folder }) => folder)),
  );
  owned.add(registerTerminalLinks(town));

  const refreshAgents = owned.add(
    throttled(refreshAgentsMs, () => {
      for (const { control } of openRigs({ town })) {
        agents.refresh(control).catch((error: unknown) => {
          log.warn('What agents are here could not be told.', error);
        });
      }
      bypass.look();
    }),
  );
  const refresh = owned.add(
    throttled(100, () => {
      forest.refresh();
      statusBar.update(view());
      setContexts(town, agents);
      caller.look();
    }),
  );

  const tools: Tools = {
    context,
    town,
    log,
    ids: systemIds,
    diffs,
    agents,
    rigsBin: parts.rigsBin ?? null,
    openModels: async (access) => openModels(access),
    tryRehearsal,
    wish: (control, wish) => wishAloud(control, wish, (reason) => sentence(reason, t)),
    sentence: (reason) => sentence(reason, t, Date.now()),
    view,
    reveal: (tree, subject) => forest.reveal(tree, subject),
  };
  const handlers: Handlers = {
    ...agentCommands(tools),
    ...appCommands(tools),
    ...archiveCommands(tools),
    ...askCommands(tools),
    ...attemptCommands(tools),
    ...beadCommands(tools),
    ...checkCommands(tools),
    ...doubtCommands(tools),
    ...conflictCommands(tools),
    ...configCommands(tools),
    ...goalCommands(tools),
    ...grantCommands(tools),
    ...pathCommands(tools),
    ...planCommands(tools, marks, planEditor),
    ...providerCommands(tools),
    ...queueCommands(tools),
    ...enteringCommands(tools),
    ...reviewCommands(tools, threads),
    ...rigCommands(tools),
    ...rowCommands(forest),
    ...slingCommands(tools),
    ...tankCommands(tools),
    ...wordingCommands(tools),
  };
  const run = createRunner(handlers, log);
  const caller = owned.add(createCaller({ ...tools, run }));
  owned.add(tellOfAccounts(tools));
  owned.add(town.onDidChange(refresh));
  owned.add(town.onDidChange(refreshAgents));
  refresh();
  refreshAgents();
  const panels: PanelDeps = {
    town,
    extensionUri: context.extensionUri,
    language: vscode.env.language,
    translate: t,
    view,
    run: (command, subject) => Promise.resolve(run(command, subject)),
    openFile: (path) => vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true }),
    log,
  };
  return {
    run,
    trees: forest.providers,
    webviews: { [webviews.feed]: createFeedView(panels), [webviews.queue]: createQueueView(panels) },
    attach: (views) => {
      forest.attach(views);
    },
    dispose: () => {
      owned.dispose();
    },
  };
}

/** For `when` clauses: welcome texts, and which of two opposite commands is offered. */
function setContexts(town: Town, agents: TownAgents): void {
  const open = town.rigs.filter((rig) => rig.kind === 'open');
  const stopped = open.length > 0 && open.every((rig) => rig.control.state.stopped);
  const closed = town.rigs.length > 0 && open.length === 0;
  void vscode.commands.executeCommand('setContext', contexts.stopped, stopped);
  void vscode.commands.executeCommand('setContext', contexts.closed, closed);
  void vscode.commands.executeCommand('setContext', contexts.agentFound, isAgentFound({ town, agents }));
}
