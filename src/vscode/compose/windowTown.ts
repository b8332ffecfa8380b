import path from 'node:path';
import { inspect } from 'node:util';
import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { Foresight } from '../../foreman/foresight.ts';
import { type Account, AccountError } from '../../ports/account.ts';
import type { Polled } from '../../ports/agents.ts';
import { type FileMove, type Git, GitError, type Repository } from '../../ports/git.ts';
import type { ModelAccess } from '../../ports/models.ts';
import { StoreError } from '../../ports/store.ts';
import { openAccount } from '../../store/account/openAccount.ts';
import { OwnerWatch } from '../../store/ownerWatch.ts';
import { systemClock } from '../../system/clock.ts';
import type { TankNews } from '../../town/fuel.ts';
import type { CommitId, PolecatId } from '../../town/ids.ts';
import type { LedgerState } from '../../town/ledger.ts';
import type { Reason } from '../../town/reason.ts';
import { sentence } from '../../words/reasons.ts';
import { bypassAllowed } from '../bypass.ts';
import { withoutMarkup } from '../text.ts';
import { translate } from '../translate.ts';
import { IntegratedTerminals } from '../terminals.ts';
import { LaunchedModes } from '../launchedModes.ts';
import { pricesNow } from '../prices.ts';
import type { Asking, EnteredHere, Foreseen, RigHandle, ToEnter, Town } from '../town.ts';
import { KnownAgents, type TownAgents } from '../townAgents.ts';
import { agentsFor } from './agentsFor.ts';
import { type OpenRig, memoryOf, openRig } from './openRig.ts';
import { rigSettings } from './rigSettings.ts';
import { enterHere } from './enterHere.ts';
import { installRigs } from './installRigs.ts';
import type { RigsInstall } from './rigsInstall.ts';
import { windowCommands } from './windowCommands.ts';
import { EditorModels } from '../editorModels/editorModels.ts';
import { keyNews } from './keyNews.ts';
import { refreshTanks } from './refreshTanks.ts';
import { RigPlace } from './rigPlace.ts';
import { ConfigFiles } from '../config/configFiles.ts';
import { settingsReader } from '../settingsReader.ts';
import { isAdopted } from './adopted.ts';
import { openWindowGit } from './windowGit.ts';
import { gitProblem } from './problems.ts';
import { follow, mends, offerMend, problemOf, see } from './waysIn.ts';
import { createEditorProblems } from '../problems/editorProblems.ts';

/** A repository of this window, and how its rig stands here. */
interface Known {
  readonly folder: string;
  readonly name: string;
  readonly place: RigPlace;
  /** Of its polecats, whose ids are only the rig's own. They outlive its reopening. */
  readonly terminals: IntegratedTerminals;
}

const windowVariable = 'RIGS_WINDOW';
/** Resets come and limits fill up though nothing happens: what views say of them is no older than this. */
const passingMs = 60_000;

