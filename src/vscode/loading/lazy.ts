import * as vscode from 'vscode';
import type { Owned } from '../disposables.ts';
import type { StartModule, Started, TreeViews } from '../started.ts';

/** The real module, started by whoever needs it first. */
export class Lazy implements Owned {
  readonly #context: vscode.ExtensionContext;
  readonly #load: () => StartModule;
  readonly #loaded = new vscode.EventEmitter<Started>();
  /** Fires once the real module runs. */
  readonly onDidStart = this.#loaded.event;
  #views: TreeViews | null = null;
  #starting: Promise<Started> | null = null;
  #disposed = false;

  constructor(context: vscode.ExtensionContext, load: () => StartModule) {
    this.#context = context;
    this.#load = load;
  }

  /** Views that the real module gets once it runs. */
  lend(views: TreeViews): void {
    this.#views = views;
  }

  /** Null when it cannot start, which was said; the next use tries again. */
  async start(): Promise<Started | null> {
    this.#starting ??= this.#begin();
    try {
      return await this.#starting;
    } catch (error) {
      this.#starting = null;
      await this.#tell(error);
      return null;
    }
  }

  /** Ends what was started; resolves when it has let go of the rigs. */
  async close(): Promise<void> {
    this.#disposed = true;
    const started = await this.#starting?.catch(() => null); // it never ran, and that was said
    await started?.dispose();
  }

  dispose(): void {
    this.#disposed = true;
    this.#loaded.dispose();
  }

  async #begin(): Promise<Started> {
    const started = await this.#load().start(this.#context);
    if (this.#disposed) await started.dispose();
    else {
      if (this.#views !== null) started.attach(this.#views);
      this.#loaded.fire(started);
    }
    return started;
  }

  #told = false;

  /** A broken installation or storage would otherwise look like an empty town. */
  async #tell(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    console.error('Rigs could not start.', error); // eslint-disable-line no-console -- its own log is not there
    if (this.#told) return;
    this.#told = true;
    const again = vscode.l10n.t('Try Again');
    const reload = vscode.l10n.t('Reload Window');
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t('Rigs could not start: {message}', { message }),
      again,
      reload,
    );
    this.#told = false;
    if (chosen === again) await this.start();
    if (chosen === reload) await vscode.commands.executeCommand('workbench.action.reloadWindow');
  }
}
