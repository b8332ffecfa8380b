import type { Forecast } from '../town/forecast.ts';
import { kindOf } from '../town/gaugeKinds.ts';
import type { Instant } from '../town/ids.ts';
import type { Certainty, Gauge, Level, ReadingSource, Tank } from '../town/tank.ts';
import { plain } from './plain.ts';
import { duration, relative } from './times.ts';
import type { Translate, Words } from './translate.ts';

const gauges: Readonly<Partial<Record<string, (t: Translate) => string>>> = {
  '5h': (t) => t('5-hour window'),
  weekly: (t) => t('weekly window'),
  'tokens/day': (t) => t('tokens a day'),
  'requests/day': (t) => t('requests a day'),
  'requests/min': (t) => t('requests a minute'),
  'tokens/min': (t) => t('tokens a minute'),
  'input-tokens/min': (t) => t('input tokens a minute'),
  'output-tokens/min': (t) => t('output tokens a minute'),
  balance: (t) => t('balance'),
  spend: (t) => t('spending limit'),
  concurrency: (t) => t('agents at once'),
};

/** A limit as people call it: `5-hour window`, `weekly window for opus`. */
export function gaugeWords(gauge: string, model: string | null, t: Translate): string {
  const known = Object.hasOwn(gauges, gauge) ? gauges[gauge] : undefined;
  const { window } = kindOf(gauge);
  const name =
    known?.(t) ??
    (window === null ? plain(gauge, 40) : t('window of {duration}', { duration: duration(window, t) }));
  return model === null ? name : t('{limit} for {model}', { limit: name, model: plain(model, 40) });
}

const levels: Words<Level> = {
  green: (t) => t('plenty'),
  yellow: (t) => t('getting low'),
  red: (t) => t('almost empty'),
  empty: (t) => t('empty'),
};

/** A level without its colour. */
export function levelWord(level: Level, t: Translate): string {
  return levels[level](t);
}

const certainties: Words<Certainty> = {
  measured: (t) => t('measured: the vendor said so'),
  counted: (t) => t('counted by Rigs'),
  estimated: (t) => t('estimated: nobody said so yet'),
};

const sources: Words<ReadingSource> = {
  headers: (t) => t('in an answer of its API'),
  statusLine: (t) => t('in its status line'),
  rollout: (t) => t('in its session files'),
  telemetry: (t) => t('in its telemetry'),
  poll: (t) => t('when asked'),
  limitError: (t) => t('when it refused'),
  count: (t) => t('by count'),
  preset: (t) => t('as a preset'),
  person: (t) => t('you set it'),
};

/** How a gauge is known: `measured: the vendor said so, in its status line`. */
export function certaintyWords(
  { certainty, source }: Pick<Gauge, 'certainty' | 'source'>,
  t: Translate,
): string {
  return `${certainties[certainty](t)}, ${sources[source](t)}`;
}

/** The same with how long ago; a preset was never told. */
export function knownWords(
  gauge: Pick<Gauge, 'certainty' | 'source' | 'at'>,
  now: Instant,
  t: Translate,
): string {
  const words = certaintyWords(gauge, t);
  return gauge.source === 'preset' ? words : `${words}, ${relative(gauge.at, now, t)}`;
}

/** Ten places for what is left; something that is left is never drawn as nothing. */
export function bar(left: number): string {
  const whole = Number.isFinite(left) ? Math.min(1, Math.max(0, left)) : 0;
  const full = whole > 0 ? Math.max(1, Math.round(whole * 10)) : 0;
  return '▰'.repeat(full) + '▱'.repeat(10 - full);
}

/** Whole percents; almost nothing is not nothing. */
export function percentOf(left: number): number {
  const whole = Number.isFinite(left) ? Math.min(1, Math.max(0, left)) : 0;
  return whole > 0 ? Math.max(1, Math.round(whole * 100)) : 0;
}

export function percentLeft(left: number, t: Translate): string {
  return t('{percent}% left', { percent: percentOf(left) });
}

/** `dry about 14:05`, `lasts until its reset`; empty where nobody can tell. */
export function dryWords(forecast: Forecast | null, clock: (at: Instant) => string, t: Translate): string {
  if (forecast === null) return '';
  if (forecast.dryAt === null) return forecast.leftAtReset === null ? '' : t('lasts until its reset');
  const { earliest, likely } = forecast.dryAt;
  return likely === null
    ? t('may be dry by {time}', { time: clock(earliest) })
    : t('dry about {time}', { time: clock(likely) });
}

/** `12% an hour`; empty where nobody can tell. */
export function burnWords(forecast: Forecast | null, t: Translate): string {
  if (forecast === null) return '';
  const percent = forecast.burn * 100;
  return t('{percent}% an hour', { percent: percent > 0 && percent < 1 ? '<1' : Math.round(percent) });
}

/** What keeps work out of an account though its gauges would give; empty when nothing does. */
export function heldBackWords(
  { problem, breaker }: Pick<Tank, 'problem' | 'breaker'>,
  now: Instant,
  clock: (at: Instant) => string,
  t: Translate,
): string {
  const detail = plain(problem?.detail ?? '', 120);
  if (problem?.kind === 'auth')
    return detail === '' ? t('does not let Rigs in') : t('does not let Rigs in: {detail}', { detail });
  if (problem?.kind === 'credit')
    return detail === '' ? t('has no credit') : t('has no credit: {detail}', { detail });
  if (breaker.until !== null && breaker.until > now)
    return t('left alone until {time} after {count} errors in a row', {
      time: clock(breaker.until),
      count: breaker.errors,
    });
  return '';
}
