import type * as vscode from 'vscode';
import type { Notice } from '../../ports/notices.ts';
import { commands } from '../contract.ts';
import { Disposables } from '../disposables.ts';
import { checkMessage } from '../messages/check.ts';
import { type FeedRow, type FromFeed, type ToFeed, feedLimit, fromFeed } from '../messages/feed.ts';
import { parseBeadId, parsePolecatId, parseRequestId } from '../../town/ids.ts';
import { type Subject, rigKey } from '../subject.ts';
import { type Throttled, throttled } from '../throttle.ts';
import type { PanelDeps } from './deps.ts';
import { type FeedHistory, createFeedHistory } from './feedHistory.ts';
import { feedWords } from './feedWords.ts';
import { showPage } from './page.ts';
import { type KeyedRig, findRig, openRigs } from './rigs.ts';
import { tanksMessage } from './tankCharts.ts';

/** Updates of a panel a second, at most ten. */
export const updateEveryMs = 100;
/** What is left changes slowly. */
const drawEveryMs = 500;

/** The feed: what happens in the open rigs, as it happens. */
export function createFeedView(deps: PanelDeps): vscode.WebviewViewProvider {
  return {
    resolveWebviewView(view) {
      const session = new FeedSession(deps, view);
      view.onDidDispose(() => {
        session.dispose();
      });
      showPage(view.webview, deps.extensionUri, {
        bundle: 'feed',
        title: deps.translate('Feed'),
        language: deps.language,
        words: feedWords(deps.translate),
      });
    },
  };
}

/** One life of the view. The page may be thrown away and made anew in it: each says `ready` and gets a snapshot. */
class FeedSession {
  private readonly deps: PanelDeps;
  private readonly view: vscode.WebviewView;
  private readonly history: FeedHistory;
  private readonly owned = new Disposables();
  private readonly flush: Throttled;
  private readonly drawTanks: Throttled;
  private stopListening: (() => void)[] = [];
  /** Heard since the view is there; it bridges the moment until the store has them. */
  private live: FeedRow[] = [];
  private unsent: FeedRow[] = [];
  private sequence = 0;
  private state: 'absent' | 'loading' | 'ready' = 'absent';
  private reload = false;
  /** What the page was last told of tanks. */
  private drawn = '';

  constructor(deps: PanelDeps, view: vscode.WebviewView) {
    this.deps = deps;
    this.view = view;
    this.history = createFeedHistory(deps);
    this.flush = throttled(updateEveryMs, () => {
      this.sendUnsent();
    });
    this.owned.add(this.flush);
    this.drawTanks = throttled(drawEveryMs, () => {
      this.sendTanks();
    });
    this.owned.add(this.drawTanks);
    this.owned.add(deps.town.onDidChange(this.drawTanks));
    this.owned.add(view.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this.owned.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.state = 'absent'; // its page is gone; the next one says `ready`
      }),
    );
    this.owned.add(
      deps.town.onDidChange(() => {
        this.rigsChanged();
      }),
    );
    this.listen();
  }

  dispose(): void {
    this.state = 'absent';
    this.hushAll();
    this.owned.dispose();
  }

  private known = '';

  /** `onDidChange` also tells of every change inside a rig, which is no news here: notices tell it themselves. */
  private rigsChanged(): void {
    if (this.known === this.rigsNow()) return;
    this.listen();
    if (this.state !== 'absent') void this.sendSnapshot();
  }

  private rigsNow(): string {
    return JSON.stringify(
      this.deps.town.rigs.map((rig) => [
        rig.kind,
        rig.name,
        rigKey(rig),
        rig.kind === 'closed' ? rig.problem : '',
      ]),
    );
  }

  private listen(): void {
    this.hushAll();
    this.known = this.rigsNow();
    this.stopListening = openRigs(this.deps.town).map((rig) =>
      rig.rig.control.onNotice((notice) => {
        this.hear(rig, notice);
      }),
    );
  }

  private hushAll(): void {
    for (const stop of this.stopListening.splice(0)) stop();
  }

  private hear(rig: KeyedRig, notice: Notice): void {
    const row = this.history.rowOf(rig, notice);
    this.live = [...this.live, row].slice(-feedLimit);
    if (this.state === 'absent') return;
    this.unsent = [...this.unsent, row].slice(-feedLimit);
    this.flush();
  }

  private sendUnsent(): void {
    if (this.state !== 'ready' || this.unsent.length === 0) return;
    this.sequence += 1;
    this.post({ type: 'rows', seq: this.sequence, rows: this.unsent.splice(0) });
  }

  /** Nothing as long as nothing of it changes, which is how it stays where no tank is known. */
  private sendTanks(): void {
    if (this.state === 'absent') return;
    const message = tanksMessage(this.deps.view());
    const drawn = JSON.stringify(message);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.post(message);
  }

  private async sendSnapshot(): Promise<void> {
    if (this.state === 'loading') {
      this.reload = true;
      return;
    }
    this.state = 'loading';
    const { rows, more, notes } = await this.history.newest(this.live);
    if (this.isGone()) return;
    const shown = new Set(rows.map((row) => row.id));
    this.unsent = this.unsent.filter((row) => !shown.has(row.id));
    this.sequence += 1;
    this.state = 'ready';
    this.post({
      type: 'snapshot',
      seq: this.sequence,
      rows: [...rows],
      more,
      severalRigs: this.deps.town.rigs.length > 1,
      notes: [...notes],
    });
    if (this.reload) {
      this.reload = false;
      await this.sendSnapshot();
    } else this.flush();
  }

  /** The page went away while its snapshot was read. */
  private isGone(): boolean {
    return this.state !== 'loading';
  }

  private async receive(message: unknown): Promise<void> {
    const checked = checkMessage(fromFeed, message);
    if (!checked.ok) {
      this.deps.log.warn(`The feed's page sent something else than agreed (${checked.why}).`);
      return;
    }
    await this.answer(checked.value);
  }

  private async answer(message: FromFeed): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.drawn = '';
        await this.sendSnapshot();
        this.sendTanks();
        return;
      case 'older': {
        const { rows, more } = await this.history.older(message.before);
        if (this.state === 'ready') this.post({ type: 'older', rows: [...rows], more });
        return;
      }
      case 'open':
        return this.open(message);
      case 'rejected':
        this.deps.log.warn(`The feed's page rejected a message (${message.why}).`);
    }
  }

  private async open(link: Extract<FromFeed, { type: 'open' }>): Promise<void> {
    const found = findRig(this.deps.town, link.rig);
    const subject = found === null ? null : subjectOf(rigKey(found.rig), link);
    if (subject !== null) await this.deps.run(openers[link.what], subject);
  }

  private post(message: ToFeed): void {
    void this.view.webview.postMessage(message);
  }
}

/** What a link of the feed opens; nothing else can be run from there. */
const openers = {
  bead: commands.showBead,
  polecat: commands.showTerminal,
  request: commands.showDiff,
} as const;

function subjectOf(rig: string, link: Extract<FromFeed, { type: 'open' }>): Subject | null {
  switch (link.what) {
    case 'bead': {
      const bead = parseBeadId(link.id);
      return bead === null ? null : { kind: 'bead', rig, bead };
    }
    case 'polecat': {
      const polecat = parsePolecatId(link.id);
      return polecat === null ? null : { kind: 'polecat', rig, polecat };
    }
    case 'request': {
      const request = parseRequestId(link.id);
      return request === null ? null : { kind: 'request', rig, request };
    }
  }
}
