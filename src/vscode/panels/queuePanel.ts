import type * as vscode from 'vscode';
import { parseBeadId, parseRequestId } from '../../town/ids.ts';
import { type MergeRequest, openStages } from '../../town/mergeRequest.ts';
import { type CommandId, commands } from '../contract.ts';
import { Disposables } from '../disposables.ts';
import { checkMessage } from '../messages/check.ts';
import { type FromQueue, type QueueAction, type ToQueue, fromQueue } from '../messages/queue.ts';
import { rigKey } from '../subject.ts';
import { type Throttled, throttled } from '../throttle.ts';
import type { PanelDeps } from './deps.ts';
import { updateEveryMs } from './feedPanel.ts';
import { outputFile } from './outputFile.ts';
import { showPage } from './page.ts';
import { queueMessage } from './queueRows.ts';
import { queueWords } from './queueWords.ts';
import { closedNotes, findRig, openRigs } from './rigs.ts';

/** The merge queue of the open rigs, with what a person can do about each request. */
export function createQueueView(deps: PanelDeps): vscode.WebviewViewProvider {
  return {
    resolveWebviewView(view) {
      const session = new QueueSession(deps, view);
      view.onDidDispose(() => {
        session.dispose();
      });
      showPage(view.webview, deps.extensionUri, {
        bundle: 'queue',
        title: deps.translate('Merge Queue'),
        language: deps.language,
        words: queueWords(deps.translate),
      });
    },
  };
}

/** What a button of the queue runs; nothing else can be run from there. */
const actionCommands: Readonly<Record<QueueAction, CommandId>> = {
  approve: commands.approveLanding,
  diff: commands.showDiff,
  retry: commands.retryLanding,
  eject: commands.ejectFromQueue,
};

/** A request that left the queue cannot be proven again: what is retried is the work of its bead. */
function commandFor(action: QueueAction, request: MergeRequest | undefined): CommandId {
  const left = request !== undefined && !openStages.includes(request.stage);
  return action === 'retry' && left ? commands.retryBead : actionCommands[action];
}

/** One life of the view. Every message is the complete queue, so a lost one costs nothing. */
class QueueSession {
  private readonly deps: PanelDeps;
  private readonly view: vscode.WebviewView;
  private readonly owned = new Disposables();
  private readonly update: Throttled;
  private ready = false;

  constructor(deps: PanelDeps, view: vscode.WebviewView) {
    this.deps = deps;
    this.view = view;
    this.update = throttled(updateEveryMs, () => {
      this.send();
    });
    this.owned.add(this.update);
    this.owned.add(view.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this.owned.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.ready = false; // its page is gone; the next one says `ready`
      }),
    );
    // The town tells of rigs that open and close and of every change inside them.
    this.owned.add(deps.town.onDidChange(this.update));
  }

  dispose(): void {
    this.ready = false;
    this.owned.dispose();
  }

  private send(): void {
    if (!this.ready) return;
    const { town, translate } = this.deps;
    const message: ToQueue = queueMessage(openRigs(town), closedNotes(town, translate), translate);
    void this.view.webview.postMessage(message);
  }

  private async receive(message: unknown): Promise<void> {
    const checked = checkMessage(fromQueue, message);
    if (!checked.ok) {
      this.deps.log.warn(`The merge queue's page sent something else than agreed (${checked.why}).`);
      return;
    }
    await this.answer(checked.value);
  }

  private async answer(message: FromQueue): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.update();
        return;
      case 'act':
        return this.act(message);
      case 'bead':
        return this.showBead(message);
      case 'output':
        return this.showOutput(message);
      case 'rejected':
        this.deps.log.warn(`The merge queue's page rejected a message (${message.why}).`);
    }
  }

  private async act(wish: Extract<FromQueue, { type: 'act' }>): Promise<void> {
    const rig = findRig(this.deps.town, wish.rig);
    const request = parseRequestId(wish.request);
    if (rig === null || request === null) return;
    try {
      const command = commandFor(wish.action, rig.rig.control.state.requests[request]);
      await this.deps.run(command, { kind: 'request', rig: rigKey(rig.rig), request });
    } finally {
      this.update(); // the button waits for word, also when nothing changed
    }
  }

  private async showBead(link: Extract<FromQueue, { type: 'bead' }>): Promise<void> {
    const rig = findRig(this.deps.town, link.rig);
    const bead = parseBeadId(link.id);
    if (rig !== null && bead !== null)
      await this.deps.run(commands.showBead, { kind: 'bead', rig: rigKey(rig.rig), bead });
  }

  private async showOutput(link: Extract<FromQueue, { type: 'output' }>): Promise<void> {
    const rig = findRig(this.deps.town, link.rig);
    const request = parseRequestId(link.request);
    if (rig === null || request === null) return;
    const { state, store } = rig.rig.control;
    const file = await outputFile(store.folder, state.requests[request], link.check);
    if (file !== null) await this.deps.openFile(file);
    else this.deps.log.warn(`There is no output any more for check ${link.check} of ${request}.`);
  }
}
