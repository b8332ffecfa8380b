import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { openGit } from '../../git/openGit.ts';
import { type Git, GitError, type Repository } from '../../ports/git.ts';
import type { ModelAccess } from '../../ports/models.ts';
import { StoreError } from '../../ports/store.ts';
import type { CommitId, PolecatId } from '../../town/ids.ts';
import type { Reason } from '../../town/reason.ts';
import { sentence } from '../../words/reasons.ts';
import { withoutMarkup } from '../text.ts';
import { translate } from '../translate.ts';
import { IntegratedTerminals } from '../terminals.ts';
import type { RigHandle, Town } from '../town.ts';
import { agentsFor } from './agentsFor.ts';
import { defaultClaudeModel } from '../../providers/claude/models.ts';
import { type OpenRig, openRig } from './openRig.ts';
import { rigSettings } from './rigSettings.ts';
import { onceLetGo } from './onceLetGo.ts';
import { settingsReader } from '../settingsReader.ts';
import { isAdopted } from './adopted.ts';
import { gitPath } from './gitPath.ts';
import { gitProblem, otherProblem, storeProblem } from './problems.ts';

/** How often to look whether the window that has a rig let it go. */
const ownerLookMs = 5_000;

interface Place {
  readonly folder: string;
  readonly name: string;
  readonly rig: OpenRig | null;
  readonly problem: string | null;
}

