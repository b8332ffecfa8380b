import type uPlot from 'uplot';
import type { DrawnGauge } from '../vscode/messages/tanks.ts';

type Values = (number | null)[];

/** The series of a chart over the same instants; null where one says nothing. */
export interface Curve {
  readonly at: number[];
  readonly past: Values;
  readonly likely: Values;
  readonly least: Values;
  readonly most: Values;
}

/** What was and what is expected meet now: that instant has both. */
export function curveOf({ past, ahead }: Pick<DrawnGauge, 'past' | 'ahead'>): Curve {
  const later = ahead.filter((one) => one.at > (past.at(-1)?.at ?? 0));
  const now = ahead.length > later.length ? (ahead[0] ?? null) : null;
  const before: Values = past.map(() => null);
  const expected = (of: 'likely' | 'least' | 'most'): Values => [
    ...before.slice(0, -1),
    now?.[of] ?? null,
    ...later.map((one) => one[of]),
  ];
  return {
    at: [...past.map(({ at }) => at), ...later.map(({ at }) => at)],
    past: [...past.map(({ left }) => left), ...later.map(() => null)],
    likely: expected('likely'),
    least: expected('least'),
    most: expected('most'),
  };
}

export function seriesOf({ at, past, likely, least, most }: Curve): uPlot.AlignedData {
  return [at, past, likely, least, most];
}

const hour = 3_600_000;

/** From the first reading to the reset, with a little room for its mark; never without width. */
export function spanOf({ past, ahead, resetsAt }: DrawnGauge): readonly [from: number, to: number] {
  const now = past.at(-1)?.at ?? 0;
  const from = past[0]?.at ?? now;
  const to = Math.max(now, ahead.at(-1)?.at ?? now, resetsAt ?? now);
  const least = Math.max(to - from, hour);
  return [Math.min(from, to - least), to + least * 0.04];
}

/** Instants that are close enough to a whole to read off an axis: an hour of a day, or a day. */
export function axisTime(at: number, stepMs: number): string {
  const format = stepMs < 24 * hour ? time : day;
  return format.format(at);
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
