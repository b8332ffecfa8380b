import * as vscode from 'vscode';
import type { LentModels } from '../../providers/apiProvider.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { settingsReader } from '../settingsReader.ts';
import { type Lent, LendError, lend } from './lend.ts';
import { send } from './send.ts';

const enabled = 'rigs.providers.vscode.enabled';

/**
 * The models that this editor has for its person, lent to agents. The editor itself asks the person whether Rigs may use
 * them; it is made to when they switch this provider on, and by nothing that happens by itself.
 */
export class EditorModels implements Owned {
  readonly #access: vscode.LanguageModelAccessInformation;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #owned = new Disposables();
  #models: readonly vscode.LanguageModelChat[] = [];
  #lent: Lent | null = null;
  #disposed = false;

  constructor(access: vscode.LanguageModelAccessInformation, onError: (error: unknown) => void) {
    this.#access = access;
    const look = (ask: boolean): void => {
      this.#look(ask).catch(onError);
    };
    this.#owned.add(this.#changed);
    this.#owned.add(
      vscode.lm.onDidChangeChatModels(() => {
        look(false);
      }),
    );
    this.#owned.add(
      access.onDidChange(() => {
        look(false);
      }),
    );
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(enabled)) look(true);
      }),
    );
    look(false);
  }

  /** Null: there are none that Rigs may use. */
  get lent(): LentModels | null {
    return this.#usable().length === 0 ? null : this.#lent;
  }

  dispose(): void {
    this.#disposed = true;
    this.#lent?.close();
    this.#owned.dispose();
  }

  #usable(): readonly vscode.LanguageModelChat[] {
    return this.#models.filter((model) => this.#access.canSendRequest(model) === true);
  }

  async #look(ask: boolean): Promise<void> {
    // Asking for models starts the extensions that have some.
    const models = settingsReader.read(enabled) ? await vscode.lm.selectChatModels() : [];
    this.#models = models;
    const unasked = models.find((model) => this.#access.canSendRequest(model) === undefined);
    if (ask && this.#usable().length === 0 && unasked !== undefined) await askPerson(unasked);
    if (this.#usable().length > 0 && this.#lent === null) await this.#open();
    if (!this.#disposed) this.#changed.fire();
  }

  async #open(): Promise<void> {
    const lent = await lend((body, signal) => send(this.#named(body.model), body, signal));
    if (this.#disposed || this.#lent !== null) lent.close();
    else this.#lent = lent;
  }

  /** `auto`: the editor's own first one. */
  #named(name: string): vscode.LanguageModelChat {
    const usable = this.#usable();
    const found = usable.find((one) => [one.id, one.family, one.name].includes(name));
    const model = found ?? (name === 'auto' ? usable[0] : undefined);
    if (model !== undefined) return model;
    throw new LendError(404, 'model_not_found', `VS Code has no model "${name}" that Rigs may use.`);
  }
}

/** The editor's dialog comes with the first request, which is given up as soon as it is answered. */
async function askPerson(model: vscode.LanguageModelChat): Promise<void> {
  const cancel = new vscode.CancellationTokenSource();
  const justification = vscode.l10n.t('Rigs lets its built-in agent work with the models of this editor.');
  try {
    await model.sendRequest(
      [vscode.LanguageModelChatMessage.User('Say yes.')],
      { justification },
      cancel.token,
    );
  } catch (error) {
    // They said no, which shows in the row of this provider.
    if (!(error instanceof vscode.LanguageModelError)) throw error;
  } finally {
    cancel.cancel();
    cancel.dispose();
  }
}
