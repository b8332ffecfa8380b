import { formatDay, parseDay } from './calendar.js';
import { periods } from './periods.js';
import { pick } from './pick.js';

const lastDay = parseDay('9999-12-31');

/**
 * The dates of a rule that begins on `start`, as ISO dates, from `from` on. Endless when the rule is, up to the
 * year 9999; take what you need.
 */
export function* occurrences(rule, start, { from = start } = {}) {
  const begin = parseDay(start);
  const earliest = Math.max(parseDay(from), begin);
  const latest = Math.min(rule.until ?? lastDay, lastDay);
  // Who counts has to begin at the beginning.
  const visible = rule.times === null ? earliest : begin;
  let left = rule.times ?? Infinity;
  for (const period of periods(rule, begin, visible)) {
    if (period.first > latest) return;
    for (const day of pick(rule, period, begin)) {
      if (day < begin) continue;
      if (day > latest || left === 0) return;
      left -= 1;
      if (day >= earliest) yield formatDay(day);
    }
  }
}
