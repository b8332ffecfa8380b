import { deepEqual, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/vscode/contract.ts';
import type { PanelDeps } from '../../src/vscode/panels/deps.ts';
import { createFeedView } from '../../src/vscode/panels/feedPanel.ts';
import { createQueueView } from '../../src/vscode/panels/queuePanel.ts';
import { plainEnglish } from '../../src/words/translate.ts';
import { FakeControl } from '../fakes/fakeControl.ts';
import { FakeTown } from '../fakes/fakeTown.ts';
import { fakeView } from '../fakes/fakeView.ts';

/** Waits for what another process does. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    ok(Date.now() < deadline, `never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('The panels in a real VS Code', () => {
  const logged: string[] = [];
  const said: unknown[] = [];
  const open: { dispose(): unknown }[] = [];

  afterEach(() => {
    for (const one of open.splice(0)) one.dispose();
    logged.length = 0;
    said.length = 0;
  });

  function deps(): PanelDeps {
    const extension = vscode.extensions.getExtension('rigs.rigs');
    ok(extension);
    const town = new FakeTown().add('tidy', new FakeControl());
    return {
      town,
      view: () => fakeView(town.rigs, Date.now()),
      extensionUri: extension.extensionUri,
      language: vscode.env.language,
      translate: plainEnglish,
      run: () => Promise.resolve(),
      openFile: () => Promise.resolve(),
      log: {
        warn: (message: string) => logged.push(message),
        error: (message: string | Error) => logged.push(String(message)),
      },
    };
  }

  /** The page in an editor tab: the same webview as in the panel, but one that a test owns. */
  function show(make: (deps: PanelDeps) => vscode.WebviewViewProvider): vscode.Webview {
    const panel = vscode.window.createWebviewPanel('rigs.test', 'Test', vscode.ViewColumn.One);
    open.push(panel);
    panel.webview.onDidReceiveMessage((message: unknown) => said.push(message));
    const view = {
      webview: panel.webview,
      visible: true,
      onDidDispose: panel.onDidDispose,
      onDidChangeVisibility: () => new vscode.Disposable(() => undefined),
    };
    const { token } = new vscode.CancellationTokenSource();
    void make(deps()).resolveWebviewView(view as unknown as vscode.WebviewView, { state: undefined }, token);
    return panel.webview;
  }

  for (const [name, make] of [
    ['feed', createFeedView],
    ['merge queue', createQueueView],
  ] as const) {
    it(`loads the ${name} under its own policy, and answers in both directions`, async () => {
      const webview = show(make);
      await until(() => said.length > 0, 'the page that says it is ready');
      deepEqual(said[0], { type: 'ready' });
      await webview.postMessage({ type: 'navigate', to: 'https://example.invalid' });
      await until(() => logged.length > 0, 'the complaint about an unknown message');
      match(logged[0] ?? '', /rejected a message/);
    });
  }

  it('shows both views when asked to', async () => {
    await vscode.commands.executeCommand('rigs.feed.focus');
    await vscode.commands.executeCommand('rigs.queue.focus');
  });

  it('only runs commands that Rigs contributes', async () => {
    await vscode.extensions.getExtension('rigs.rigs')?.activate();
    const known = await vscode.commands.getCommands(true);
    const used = [
      commands.showBead,
      commands.showTerminal,
      commands.showDiff,
      commands.approveLanding,
      commands.retryLanding,
      commands.ejectFromQueue,
    ];
    deepEqual(
      used.filter((command) => !known.includes(command)),
      [],
    );
  });
});
