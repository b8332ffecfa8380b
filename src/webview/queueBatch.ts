import type { BatchPlace, BatchRun, BatchWords, DrawnBatch } from '../vscode/messages/queueBatch.ts';
import { Announcer } from './announcer.ts';
import { element, filled, icon, setText } from './dom.ts';
import { fullInstant, shortInstant } from './instants.ts';
import { placeKeyed } from './keyed.ts';
import { timeLeft } from './timeLeft.ts';

type Look = { readonly icon: string; readonly class: string };

const placeLooks: Readonly<Record<BatchPlace['state'], Look>> = {
  landed: { icon: 'git-merge', class: 'good' },
  landing: { icon: 'git-merge', class: 'info' },
  green: { icon: 'pass', class: 'good' },
  suspect: { icon: 'question', class: 'warning' },
  red: { icon: 'error', class: 'error' },
  unknown: { icon: 'circle-outline', class: 'quiet' },
};

const runLooks: Readonly<Record<BatchRun['state'], Look>> = {
  running: { icon: 'beaker', class: 'info' },
  green: { icon: 'pass', class: 'good' },
  known: { icon: 'history', class: 'good' },
  red: { icon: 'error', class: 'error' },
};

/**
 * The line of a batch from left to right as it lands, each run a bar under the requests that it tests: what is green
 * grows from the left, what is red is cut down from the right, until both meet at the culprit.
 */
export class BatchView {
  readonly root = element('div', { class: 'batch', hidden: true });
  private readonly words: BatchWords;
  private readonly since: string;
  private readonly text = element('span');
  private readonly left = element('span');
  private readonly target = element('span', { class: 'target quiet' });
  private readonly line: HTMLElement;
  private readonly runs: HTMLElement;
  private readonly announcer = new Announcer((count) => String(count));
  private known: { readonly batch: number; readonly runs: ReadonlySet<string> } = {
    batch: -1,
    runs: new Set(),
  };

  constructor(words: BatchWords, since: string) {
    this.words = words;
    this.since = since;
    this.line = element('ol', { class: 'line', 'aria-label': words.line });
    this.runs = element('ul', { class: 'runs', 'aria-label': words.runs });
    const drawing = element('div', { class: 'drawing' }, this.target, this.line, this.runs);
    this.root.append(
      element('p', { class: 'doing' }, icon('beaker', 'info'), this.text, this.left),
      drawing,
      this.announcer.region,
    );
  }

  show(batch: DrawnBatch | null, rig: string): void {
    this.root.hidden = batch === null;
    if (batch === null) return;
    setText(this.text, batch.text);
    this.left.replaceChildren(...timeLeft(batch.endsAt));
    setText(this.target, batch.target);
    this.target.title = this.words.alone;
    this.root.style.setProperty('--places', String(Math.max(1, batch.line.length)));
    placeKeyed(
      this.line,
      batch.line.map((place) => placeElement(place, rig)),
    );
    placeKeyed(
      this.runs,
      batch.runs.map((run, index) => this.runElement(run, index, rig, batch.id)),
    );
    for (const [index, run] of batch.runs.entries()) stretch(this.runs.children[index], run.length);
    this.announce(batch);
  }

  private runElement(run: BatchRun, index: number, rig: string, batch: number): HTMLElement {
    const look = runLooks[run.state];
    const when = run.since === null || run.state !== 'running' ? [] : [this.sinceElement(run.since)];
    const output = { class: 'link', type: 'button', 'data-do': `run ${run.length}`, 'data-rig': rig };
    const hint = filled(this.words.output, { run: run.text });
    const button = run.hasOutput
      ? [
          element(
            'button',
            { ...output, 'data-batch': String(batch), title: hint, 'aria-label': hint },
            this.words.runOutput,
          ),
        ]
      : [];
    return element(
      'li',
      { class: `run ${run.state}`, 'data-key': `${run.length}/${index}`, title: run.text },
      element('span', { class: 'span', 'aria-hidden': 'true' }),
      element(
        'span',
        { class: 'said' },
        icon(look.icon, look.class),
        element('span', { class: 'what' }, run.text),
        ...when,
        ...timeLeft(run.endsAt),
        ...button,
      ),
    );
  }

  private sinceElement(since: number): HTMLElement {
    const time = filled(this.since, { time: shortInstant(since, Date.now()) });
    return element('span', { class: 'quiet', title: fullInstant(since) }, time);
  }

  /** What a run gave since the last look; not what was known when the page opened. */
  private announce({ id, runs }: DrawnBatch): void {
    const over = runs.filter(({ state }) => state !== 'running').map(({ text }) => text);
    if (this.known.batch === id) this.announcer.say(over.filter((text) => !this.known.runs.has(text)));
    this.known = { batch: id, runs: new Set(over) };
  }
}

function placeElement(place: BatchPlace, rig: string): HTMLElement {
  const look = placeLooks[place.state];
  return element(
    'li',
    { class: `place ${place.state}`, 'data-key': place.request, title: `${place.title}: ${place.stateText}` },
    element(
      'span',
      { class: 'state' },
      icon(look.icon, look.class),
      element('span', { class: 'word' }, place.stateText),
    ),
    element(
      'button',
      { class: 'link id', type: 'button', 'data-do': 'bead', 'data-rig': rig, 'data-bead': place.bead },
      place.bead,
    ),
    element('span', { class: 'title' }, place.title),
  );
}

/** Over the target and so many of the line. The page's policy knows no style in markup, but one that is set so. */
function stretch(run: Element | undefined, length: number): void {
  if (run instanceof HTMLElement) run.style.setProperty('--length', String(length));
}
