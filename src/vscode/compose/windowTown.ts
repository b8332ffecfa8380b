import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { openGit } from '../../git/openGit.ts';
import { type Git, GitError, type Repository } from '../../ports/git.ts';
import type { ModelAccess } from '../../ports/models.ts';
import { StoreError } from '../../ports/store.ts';
import type { CommitId, PolecatId } from '../../town/ids.ts';
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
import { gitProblem, storeProblem } from './problems.ts';

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
  readonly #places = new Map<string, Place>();
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
    return [...this.#places.values()].map(({ folder, name, rig, problem }) =>
      rig === null
        ? { kind: 'closed', name, folder, problem: problem ?? '' }
        : { kind: 'open', name: rig.foreman.state.rig?.name ?? name, folder, control: rig.foreman },
    );
  }

  /** Opens every workspace folder whose repository is a rig already. */
  async openKnown(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const repository = await this.#repositoryOf(folder.uri.fsPath);
      if (repository !== null && (await isAdopted(repository.commonDir))) await this.#place(repository);
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
      const place = await this.#place(await this.#git.describe(folder.fsPath));
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
    for (const one of this.#subscriptions.splice(0)) one.dispose();
    this.#terminals.dispose();
    this.#changed.dispose();
  }

  async #refresh(): Promise<void> {
    for (const { rig } of this.#places.values()) await rig?.refresh();
  }

  /** A folder that is no repository is no rig either; other errors of git show in the tree. */
  async #repositoryOf(folder: string): Promise<Repository | null> {
    try {
      return await this.#git.describe(folder);
    } catch (error) {
      if (!GitError.is(error)) throw error;
      if (error.reason !== 'not_a_repository') {
        this.#put(folder, { folder, name: folder, rig: null, problem: gitProblem(error, folder) });
      }
      return null;
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
      if (GitError.is(error)) {
        return this.#put(repository.commonDir, {
          ...place,
          rig: null,
          problem: gitProblem(error, place.folder),
        });
      }
      if (!(error instanceof StoreError)) throw error;
      const closed = { ...place, rig: null, problem: storeProblem(error) };
      if (error.reason === 'owned_elsewhere') return this.#ownedElsewhere(repository, closed);
      this.#log.error(error);
      return this.#put(repository.commonDir, closed);
    }
  }

  /** Another window has the rig: shows that, and takes the rig over once it is let go. */
  #ownedElsewhere(repository: Repository, place: Place): Place {
    const timer = setTimeout(() => void this.#place(repository), ownerLookMs);
    this.#closing.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
    return this.#put(repository.commonDir, place);
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
