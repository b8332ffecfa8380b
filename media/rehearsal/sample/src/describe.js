import { partsOf } from './calendar.js';

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A rule as a person would say it: 'Every 2 weeks on Monday and Thursday, until 31 December 2026'. */
export function describeRule(rule) {
  const rhythm = rule.every === 1 ? `Every ${rule.unit}` : `Every ${rule.every} ${rule.unit}s`;
  const endings = [
    rule.until === null ? '' : `until ${longDate(rule.until)}`,
    rule.times === null ? '' : countOf(rule.times),
  ];
  return [rhythm + daysOf(rule), ...endings.filter((ending) => ending !== '')].join(', ');
}

function daysOf(rule) {
  if (rule.weekdays.length > 0) return ` on ${list(rule.weekdays.map((index) => weekdayNames[index]))}`;
  if (rule.dates.length > 0) return ` on the ${list(rule.dates.map(ordinal))}`;
  return '';
}

function countOf(times) {
  return times === 1 ? 'once' : `${times} times`;
}

function longDate(day) {
  const { year, month, date } = partsOf(day);
  return `${date} ${monthNames[month - 1]} ${year}`;
}

function ordinal(number) {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
  return `${number}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(number)]}`;
}

function list(words) {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words);
}
