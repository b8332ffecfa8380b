import { parseDay, weekdays } from './calendar.js';
import { AlmanacError } from './errors.js';

const units = ['day', 'week', 'month', 'year'];

/** What may follow `every N UNIT`, by the word it begins with. */
const clauses = new Map([
  ['on', readOn],
  ['until', readUntil],
  ['for', readTimes],
]);

/** Reads a rule such as 'every 2 weeks on mon, thu until 2026-12-31'. */
export function parseRule(text) {
  const words = text.toLowerCase().replaceAll(',', ' ').trim().split(/\s+/);
  if (words.shift() !== 'every') throw new AlmanacError(`A rule begins with "every", unlike "${text}".`);
  const rule = {
    every: readEvery(words),
    unit: readUnit(words),
    weekdays: [],
    dates: [],
    until: null,
    times: null,
  };
  while (words.length > 0) {
    const word = words.shift();
    const read = clauses.get(word) ?? unexpected(word, [...clauses.keys()]);
    read(rule, words);
  }
  return checked(rule);
}

function readEvery(words) {
  if (!/^\d+$/.test(words[0] ?? '')) return 1;
  const every = Number(words.shift());
  if (every === 0) throw new AlmanacError('A rule cannot repeat every 0 days, weeks, months or years.');
  return every;
}

function readUnit(words) {
  const word = words.shift() ?? '';
  const unit = units.find((name) => word === name || word === `${name}s`);
  return unit ?? unexpected(word, units);
}

function readOn(rule, words) {
  const before = words.length;
  while (words.length > 0) {
    const word = words[0];
    const date = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word);
    if (weekdays.includes(word)) rule.weekdays.push(weekdays.indexOf(word));
    else if (date !== null) rule.dates.push(Number(date[1]));
    else if (word !== 'the') break;
    words.shift();
  }
  if (words.length === before) unexpected(words[0] ?? '', weekdays);
}

function readUntil(rule, words) {
  rule.until = parseDay(words.shift() ?? '');
}

function readTimes(rule, words) {
  const [times, word] = words.splice(0, 2);
  if (!/^[1-9]\d*$/.test(times ?? '') || !/^times?$/.test(word ?? '')) {
    throw new AlmanacError('"for" is followed by a number of times, as in "for 5 times".');
  }
  rule.times = Number(times);
}

/** Puts the days in order and refuses what no calendar can do. */
function checked(rule) {
  if (rule.weekdays.length > 0 && rule.unit !== 'week') {
    throw new AlmanacError('Weekdays go with weeks: every week on mon.');
  }
  if (rule.dates.length > 0 && rule.unit !== 'month') {
    throw new AlmanacError('Dates go with months: every month on the 15th.');
  }
  const impossible = rule.dates.find((date) => date === 0 || date > 31);
  if (impossible !== undefined) throw new AlmanacError(`No month has a day ${impossible}.`);
  rule.weekdays = inOrder(rule.weekdays);
  rule.dates = inOrder(rule.dates);
  return rule;
}

function inOrder(numbers) {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function unexpected(word, choices) {
  const found = word === '' ? 'The rule ends too early' : `"${word}" is not expected here`;
  throw new AlmanacError(`${found}; it could be ${choices.join(', ')}.`);
}
