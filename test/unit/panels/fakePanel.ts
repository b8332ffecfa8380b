import type * as vscode from 'vscode';
import type { PanelDeps } from '../../../src/vscode/panels/deps.ts';
import type { Subject } from '../../../src/vscode/subject.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import type { Foreseen, RigHandle, Town } from '../../../src/vscode/town.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import type { FakeControl } from '../../fakes/fakeControl.ts';
import { fakeView } from '../../fakes/fakeView.ts';

class Emitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown): { dispose(): unknown } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  get size(): number {
    return this.#listeners.size;
  }
  async fire(value: T): Promise<void> {
    for (const listener of this.#listeners) await listener(value);
  }
}

type Said = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A panel's view and everything around it, as a test sees and moves them. */
export class FakePanel {
  readonly posted: Said[] = [];
  /** What was said of tanks, which has its own pace. */
  readonly drawn: Said[] = [];
  readonly ran: { readonly command: string; readonly subject: Subject }[] = [];
  readonly opened: string[] = [];
  readonly logged: string[] = [];
  readonly rigs: RigHandle[];
  /** Commits that were to be held against each other. */
  readonly foreseen: (readonly CommitId[])[] = [];
  onForesee: (commits: readonly CommitId[]) => Promise<Foreseen | null> = () => Promise.resolve(null);
  /** What a command does when it is run. */
  onRun: () => Promise<void> = () => Promise.resolve();
  now = Date.UTC(2026, 2, 7, 9);
  #visible = true;
  readonly #messages = new Emitter<unknown>();
  readonly #visibility = new Emitter<undefined>();
  readonly #disposed = new Emitter<undefined>();
  readonly #changed = new Emitter<undefined>();
  readonly webview = {
    html: '',
    options: {} as vscode.WebviewOptions,
    cspSource: 'https://own.example',
    asWebviewUri: (uri: { path: string }): string => `https://own.example${uri.path}`,
    onDidReceiveMessage: this.#messages.event,
    postMessage: (message: Said): Promise<boolean> => {
      (message.type === 'tanks' ? this.drawn : this.posted).push(message);
      return Promise.resolve(true);
    },
  };

  constructor(...controls: readonly FakeControl[]) {
    this.rigs = controls.map((control, index) => ({
      kind: 'open',
      name: index === 0 ? 'tidy' : `tidy-${index}`,
      folder: control.repository.root,
      control,
      elsewhere: false,
      mend: null,
    }));
  }

  get deps(): PanelDeps {
    const town: Pick<Town, 'rigs' | 'onDidChange' | 'foresee'> = {
      rigs: this.rigs,
      foresee: async (_control, commits) => {
        this.foreseen.push(commits);
        return this.onForesee(commits);
      },
      onDidChange: this.#changed.event,
    };
    return {
      town: town as Town,
      extensionUri: fakeUri('/ext'),
      language: 'en',
      translate: plainEnglish,
      view: () => fakeView(this.rigs, this.now),
      run: async (command, subject) => {
        this.ran.push({ command, subject });
        await this.onRun();
      },
      openFile: (path) => Promise.resolve(this.opened.push(path)),
      log: {
        warn: (message: string) => this.logged.push(message),
        error: (message: string | Error) => this.logged.push(String(message)),
      },
    };
  }

  show(make: (deps: PanelDeps) => vscode.WebviewViewProvider): void {
    const view = {
      webview: this.webview,
      onDidDispose: this.#disposed.event,
      onDidChangeVisibility: this.#visibility.event,
    };
    Object.defineProperty(view, 'visible', { get: () => this.#visible });
    const never = {} as vscode.CancellationToken;
    void make(this.deps).resolveWebviewView(
      view as unknown as vscode.WebviewView,
      { state: undefined },
      never,
    );
  }

  /** The page says something. */
  say(message: unknown): Promise<void> {
    return this.#messages.fire(message);
  }

  setVisible(visible: boolean): Promise<void> {
    this.#visible = visible;
    return this.#visibility.fire(undefined);
  }

  townChanged(): Promise<void> {
    return this.#changed.fire(undefined);
  }

  dispose(): Promise<void> {
    return this.#disposed.fire(undefined);
  }

  get listeners(): number {
    return this.#messages.size + this.#visibility.size + this.#changed.size;
  }

  ofType(type: string): readonly Said[] {
    return this.posted.filter((message) => message.type === type);
  }

  /** Waits for the update that the panel holds back to keep its pace. */
  async until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`Not in time. Posted: ${JSON.stringify(this.posted)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function fakeUri(path: string): vscode.Uri {
  return { path, with: (change: { path: string }) => fakeUri(change.path) } as unknown as vscode.Uri;
}
