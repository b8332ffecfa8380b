import type { ChartWords, TanksDrawn } from '../vscode/messages/tanks.ts';
import { plainText } from '../vscode/messages/plainText.ts';
import { onThemeChange } from './chartColors.ts';
import { element, filled, icon, setText } from './dom.ts';
import { TankChart } from './tankChart.ts';

/** What accounts have left, folded away until somebody wants to see it; its heading names the lowest. */
export class TankCharts {
  readonly root = element('details', { class: 'tanks', hidden: true });
  private readonly words: ChartWords;
  private readonly lowest = element('span', { class: 'lowest quiet' });
  private readonly none: HTMLElement;
  private readonly rest = element('p', { class: 'rest quiet', hidden: true });
  private readonly grid = element('div', { class: 'charts' });
  private charts = new Map<string, TankChart>();

  constructor(words: ChartWords, open: boolean, onToggle: () => void) {
    this.words = words;
    this.root.open = open;
    this.none = element('p', { class: 'none quiet' }, words.empty);
    const title = element('span', { class: 'title' }, words.title);
    this.root.append(
      element('summary', {}, icon('chevron-right'), title, this.lowest),
      element('div', { class: 'drawn' }, this.none, this.grid, this.rest),
    );
    this.root.addEventListener('toggle', onToggle);
    onThemeChange(() => {
      for (const chart of this.charts.values()) chart.redraw();
    });
  }

  show({ gauges, hidden, lowest }: TanksDrawn): void {
    this.root.hidden = false;
    setText(this.lowest, lowest);
    this.lowest.title = plainText(lowest);
    this.none.hidden = gauges.length > 0;
    this.rest.hidden = hidden === 0;
    this.rest.textContent = filled(this.words.hidden, { count: hidden });
    const next = new Map<string, TankChart>();
    for (const gauge of gauges) {
      const chart = this.charts.get(gauge.id) ?? new TankChart(gauge, this.words);
      chart.show(gauge);
      next.set(gauge.id, chart);
    }
    for (const [id, chart] of this.charts) if (!next.has(id)) chart.remove();
    this.charts = next;
    this.place([...next.values()].map(({ root }) => root));
  }

  /** What stays where it is is not touched: moving it takes the focus from it. */
  private place(figures: readonly HTMLElement[]): void {
    for (const [index, figure] of figures.entries()) {
      const there = this.grid.children[index] ?? null;
      if (there !== figure) this.grid.insertBefore(figure, there);
    }
  }
}
