import type * as vscode from 'vscode';
import { parseBeadId, parseRequestId } from '../../town/ids.ts';
import { type MergeRequest, openStages } from '../../town/mergeRequest.ts';
import { type CommandId, commands } from '../contract.ts';
import { Disposables } from '../disposables.ts';
import { checkMessage } from '../messages/check.ts';
import { type FromQueue, type QueueAction, type ToQueue, fromQueue } from '../messages/queue.ts';
import type { OutputSource } from '../messages/queueOutput.ts';
import { rigKey } from '../subject.ts';
import { type Throttled, throttled } from '../throttle.ts';
import type { PanelDeps } from './deps.ts';
import { updateEveryMs } from './feedPanel.ts';
import { type FoundOutput, findOutput } from './outputFile.ts';
import { OutputFollower } from './outputFollower.ts';
import { showPage } from './page.ts';
import { QueueConflicts } from './queueConflicts.ts';
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
  land: commands.landNow,
  send: commands.sendReview,
  diff: commands.showDiff,
  retry: commands.retryLanding,
  front: commands.moveToFront,
  eject: commands.ejectFromQueue,
  pull: commands.openPullRequest,
  convoy: commands.approveConvoy,
};

const turns = { pause: commands.pauseQueue, resume: commands.resumeQueue } as const;

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
  private readonly output: OutputFollower;
  private readonly conflicts: QueueConflicts;
  private ready = false;

  constructor(deps: PanelDeps, view: vscode.WebviewView) {
    this.deps = deps;
    this.view = view;
    this.update = throttled(updateEveryMs, () => {
      this.send();
    });
    this.owned.add(this.update);
    this.output = new OutputFollower((error) => {
      deps.log.error('The output of a check could not be read.', error);
    });
    this.conflicts = new QueueConflicts({
      ...deps,
      now: () => deps.view().now,
      tell: (message) => {
        this.post(message);
      },
    });
    this.owned.add(view.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this.owned.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.leave(); // its page is gone; the next one says `ready`
      }),
    );
    // The town tells of rigs that open and close and of every change inside them.
    this.owned.add(deps.town.onDidChange(this.update));
  }

  dispose(): void {
    this.leave();
    this.owned.dispose();
  }

  private leave(): void {
    this.ready = false;
    this.output.leave();
  }

  private send(): void {
    if (!this.ready) return;
    const { town, translate, view } = this.deps;
    this.post(queueMessage(openRigs(town), closedNotes(town, translate), translate, view().now));
    this.conflicts.look();
  }

  private post(message: ToQueue): void {
    if (this.ready) void this.view.webview.postMessage(message);
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
        this.output.leave();
        this.conflicts.forget();
        this.update();
        return;
      case 'act':
        return this.act(message);
      case 'bead':
        return this.showBead(message);
      case 'turn':
        return this.turn(message);
      case 'forget':
        return this.forget(message);
      case 'follow':
        this.follow(message);
        return;
      case 'leave':
        this.output.leave();
        return;
      case 'open':
        return this.openOutput(message.source);
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

  private async turn({ to, rig: key }: Extract<FromQueue, { type: 'turn' }>): Promise<void> {
    const rig = findRig(this.deps.town, key);
    try {
      if (rig !== null) await this.deps.run(turns[to], { kind: 'rig', rig: rigKey(rig.rig) });
    } finally {
      this.update();
    }
  }

  private async forget({ rig: key, flaky }: Extract<FromQueue, { type: 'forget' }>): Promise<void> {
    const rig = findRig(this.deps.town, key);
    try {
      if (rig !== null)
        await this.deps.run(commands.forgetFlaky, { kind: 'flaky', rig: rigKey(rig.rig), flaky });
    } finally {
      this.update();
    }
  }

  private follow({ following, source }: Extract<FromQueue, { type: 'follow' }>): void {
    this.output.follow({
      number: following,
      find: () => this.find(source),
      told: (piece) => {
        this.post(piece);
      },
    });
  }

  private async openOutput(source: OutputSource): Promise<void> {
    const { file } = await this.find(source);
    if (file !== null) await this.deps.openFile(file);
    else this.deps.log.warn(`There is no output any more of ${JSON.stringify(source)}.`);
  }

  private async find(source: OutputSource): Promise<FoundOutput> {
    const rig = findRig(this.deps.town, source.rig);
    if (rig === null) return { file: null, live: false };
    const { state, store } = rig.rig.control;
    return findOutput(store.folder, state, source);
  }
}
