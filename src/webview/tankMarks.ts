import type uPlot from 'uplot';
import type { ChartWords, DrawnGauge } from '../vscode/messages/tanks.ts';
import { levelColor, themeColor, themeFont } from './chartColors.ts';

interface Mark {
  readonly at: number;
  readonly word: string;
  readonly color: string;
  readonly dash: readonly number[];
}

/** Where the account is full again, and where it is dry before: each a line with its word, told apart by more than colour. */
function marksOf({ resetsAt, dryAt }: DrawnGauge, words: ChartWords): readonly Mark[] {
  const reset =
    resetsAt === null
      ? []
      : [{ at: resetsAt, word: words.reset, color: themeColor('descriptionForeground'), dash: [6, 4] }];
  if (dryAt === null) return reset;
  const { earliest, likely } = dryAt;
  const word = likely === null ? words.mayBeDry : words.dry;
  return [{ at: likely ?? earliest, word, color: levelColor('red'), dash: [2, 3] }, ...reset];
}

/** Pixels above the curves that the words have. */
export const markRoom = 16;

/** Draws the marks over the curves, each with its word above; of two words that would meet the earlier gives way. */
export function drawMarks(plot: uPlot, gauge: DrawnGauge, words: ChartWords): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const gap = 6 * scale;
  let end = bbox.left + bbox.width;
  ctx.save();
  ctx.font = themeFont(11 * scale);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.lineWidth = scale;
  for (const { at, word, color, dash } of marksOf(gauge, words).toReversed()) {
    const x = Math.round(plot.valToPos(at, 'x', true)) + scale / 2;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = color;
    ctx.setLineDash(dash.map((one) => one * scale));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const { width } = ctx.measureText(word);
    const left = Math.min(x - width / 2, end - width);
    ctx.fillStyle = themeColor('foreground');
    ctx.fillText(word, left, bbox.top - 2 * scale);
    end = left - gap;
  }
  ctx.restore();
}
