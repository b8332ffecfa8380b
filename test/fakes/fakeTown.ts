import type { TankNews } from '../../src/town/fuel.ts';
import type * as vscode from 'vscode';
import type { Control } from '../../src/foreman/control.ts';
import type { Polled } from '../../src/ports/agents.ts';
import type { ModelAccess } from '../../src/ports/models.ts';
import type { FileMove, Repository } from '../../src/ports/git.ts';
import type { CommitId, PolecatId } from '../../src/town/ids.ts';
import { type LedgerState, emptyLedger } from '../../src/town/ledger.ts';
import type { Asking, EnteredHere, Foreseen, RigHandle, ToEnter, Town } from '../../src/vscode/town.ts';
import { FakeTownAgents } from './fakeTownAgents.ts';
import { FakeControl } from './fakeControl.ts';

/** A rig whose repository lies at a real place. */
export class ControlAt extends FakeControl {
  override readonly repository: Repository;

  constructor(root: string, stateFolder: string) {
    super(`${root}/.git`, stateFolder);
    this.repository = { commonDir: `${root}/.git`, root, branch: 'main', remote: null };
  }
}

/** A window's town over fake rigs: what surfaces ask of it is remembered, files at commits are given. */
export class FakeTown implements Town {
  rigs: readonly RigHandle[] = [];
  readonly agents = new FakeTownAgents();
  access: ModelAccess | null = null;
  readonly opened: string[] = [];
  readonly killed: PolecatId[] = [];
  /** `<commit>:<path>` → text. */
  readonly texts = new Map<string, string>();
  changed: readonly string[] = [];
  readonly #listeners = new Set<() => void>();

  add(name: string, control: FakeControl): this {
    const folder = control.repository.root;
    this.rigs = [...this.rigs, { kind: 'open', name, folder, control, elsewhere: false, mend: null }];
    control.onChange(() => {
      this.tell();
    });
    this.tell();
    return this;
  }

  addClosed(name: string, folder: string, problem: string): this {
    this.rigs = [...this.rigs, { kind: 'closed', name, folder, problem, mend: null }];
    this.tell();
    return this;
  }

  // Without an editor there is no Disposable class; callers only dispose.
  readonly onDidChange = ((listener: () => unknown): unknown => {
    const hear = (): void => {
      listener();
    };
    this.#listeners.add(hear);
    return { dispose: () => this.#listeners.delete(hear) };
  }) as unknown as vscode.Event<void>;

  tell(): void {
    for (const hear of this.#listeners) hear();
  }

  files(): Promise<readonly string[]> {
    return Promise.resolve([...this.texts.keys()].map((key) => key.slice(key.indexOf(':') + 1)));
  }

  open(folder: vscode.Uri): Promise<Control | null> {
    this.opened.push(folder.fsPath);
    const rig = this.rigs.find((one) => one.folder === folder.fsPath);
    return Promise.resolve(rig?.kind === 'open' ? rig.control : null);
  }

  readonly mended: string[] = [];

  mend(folder: string): Promise<void> {
    this.mended.push(folder);
    return Promise.resolve();
  }

  goals: readonly string[] = [];

  knownGoals(): Promise<readonly string[]> {
    return Promise.resolve(this.goals);
  }

  /** What accounts were told. */
  readonly toldTanks: TankNews[] = [];
  /** What accounts answer when they are asked. */
  polled: readonly Polled[] = [];
  refreshes = 0;

  tellTanks(news: readonly TankNews[]): Promise<void> {
    this.toldTanks.push(...news);
    return Promise.resolve();
  }

  refreshTanks({ onAnswer }: Asking): Promise<readonly Polled[]> {
    this.refreshes += 1;
    for (const [at, one] of this.polled.entries()) onAnswer(one, at + 1, this.polled.length);
    return Promise.resolve(this.polled);
  }

  /** Null: it cannot be read. */
  books: LedgerState | null = emptyLedger;

  ledger(): Promise<LedgerState | null> {
    return Promise.resolve(this.books);
  }

  planner(): Promise<ModelAccess | null> {
    return Promise.resolve(this.access);
  }

  showTerminal(): boolean {
    return false;
  }

  killAgent(_control: Control, polecat: PolecatId): Promise<void> {
    this.killed.push(polecat);
    return Promise.resolve();
  }

  show(_control: Control, commit: CommitId, path: string): Promise<string | null> {
    return Promise.resolve(this.texts.get(`${commit}:${path}`) ?? null);
  }

  /** What became of a file, by its name; nothing, where nothing is said. */
  readonly moves = new Map<string, FileMove>();

  lineMoves(
    _control: Control,
    _between: readonly [CommitId, CommitId],
    paths: readonly string[],
  ): Promise<readonly FileMove[]> {
    return Promise.resolve(paths.map((path) => this.moves.get(path) ?? { path, hunks: [] }));
  }

  foresee(): Promise<Foreseen | null> {
    return Promise.resolve(null);
  }

  /** Local branches. */
  branchNames: readonly string[] = ['main'];
  /** What was to enter the merge queue, and what came of each. */
  readonly entered: ToEnter[] = [];
  entry: EnteredHere = { ok: false, why: 'Nothing enters here.' };

  branches(): Promise<readonly string[]> {
    return Promise.resolve(this.branchNames);
  }

  enter(_control: Control, wanted: ToEnter): Promise<EnteredHere> {
    this.entered.push(wanted);
    return Promise.resolve(this.entry);
  }

  changedFiles(): Promise<readonly string[]> {
    return Promise.resolve(this.changed);
  }
}
