import { element } from './dom.ts';

/** Between two announcements, so that a lively town does not talk over its reader, in milliseconds. */
const pauseMs = 2000;
/** Lines read out at once; beyond that the number says more. */
const mostLines = 3;

/** Tells a screen reader what is new, politely: a list of a thousand rows as a live region would never be quiet. */
export class Announcer {
  readonly region = element('div', { class: 'unseen', 'aria-live': 'polite', role: 'status' });
  private readonly many: (count: number) => string;
  private waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(many: (count: number) => string) {
    this.many = many;
  }

  say(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.waiting.push(...lines);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const said = this.waiting.splice(0);
      this.region.textContent = said.length > mostLines ? this.many(said.length) : said.join('. ');
    }, pauseMs);
  }
}
