import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Config, type Whose, emptyConfig } from '../../config/config.ts';
import { readConfig } from '../../config/configFile.ts';
import { type ConfigLayers, layerSettings } from '../settingsReader.ts';
import { type ConfigText, readConfigFile } from './readConfigFile.ts';

/** A configuration file as it was last read. */
export interface ConfigFile {
  readonly file: string;
  readonly whose: Whose;
  readonly config: Config;
  /** Why it was not read; null: it was, or there is none. */
  readonly unread: Extract<ConfigText, { kind: 'unread' }> | null;
  readonly isThere: boolean;
}

/** The first seed's own places: of a person, unless `RIGS_CONFIG` names another, and of a repository. */
export function personsFile(env: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  const given = env['RIGS_CONFIG'] ?? '';
  return given === '' ? path.join(home, '.rigs', 'config.toml') : path.resolve(given);
}

export function repositorysFile(root: string): string {
  return path.join(root, '.rigs', 'config.toml');
}

/** The configuration files of a window: read when a rig opens, and again whenever they change. */
export class ConfigFiles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** By path. */
  readonly #files = new Map<string, ConfigFile>();
  readonly #watched = new Map<string, vscode.Disposable>();
  readonly #layers: vscode.Disposable;
  readonly #person: string;

  constructor(person = personsFile()) {
    this.#person = person;
    this.#layers = layerSettings((scope) => this.layers(scope?.fsPath ?? null));
  }

  /** Every file that is there, or could not be read. */
  get all(): readonly ConfigFile[] {
    return [...this.#files.values()].filter(({ isThere, unread }) => isThere || unread !== null);
  }

  /** Those that count for a repository, or for none. */
  of(root: string | null): readonly ConfigFile[] {
    const files = [
      root === null ? undefined : this.#files.get(repositorysFile(root)),
      this.#files.get(this.#person),
    ];
    return files.filter((one) => one !== undefined);
  }

  layers(root: string | null): ConfigLayers {
    const [repository, person] = (['repository', 'person'] as const).map(
      (whose) => this.of(root).find((one) => one.whose === whose)?.config ?? emptyConfig,
    );
    return { repository: repository ?? emptyConfig, person: person ?? emptyConfig };
  }

  /** Whose a file is; null: it is no configuration file of this window. */
  whose(file: string): Whose | null {
    return this.#files.get(file)?.whose ?? null;
  }

  /** Reads what counts for a rig before it is opened; from then on changes are seen. Never rejects. */
  async load(root: string): Promise<void> {
    await Promise.all([
      this.#take(this.#person, 'person', null),
      this.#take(repositorysFile(root), 'repository', root),
    ]);
  }

  dispose(): void {
    this.#layers.dispose();
    for (const one of this.#watched.values()) one.dispose();
    this.#changed.dispose();
  }

  async #take(file: string, whose: Whose, within: string | null): Promise<void> {
    if (this.#watched.has(file)) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const look = (): void => void this.#look(file, whose, within);
    watcher.onDidChange(look);
    watcher.onDidCreate(look);
    watcher.onDidDelete(look);
    // A save is known before the watcher hears of it.
    const saved = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.scheme === 'file' && uri.fsPath === file) look();
    });
    this.#watched.set(file, vscode.Disposable.from(watcher, saved));
    await this.#look(file, whose, within);
  }

  async #look(file: string, whose: Whose, within: string | null): Promise<void> {
    const found = await readConfigFile(file, within);
    this.#files.set(file, {
      file,
      whose,
      config: found.kind === 'text' ? readConfig(found.text, whose) : emptyConfig,
      unread: found.kind === 'unread' ? found : null,
      isThere: found.kind === 'text',
    });
    this.#changed.fire();
  }
}