/** The rigs of this window. A repository is opened once, however many of its folders are in the workspace. */
export class WindowTown implements Town, vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #git: Git;
  readonly #terminals = new IntegratedTerminals();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** By repository. */
  readonly #places = new Map<string, Place>();
  /** Workspace folders whose repository could not even be told, until it can. */
  readonly #problems = new Map<string, Place>();
  readonly #ownerLooks = new Map<string, NodeJS.Timeout>();
  readonly #opening = new Map<string, Promise<Place>>();
  readonly #closing = new AbortController();
  readonly #subscriptions: vscode.Disposable[] = [];

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#git = openGit({ gitPath: gitPath() });
    this.#subscriptions.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.openKnown()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.openKnown()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('rigs')) void this.#refresh();
      }),
      context.secrets.onDidChange(() => void this.#refresh()),
    );
  }

  get rigs(): readonly RigHandle[] {
    return [...this.#places.values(), ...this.#problems.values()].map(({ folder, name, rig, problem }) =>
      rig === null
        ? { kind: 'closed', name, folder, problem: problem ?? '' }
        : { kind: 'open', name: rig.foreman.state.rig?.name ?? name, folder, control: rig.foreman },
    );
  }

  /** Opens every workspace folder whose repository is a rig already; what cannot be opened shows in the tree. */
  async openKnown(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      await this.#openFolder(folder.uri.fsPath);
    }
  }

  async open(folder: vscode.Uri): Promise<Control | null> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('Rigs starts programs and so works only in trusted folders. Trust this one to go on.'),
      );
      return null;
    }
    try {
      const repository = await this.#git.describe(folder.fsPath);
      this.#problems.delete(folder.fsPath);
      const place = await this.#place(repository);
      if (place.rig !== null) return place.rig.foreman;
      void vscode.window.showErrorMessage(place.problem ?? '');
    } catch (error) {
      if (!GitError.is(error)) throw error;
      void vscode.window.showErrorMessage(gitProblem(error, folder.fsPath));
    }
    return null;
  }

  async files(control: Control): Promise<readonly string[]> {
    const tip = await this.#git.tip(control.repository, control.state.rig?.target ?? '');
    return tip === null ? [] : this.#git.files(control.repository, tip.commit);
  }

  async knownGoals(control: Control): Promise<readonly string[]> {
    return (await this.#rigOf(control)?.agents.knownGoals()) ?? [];
  }

  async planner(control: Control): Promise<ModelAccess | null> {
    return (await this.#rigOf(control)?.agents.planner()) ?? null;
  }

  showTerminal(_control: Control, polecat: PolecatId): boolean {
    return this.#terminals.show(polecat);
  }

  async killAgent(control: Control, polecat: PolecatId): Promise<void> {
    const agent = control.state.polecats[polecat]?.session?.process ?? null;
    if (agent !== null) await this.#rigOf(control)?.processes.signal(agent, 'kill');
  }

  show(control: Control, commit: CommitId, path: string): Promise<string | null> {
    return this.#git.show(control.repository, commit, path);
  }

  async changedFiles(control: Control, from: CommitId, to: CommitId): Promise<readonly string[]> {
    return (await this.#git.diffStat(control.repository, from, to)).files;
  }

  async close(): Promise<void> {
    for (const { rig } of this.#places.values()) await rig?.close();
    this.dispose();
  }

  dispose(): void {
    this.#closing.abort();
    for (const timer of this.#ownerLooks.values()) clearTimeout(timer);
    for (const one of this.#subscriptions.splice(0)) one.dispose();
    this.#terminals.dispose();
    this.#changed.dispose();
  }

  async #refresh(): Promise<void> {
    for (const { name, rig } of this.#places.values()) {
      try {
        await rig?.refresh();
      } catch (error) {
        this.#log.error(`${name} did not take up its settings.`, error);
        void vscode.window.showWarningMessage(
          vscode.l10n.t('{rig} did not take up its settings: {message}', {
            rig: withoutMarkup(name),
            message: withoutMarkup(error instanceof Error ? error.message : String(error)),
          }),
        );
      }
    }
  }

  /** A folder that is no repository is no rig either. */
  async #openFolder(folder: string): Promise<void> {
    this.#problems.delete(folder);
    try {
      const repository = await this.#git.describe(folder);
      if (await isAdopted(repository.commonDir)) await this.#place(repository);
    } catch (error) {
      if (GitError.is(error) && error.reason === 'not_a_repository') return;
      this.#log.error(`${folder} could not be opened.`, error);
      const problem = GitError.is(error) ? gitProblem(error, folder) : otherProblem(error);
      this.#problems.set(folder, { folder, name: folder, rig: null, problem });
    } finally {
      this.#changed.fire();
    }
  }

  #place(repository: Repository): Promise<Place> {
    const known = this.#places.get(repository.commonDir);
    if (known !== undefined && known.rig !== null) return Promise.resolve(known);
    const opening =
      this.#opening.get(repository.commonDir) ??
      this.#openPlace(repository).finally(() => this.#opening.delete(repository.commonDir));
    this.#opening.set(repository.commonDir, opening);
    return opening;
  }

  async #openPlace(repository: Repository): Promise<Place> {
    const name = vscode.Uri.file(repository.root).path.split('/').at(-1) ?? repository.root;
    const place = { folder: repository.root, name };
    try {
      const open = (): Promise<OpenRig> => this.#openRig(repository);
      const rig = await onceLetGo(open, this.#closing.signal);
      rig.foreman.onChange(() => {
        this.#changed.fire();
      });
      return this.#put(repository.commonDir, { ...place, rig, problem: null });
    } catch (error) {
      const closed = this.#put(repository.commonDir, {
        ...place,
        rig: null,
        problem: problemOf(error, place.folder),
      });
      if (error instanceof StoreError && error.reason === 'owned_elsewhere') this.#lookAgain(repository);
      else if (!this.#closing.signal.aborted) this.#log.error(`${name} could not be opened.`, error);
      return closed;
    }
  }

  /** Another window has the rig: takes it over once it is let go. */
  #lookAgain(repository: Repository): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#ownerLooks.get(repository.commonDir));
    const timer = setTimeout(() => void this.#place(repository), ownerLookMs);
    this.#ownerLooks.set(repository.commonDir, timer);
  }

  #targetRefused(why: Reason): void {
    const message = vscode.l10n.t('The setting rigs.target is not followed: {why}', {
      why: withoutMarkup(sentence(why, translate)),
    });
    this.#log.warn(message);
    void vscode.window.showWarningMessage(message);
  }

  #openRig(repository: Repository): Promise<OpenRig> {
    const settings = rigSettings(settingsReader, repository.root, defaultClaudeModel);
    return openRig({
      git: this.#git,
      repository,
      storageRoot: (this.#context.storageUri ?? this.#context.globalStorageUri).fsPath,
      distFolder: vscode.Uri.joinPath(this.#context.extensionUri, 'dist').fsPath,
      terminals: this.#terminals,
      settings,
      agents: (stateFolder) => agentsFor(this.#context, this.#git, repository, settings, stateFolder),
      log: this.#log,
      targetRefused: (why) => {
        this.#targetRefused(why);
      },
    });
  }

  #put(key: string, place: Place): Place {
    this.#places.set(key, place);
    this.#changed.fire();
    return place;
  }

  #rigOf(control: Control): OpenRig | null {
    return [...this.#places.values()].find((place) => place.rig?.foreman === control)?.rig ?? null;
  }
}

function problemOf(error: unknown, folder: string): string {
  if (GitError.is(error)) return gitProblem(error, folder);
  return error instanceof StoreError ? storeProblem(error) : otherProblem(error);
}
