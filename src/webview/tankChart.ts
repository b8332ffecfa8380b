import uPlot from 'uplot';
import type { ChartWords, DrawnGauge } from '../vscode/messages/tanks.ts';
import { plainText } from '../vscode/messages/plainText.ts';
import { isHighContrast, levelColor, themeColor, themeFont } from './chartColors.ts';
import { element, filled, setText } from './dom.ts';
import { shortInstant } from './instants.ts';
import { axisTime, curveOf, seriesOf, spanOf } from './tankCurve.ts';
import { drawMarks, markRoom } from './tankMarks.ts';

const noWidth = 40;
/** Of the level's colour: below the likely course, and once more between its edges. */
const shades = { course: 0.1, spread: 0.2 };

/** One gauge over time, with its figures in words for the eye, the keyboard and the screen reader. */
export class TankChart {
  readonly root: HTMLElement;
  private readonly words: ChartWords;
  private readonly tank = element('span', { class: 'tank' });
  private readonly limit = element('span', { class: 'limit' });
  private readonly summary = element('span', { class: 'summary quiet' });
  private readonly place = element('div', { class: 'plot', 'aria-hidden': 'true' });
  private readonly reading = element('output', { class: 'reading quiet' });
  private readonly table = element('tbody');
  private readonly resized: ResizeObserver;
  private plot: uPlot | null = null;
  private gauge: DrawnGauge;

  constructor(gauge: DrawnGauge, words: ChartWords) {
    this.gauge = gauge;
    this.words = words;
    this.root = element(
      'figure',
      { tabindex: '0', 'aria-description': words.hint },
      element('figcaption', {}, this.tank, ' · ', this.limit, ' ', this.summary, this.reading),
      this.place,
      element('table', { class: 'unseen' }, this.table),
    );
    this.root.addEventListener('keydown', (event) => {
      this.press(event);
    });
    this.root.addEventListener('blur', () => {
      this.point(null);
    });
    this.resized = new ResizeObserver(() => {
      this.fit();
    });
    this.resized.observe(this.place);
    this.show(gauge);
  }

  show(gauge: DrawnGauge): void {
    this.gauge = gauge;
    setText(this.tank, gauge.tank);
    setText(this.limit, gauge.limit);
    setText(this.summary, gauge.summary);
    this.root.ariaLabel = plainText(`${gauge.tank}, ${gauge.limit}, ${gauge.summary}`);
    this.table.replaceChildren(
      ...gauge.facts.map(({ name, value }) =>
        element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)),
      ),
    );
    this.plot?.setData(seriesOf(curveOf(gauge)));
  }

  redraw(): void {
    this.plot?.redraw(false, true);
  }

  remove(): void {
    this.resized.disconnect();
    this.plot?.destroy();
    this.root.remove();
  }

  /** A chart that is folded away has no width, and is made when it gets one. */
  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width < noWidth) return;
    if (this.plot === null) {
      this.plot = new uPlot(this.options(width, height), seriesOf(curveOf(this.gauge)), this.place);
    } else if (this.plot.width !== width || this.plot.height !== height) this.plot.setSize({ width, height });
  }

  private options(width: number, height: number): uPlot.Options {
    const quiet = (): string => themeColor('descriptionForeground', 'foreground');
    const line = (): string => levelColor(this.gauge.level);
    const faint = (): string => themeColor('panel-border', 'widget-border', 'contrastBorder');
    const edge = { stroke: line, width: 1, dash: [2, 3], points: { show: false } };
    const axis = { stroke: quiet, font: themeFont(11), ticks: { show: false } };
    return {
      width,
      height,
      ms: 1,
      legend: { show: false },
      padding: [markRoom, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: true, range: () => [...spanOf(this.gauge)] }, y: { range: [0, 1] } },
      axes: [
        {
          ...axis,
          size: 22,
          gap: 6,
          space: 64,
          grid: { show: false },
          values: (_, instants, _axis, _space, step) => instants.map((at) => axisTime(at, step)),
        },
        {
          ...axis,
          size: 42,
          grid: { stroke: faint, width: 1, dash: [1, 3] },
          splits: () => [0, 0.5, 1],
          values: (_, parts) => parts.map((part) => `${String(part * 100)}%`),
        },
      ],
      series: [
        {},
        { stroke: line, width: 2, points: { show: (_, __, from, to) => to - from < 2, size: 6, fill: line } },
        {
          ...{ stroke: line, width: 2, dash: [6, 4], points: { show: false } },
          fill: () => this.shading('course'),
        },
        edge,
        edge,
      ],
      bands: [{ series: [4, 3], fill: () => this.shading('spread') }],
      hooks: {
        draw: [
          (plot) => {
            drawMarks(plot, this.gauge, this.words);
          },
        ],
        setCursor: [
          (plot) => {
            this.read(plot.cursor.idx ?? null);
          },
        ],
      },
    };
  }

  /** In high contrast dashes and edges alone say what is expected: a shade would dim what stands on it. */
  private shading(of: keyof typeof shades): string {
    if (isHighContrast()) return 'transparent';
    const canvas = element('canvas').getContext('2d');
    if (canvas === null) return 'transparent';
    canvas.fillStyle = levelColor(this.gauge.level);
    const color = canvas.fillStyle;
    return /^#[0-9a-f]{6}$/i.test(color)
      ? `${color}${Math.round(shades[of] * 255)
          .toString(16)
          .padStart(2, '0')}`
      : 'transparent';
  }

  private press(event: KeyboardEvent): void {
    const last = curveOf(this.gauge).at.length - 1;
    const here = this.plot?.cursor.idx ?? this.gauge.past.length - 1;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last, Escape: null }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.point(to === null ? null : Math.min(last, Math.max(0, to)));
  }

  private point(index: number | null): void {
    const { plot } = this;
    if (plot === null) return;
    const at = index === null ? undefined : curveOf(this.gauge).at[index];
    plot.setCursor(at === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(at, 'x'), top: 0 });
  }

  private read(index: number | null): void {
    const curve = curveOf(this.gauge);
    const at = index === null ? undefined : curve.at[index];
    this.reading.textContent = index === null || at === undefined ? '' : this.readingOf(index, at);
    // One stands in for the other, so that nothing moves under the pointer.
    this.summary.hidden = this.reading.textContent !== '';
  }

  private readingOf(index: number, at: number): string {
    const curve = curveOf(this.gauge);
    const percent = (part: number | null | undefined): number => Math.round((part ?? 0) * 100);
    const time = shortInstant(at, Date.now());
    const past = curve.past[index];
    if (past != null) return filled(this.words.left, { time, percent: percent(past) });
    const { likely, least, most } = curve;
    return filled(this.words.expected, {
      time,
      likely: percent(likely[index]),
      least: percent(least[index]),
      most: percent(most[index]),
    });
  }
}
