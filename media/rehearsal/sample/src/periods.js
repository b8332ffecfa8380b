import { dayOf, partsOf, weekdayOf } from './calendar.js';

/** The first day of the unit that is `steps` after the one that holds `day`. */
const firstDay = {
  day: (day, steps) => day + steps,
  week: (day, steps) => day - weekdayOf(day) + 7 * steps,
  month: (day, steps) => {
    const { year, month } = partsOf(day);
    return dayOf(year, month + steps, 1);
  },
  year: (day, steps) => dayOf(partsOf(day).year + steps, 1, 1),
};

/**
 * The periods of a rule that begins on day `start`, without those that are over before day `from`. Each has its
 * `first` day and the first day `after` it. They never end.
 */
export function* periods(rule, start, from) {
  const first = firstDay[rule.unit];
  for (let index = 0; ; index += 1) {
    const steps = index * rule.every;
    const after = first(start, steps + 1);
    if (after > from) yield { first: first(start, steps), after };
  }
}
