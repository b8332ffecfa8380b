import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { BatchWords, RigHead } from '../vscode/messages/queueBatch.ts';
import { element, filled, icon } from './dom.ts';
import { fullInstant, shortInstant } from './instants.ts';
import { placeKeyed } from './keyed.ts';
import { BatchView } from './queueBatch.ts';
import { keepTimeLeft, tellTimeLeft } from './timeLeft.ts';

interface RigPart {
  readonly root: HTMLElement;
  readonly bar: HTMLElement;
  readonly batch: BatchView;
}

/** Of each rig: whether its queue goes on, with the button that turns it, and the batch under proof. */
export class QueueHeads {
  readonly root = element('div', { class: 'heads' });
  private readonly words: BatchWords;
  private readonly since: string;
  private rigs = new Map<string, RigPart>();

  constructor(words: BatchWords, since: string) {
    this.words = words;
    this.since = since;
    keepTimeLeft(this.root, words);
  }

  show(heads: readonly RigHead[], severalRigs: boolean): void {
    const next = new Map<string, RigPart>();
    for (const head of heads) {
      const part = this.rigs.get(head.rig) ?? this.newPart(head);
      placeKeyed(part.bar, [this.bar(head, severalRigs)]);
      part.batch.show(head.batch, head.rig);
      next.set(head.rig, part);
    }
    this.rigs = next;
    placeKeyed(
      this.root,
      [...next.values()].map(({ root }) => root),
    );
    tellTimeLeft(this.root, this.words);
  }

  private newPart({ rig, rigName }: RigHead): RigPart {
    const bar = element('div');
    const batch = new BatchView(this.words, this.since);
    const root = element(
      'section',
      { class: 'rig-queue', 'aria-label': rigName, 'data-key': rig },
      bar,
      batch.root,
    );
    return { root, bar, batch };
  }

  private bar(head: RigHead, severalRigs: boolean): HTMLElement {
    const name = severalRigs ? [element('strong', { class: 'title' }, head.rigName)] : [];
    if (head.paused === null) {
      return element(
        'div',
        { class: 'bar', 'data-key': 'bar' },
        ...name,
        element('span', { class: 'quiet' }, head.text),
        this.button('pause', head.rig),
      );
    }
    const { why, byPerson, since } = head.paused;
    const time = filled(this.since, { time: shortInstant(since, Date.now()) });
    return element(
      'div',
      { class: byPerson ? 'bar paused' : 'bar paused stopped', 'data-key': 'bar', role: 'status' },
      icon(byPerson ? 'debug-pause' : 'warning', byPerson ? 'info' : 'warning'),
      ...name,
      element('span', { class: 'why' }, why),
      element('span', { class: 'quiet', title: fullInstant(since) }, time),
      this.button('resume', head.rig),
    );
  }

  private button(to: 'pause' | 'resume', rig: string): HTMLElement {
    const { pause, pauseHint, resume, resumeHint } = this.words;
    const button = element(to === 'resume' ? 'vscode-button' : 'vscode-toolbar-button', {
      'data-do': `turn ${to}`,
      'data-rig': rig,
      title: to === 'resume' ? resumeHint : pauseHint,
    });
    button.icon = to === 'resume' ? 'debug-start' : 'debug-pause';
    button.append(element('span', { class: 'label' }, to === 'resume' ? resume : pause));
    return button;
  }
}
