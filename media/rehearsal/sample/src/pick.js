import { dayOf, daysIn, partsOf, weekdayOf } from './calendar.js';

/** Which days of a period a rule means, in order. `start` is the day the rule begins on. */
export function pick(rule, period, start) {
  return pickers[rule.unit](rule, period, start);
}

const pickers = {
  day: (_rule, period) => [period.first],

  week: (rule, period, start) => {
    const chosen = rule.weekdays.length > 0 ? rule.weekdays : [weekdayOf(start)];
    return chosen.map((weekday) => period.first + weekday);
  },

  month: (rule, period, start) => {
    const { year, month } = partsOf(period.first);
    const dates = rule.dates.length > 0 ? rule.dates : [partsOf(start).date];
    const length = daysIn(year, month);
    return dates.filter((date) => date <= length).map((date) => dayOf(year, month, date));
  },

  year: (_rule, period, start) => {
    const { year } = partsOf(period.first);
    const { month, date } = partsOf(start);
    return date <= daysIn(year, month) ? [dayOf(year, month, date)] : [];
  },
};
