import type { Instant } from '../town/ids.ts';
import type { Translate } from './translate.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds as people say them, in at most two units: `40 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(ms: number, t: Translate): string {
  const whole = Number.isFinite(ms) ? Math.max(0, ms) : 0;
  if (whole < minute) return t('{n} s', { n: Math.round(whole / second) });
  if (whole < hour) return t('{n} min', { n: Math.floor(whole / minute) });
  const days = Math.floor(whole / day);
  const hours = Math.floor((whole % day) / hour);
  const minutes = Math.floor((whole % hour) / minute);
  if (days > 0) return hours === 0 ? t('{n} d', { n: days }) : t('{n} d {hours} h', { n: days, hours });
  return minutes === 0 ? t('{n} h', { n: hours }) : t('{n} h {minutes} min', { n: hours, minutes });
}

/** `in 12 min`, `12 min ago`, `now`. */
export function relative(at: Instant, now: Instant, t: Translate): string {
  const distance = at - now;
  if (Math.abs(distance) < second) return t('now');
  return distance > 0
    ? t('in {duration}', { duration: duration(distance, t) })
    : t('{duration} ago', { duration: duration(-distance, t) });
}

/** Where the person's clock stands; null: as the system is set. A test names one. */
export type Zone = string | null;

/** `14:05` on the same day as `now`, else `2026-03-07 14:05`. */
export function clock(at: Instant, now: Instant | null, zone: Zone = null): string {
  const there = wall(at, zone);
  if (there === null) return '?';
  return now !== null && wall(now, zone)?.date === there.date ? there.time : `${there.date} ${there.time}`;
}

function wall(at: Instant, zone: Zone): { readonly date: string; readonly time: string } | null {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return null;
  // Swedish writes ISO order and a 24-hour clock; the words around it are translated, digits need not be.
  const format = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    ...(zone === null ? {} : { timeZone: zone }),
  });
  const [date = '', time = ''] = format.format(at).split(' ');
  return { date, time };
}