/** The rigs of this window. A repository is opened once, however many of its folders are in the workspace. */
export class WindowTown implements Town, vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #git: Git;
  readonly #foresight: Foresight;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** By repository. */
  readonly #known = new Map<string, Known>();
  /** Workspace folders whose repository could not even be told, until it can. */
  readonly #problems = new Map<string, string>();
  /** Configuration files of the person and of the rigs. */
  readonly config = new ConfigFiles();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #editorModels: EditorModels;
  readonly #editor = createEditorProblems();
  #opened: Promise<Account> | null = null;
  /** The `rigs` command of this window; rigs open while it is being set up. */
  readonly rigsCommand: RigsInstall;
  /** Of all rigs that this window owns. */
  readonly agents: TownAgents = new KnownAgents(
    (control) => this.#rigOf(control),
    () => {
      this.#changed.fire();
    },
    ({ repository }, session) =>
      new LaunchedModes(this.#context.globalState).of(repository.commonDir, session),
  );
  #lastLogged = '';

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#git = openWindowGit(context);
    this.#foresight = new Foresight(this.#git);
    this.rigsCommand = installRigs(context, (error) => {
      this.#logOnce('The rigs command could not be set up.', error);
      void this.#refresh();
    });
    this.#editorModels = new EditorModels(context.languageModelAccessInformation, (error) => {
      log.error('The models of this editor could not be looked at.', error);
    });
    const passing = setInterval(() => {
      this.#changed.fire();
    }, passingMs);
    this.#subscriptions.push(
      new vscode.Disposable(() => {
        clearInterval(passing);
      }),
      this.#editorModels.onDidChange(() => void this.#refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.openKnown()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.openKnown()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('rigs')) void this.#refresh();
      }),
      context.secrets.onDidChange(({ key }) => void this.#takeKey(key)),
      this.config.onDidChange(() => void this.#refresh()),
      this.onDidChange(() => {
        this.#offerWindow();
      }),
    );
  }

  get rigs(): readonly RigHandle[] {
    const problems = [...this.#problems].map(([folder, problem]): RigHandle => ({
      kind: 'closed',
      name: folder,
      folder,
      problem,
      mend: null,
    }));
    return [...[...this.#known.values()].flatMap(handleOf), ...problems];
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
      const standing = await this.#placeOf(repository).open();
      if (standing.kind !== 'closed') return standing.control;
      void vscode.window.showErrorMessage(standing.problem);
    } catch (error) {
      if (!GitError.is(error)) throw error;
      void vscode.window.showErrorMessage(gitProblem(error, folder.fsPath));
    }
    return null;
  }

  async mend(folder: string): Promise<void> {
    for (const known of this.#known.values()) {
      if (known.folder === folder) await known.place.mend();
    }
  }

  async files(control: Control): Promise<readonly string[]> {
    const tip = await this.#git.tip(control.repository, control.state.rig?.target ?? '');
    return tip === null ? [] : this.#git.files(control.repository, tip.commit);
  }

  async knownGoals(control: Control): Promise<readonly string[]> {
    return (await this.#rigOf(control)?.agents.knownGoals()) ?? [];
  }

  async planner(control: Control): Promise<ModelAccess | null> {
    return (await this.#rigOf(control)?.agents.assayer('planner')) ?? null;
  }

  async tellTanks(news: readonly TankNews[]): Promise<void> {
    try {
      await (await this.#account()).tell(news);
    } catch (error) {
      if (!AccountError.is(error)) throw error;
      sayUntold(error);
    }
    await this.#refresh();
  }

  async ledger(): Promise<LedgerState | null> {
    try {
      return await (await this.#account()).ledger();
    } catch (error) {
      if (!AccountError.is(error)) throw error;
      this.#logOnce('What was spent could not be read.', error);
      return null;
    }
  }

  async refreshTanks(asking: Asking): Promise<readonly Polled[]> {
    const rigs = this.#owned();
    await Promise.all(rigs.map(({ foreman }) => this.agents.look(foreman)));
    try {
      return await refreshTanks(rigs, await this.#account(), asking);
    } catch (error) {
      if (!AccountError.is(error)) throw error;
      sayUntold(error);
      return [];
    } finally {
      await this.#refresh();
    }
  }

  showTerminal(control: Control, polecat: PolecatId): boolean {
    return this.#known.get(control.repository.commonDir)?.terminals.show(polecat) ?? false;
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

  lineMoves(
    control: Control,
    between: readonly [CommitId, CommitId],
    paths: readonly string[],
  ): Promise<readonly FileMove[]> {
    return this.#git.lineMoves(control.repository, between, paths);
  }

  async foresee(control: Control, commits: readonly CommitId[]): Promise<Foreseen | null> {
    const { repository, state } = control;
    const tip = await this.#git.tip(repository, state.rig?.target ?? '');
    if (tip === null) return null;
    return {
      target: tip.commit,
      conflicts: await this.#foresight.among(repository, [tip.commit, ...commits]),
    };
  }

  branches(control: Control): Promise<readonly string[]> {
    return this.#git.branches(control.repository);
  }

  enter(control: Control, wanted: ToEnter): Promise<EnteredHere> {
    return enterHere(control, this.#rigOf(control), wanted, translate);
  }

  /** Each by itself: one that cannot be closed must not keep the others from being let go. */
  async close(): Promise<void> {
    const closed = await Promise.allSettled([...this.#known.values()].map(({ place }) => place.close()));
    for (const one of closed) {
      if (one.status === 'rejected') this.#log.error('A rig could not be closed.', one.reason);
    }
    await (await this.#opened)?.close();
    this.dispose();
  }

  dispose(): void {
    for (const one of this.#subscriptions.splice(0)) one.dispose();
    this.#editorModels.dispose();
    this.config.dispose();
    for (const { terminals } of this.#known.values()) terminals.dispose();
    this.#changed.dispose();
  }

  /** An account that another key is set for is tried with it. */
  async #takeKey(secret: string): Promise<void> {
    const news = await keyNews(secret, this.#opened).catch((error: unknown) => {
      this.#logOnce('Which accounts have another key could not be told.', error);
      return [];
    });
    if (news.length > 0) await this.tellTanks(news);
    else await this.#refresh();
  }

  async #refresh(): Promise<void> {
    for (const { name, place } of this.#known.values()) {
      const { standing } = place;
      try {
        if (standing?.kind === 'owned') await standing.rig.refresh();
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
      if (await isAdopted(repository.commonDir)) await this.#placeOf(repository).open();
    } catch (error) {
      if (GitError.is(error) && error.reason === 'not_a_repository') return;
      this.#log.error(`${folder} could not be opened.`, error);
      this.#problems.set(folder, problemOf(error, folder));
    } finally {
      this.#changed.fire();
    }
  }

  #placeOf(repository: Repository): RigPlace {
    const known = this.#known.get(repository.commonDir);
    if (known !== undefined) return known.place;
    const name = vscode.Uri.file(repository.root).path.split('/').at(-1) ?? repository.root;
    const memory = memoryOf({ repository, ...this.#storage() });
    const watch = new OwnerWatch({ commonDir: repository.commonDir, window: memory.window ?? '' });
    const terminals = new IntegratedTerminals();
    const place = new RigPlace({
      clock: systemClock,
      own: () => this.#openRig(repository, watch, terminals),
      follow: () => follow(repository),
      see: (damage) => see(repository, memory, damage),
      taken: async () => (await watch.look()).kind !== 'free',
      mend: (mend) => mends[mend](memory),
      problemOf: (error) => problemOf(error, repository.root),
      changed: () => {
        this.#changed.fire();
      },
      failed: (error) => {
        const news = this.#logOnce(`${name} could not be opened.`, error);
        if (news && error instanceof StoreError) void offerMend(name, repository, error);
      },
    });
    this.#known.set(repository.commonDir, { folder: repository.root, name, place, terminals });
    return place;
  }

  #targetRefused(why: Reason): void {
    const message = vscode.l10n.t('The setting rigs.target is not followed: {why}', {
      why: withoutMarkup(sentence(why, translate)),
    });
    this.#log.warn(message);
    void vscode.window.showWarningMessage(message);
  }

  async #openRig(
    repository: Repository,
    watch: OwnerWatch,
    terminals: IntegratedTerminals,
  ): Promise<OpenRig> {
    await this.config.load(repository.root);
    const settings = rigSettings(settingsReader, repository.root, bypassAllowed(this.#context.globalState));
    // With each rig again, when it failed; nobody waits for it here.
    void this.rigsCommand.ready();
    const rigs = this.rigsCommand;
    return openRig({
      git: this.#git,
      repository,
      ...this.#storage(),
      watch,
      distFolder: vscode.Uri.joinPath(this.#context.extensionUri, 'dist').fsPath,
      terminals,
      editor: this.#editor,
      settings,
      account: await this.#account(),
      agents: (stateFolder) =>
        agentsFor({
          ...{ context: this.#context, git: this.#git, repository, settings, stateFolder, rigs },
          lent: () => this.#editorModels.lent,
        }),
      rigs: rigs.program,
      commands: windowCommands(
        repository.root,
        this,
        () => this.#account(),
        (polecat) => terminals.show(polecat),
        this.config,
      ),
      log: this.#log,
      targetRefused: (why) => {
        this.#targetRefused(why);
      },
    });
  }

  /** What is tried again twice a second fails the same way each time. */
  #logOnce(what: string, error: unknown): boolean {
    const told = `${what} ${inspect(error)}`;
    if (told === this.#lastLogged) return false;
    this.#lastLogged = told;
    this.#log.error(told);
    return true;
  }

  #storage(): { readonly storageRoot: string; readonly window: string } {
    const { storageUri, globalStorageUri } = this.#context;
    // The editor gives each window that is open on a folder a storage of its own, and gives it back after a reload. All
    // windows without a folder share one, which therefore tells nothing of who is who.
    return { storageRoot: (storageUri ?? globalStorageUri).fsPath, window: storageUri?.fsPath ?? '' };
  }

  /** By this a terminal in a folder that is no rig finds the window, for what is no single rig's. */
  #offerWindow(): void {
    const [rig] = this.#owned();
    const home = rig === undefined ? null : path.join(rig.foreman.store.folder, 'door');
    const variables = this.#context.environmentVariableCollection;
    if (home === (variables.get(windowVariable)?.value ?? null)) return;
    if (home === null) variables.delete(windowVariable);
    else variables.replace(windowVariable, home);
  }

  #owned(): readonly OpenRig[] {
    return [...this.#known.values()].flatMap(({ place }) =>
      place.standing?.kind === 'owned' ? [place.standing.rig] : [],
    );
  }

  /** Opened with the first rig; one that cannot be opened is tried again with the next. */
  #account(): Promise<Account> {
    this.#opened ??= openAccount({
      folder: vscode.Uri.joinPath(this.#context.globalStorageUri, 'account').fsPath,
      clock: systemClock,
      prices: pricesNow,
    }).catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  #rigOf(control: Control): OpenRig | null {
    for (const { place } of this.#known.values()) {
      const { standing } = place;
      if (standing?.kind === 'owned' && standing.control === control) return standing.rig;
    }
    return null;
  }
}

function sayUntold({ message }: AccountError): void {
  void vscode.window.showErrorMessage(
    vscode.l10n.t('Your accounts could not be told: {message}', { message: withoutMarkup(message) }),
  );
}

/** Nothing as long as it is being opened for the first time. */
function handleOf({ name, folder, place }: Known): readonly RigHandle[] {
  const { standing } = place;
  if (standing === null) return [];
  const { mend } = standing;
  if (standing.kind === 'closed') return [{ kind: 'closed', name, folder, problem: standing.problem, mend }];
  const { control } = standing;
  const elsewhere = standing.kind === 'followed';
  return [{ kind: 'open', name: control.state.rig?.name ?? name, folder, control, elsewhere, mend }];
}
