import type { Instant } from '../../town/ids.ts';

const hourMs = 3_600_000;
const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/**
 * When the Gemini API's quotas for a day begin anew: at midnight Pacific time
 * (https://ai.google.dev/gemini-api/docs/rate-limits). No refusal says so.
 */
export function nextPacificMidnight(now: Instant): Instant {
  const next = now + 24 * hourMs - sinceMidnight(now);
  // A day on which clocks are changed has an hour more or less; midnight itself is never skipped there.
  const off = sinceMidnight(next);
  return off > 12 * hourMs ? next + 24 * hourMs - off : next - off;
}

/** What a clock on a wall there shows, in ms. */
function sinceMidnight(at: Instant): number {
  const shown = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (part: 'hour' | 'minute' | 'second'): number => shown.get(part) ?? 0;
  return of('hour') * hourMs + of('minute') * 60_000 + of('second') * 1_000 + (at % 1_000);
}
