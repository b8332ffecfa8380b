const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Time of day, with the date when it was not today. */
export function shortInstant(at: number, now: number): string {
  const today = day.format(now);
  const date = day.format(at);
  return date === today ? clock.format(at) : `${date} ${clock.format(at)}`;
}

export function fullInstant(at: number): string {
  return whole.format(at);
}
