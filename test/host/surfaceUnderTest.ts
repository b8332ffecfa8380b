import { ok } from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Models } from '../../src/ports/models.ts';
import type { Started } from '../../src/vscode/started.ts';
import { createSurface } from '../../src/vscode/surface.ts';
import { fakeMemento } from '../fakes/fakeMemento.ts';
import { ControlAt, FakeTown } from '../fakes/fakeTown.ts';
import { Scene } from '../fakes/scene.ts';

/** Waits for what the editor does in its own time. */
export async function eventually<T>(what: string, find: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The real surface in the real editor, over a town of fakes whose rig is the folder that is open. */
export class SurfaceUnderTest {
  readonly town = new FakeTown();
  readonly control: ControlAt;
  readonly scene: Scene;
  readonly surface: Started;
  readonly root: string;
  readonly stateFolder: string;
  /** What was said to the person, in order; each is answered as if it were closed. */
  readonly said: string[] = [];
  readonly #restore: (() => void)[] = [];

  private constructor(root: string, stateFolder: string, models: Models) {
    this.root = root;
    this.stateFolder = stateFolder;
    this.control = new ControlAt(root, stateFolder);
    this.scene = new Scene(this.control);
    this.#listen();
    this.surface = createSurface({
      context: fakeContext(),
      town: this.town,
      log: fakeLog(),
      openModels: () => models,
      tryRehearsal: () => Promise.resolve(),
    });
  }

  static async make(
    models: Models = { complete: () => Promise.reject(new Error('no model')) },
  ): Promise<SurfaceUnderTest> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    ok(folder, 'the tests need a folder that is open');
    const stateFolder = await realpath(await mkdtemp(join(tmpdir(), 'rs-')));
    const made = new SurfaceUnderTest(await realpath(folder), stateFolder, models);
    await made.scene.open();
    made.town.add('w', made.control);
    return made;
  }

  async dispose(): Promise<void> {
    await this.surface.dispose();
    for (const restore of this.#restore.splice(0)) restore();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(this.stateFolder, { recursive: true });
  }

  /** Messages would wait for a person for ever. */
  #listen(): void {
    for (const name of ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const) {
      this.replace(vscode.window, name, (message: string) => {
        this.said.push(message);
        return Promise.resolve(undefined);
      });
    }
  }

  /** Plays the person at one of the editor's questions, until disposed. */
  replace(owner: object, name: string, played: (...args: never[]) => unknown): void {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    ok(before, name);
    Object.defineProperty(owner, name, { configurable: true, writable: true, value: played });
    this.#restore.push(() => {
      Object.defineProperty(owner, name, before);
    });
  }
}

function fakeContext(): vscode.ExtensionContext {
  const extension = vscode.extensions.getExtension('rigs.rigs');
  ok(extension);
  const secrets = new Map<string, string>();
  const context: Pick<vscode.ExtensionContext, 'extension' | 'extensionUri'> & {
    workspaceState: vscode.Memento;
    globalState: Pick<vscode.Memento, 'get' | 'update' | 'keys'>;
    secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>;
  } = {
    extension,
    extensionUri: extension.extensionUri,
    workspaceState: fakeMemento(),
    globalState: fakeMemento(),
    secrets: {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
      onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    },
  };
  return context as unknown as vscode.ExtensionContext;
}

function fakeLog(): vscode.LogOutputChannel {
  const quiet = (): void => undefined;
  return { warn: quiet, error: quiet, info: quiet, show: quiet } as unknown as vscode.LogOutputChannel;
}
