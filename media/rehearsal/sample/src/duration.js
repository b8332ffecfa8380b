import { AlmanacError } from './errors.js';

const secondsIn = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Seconds in a duration such as '1h 30m' or '2d'. */
export function parseDuration(text) {
  // TODO: accept ISO 8601 durations such as PT1H30M
  const trimmed = text.trim();
  if (!/^(\d+[wdhms]\s*)+$/.test(trimmed)) {
    throw new AlmanacError(`"${text}" is not a duration like 1h 30m.`);
  }
  let seconds = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+)([wdhms])/g)) {
    seconds += Number(amount) * secondsIn[unit];
  }
  return seconds;
}

/** Seconds as a duration, largest unit first: 5400 is '1h 30m'. */
export function formatDuration(seconds) {
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw new AlmanacError(`A duration is a whole number of seconds, not ${seconds}.`);
  }
  const parts = [];
  let rest = seconds;
  for (const [unit, size] of Object.entries(secondsIn)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount}${unit}`);
  }
  return parts.length === 0 ? '0s' : parts.join(' ');
}
