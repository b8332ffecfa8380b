import { AlmanacError } from './errors.js';

const millisecondsPerDay = 86_400_000;

/** Names as rules spell them, in the order in which a week runs. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The number of a day, counted from 1970-01-01. Months count from 1; day 31 of June is 1 July. */
export function dayOf(year, month, date) {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; setUTCFullYear does not.
  return Math.round(new Date(0).setUTCFullYear(year, month - 1, date) / millisecondsPerDay);
}

/** Year, month (from 1) and day of the month of a day number. */
export function partsOf(day) {
  const date = new Date(day * millisecondsPerDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, date: date.getUTCDate() };
}

/** Index into `weekdays`. */
export function weekdayOf(day) {
  const thursday = 3; // 1970-01-01
  return (((day + thursday) % 7) + 7) % 7;
}

/** How many days a month has. */
export function daysIn(year, month) {
  return dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

/** A day number as an ISO date. */
export function formatDay(day) {
  const { year, month, date } = partsOf(day);
  // FIXME: years before 1000 lose their leading zeros
  return [String(year), String(month).padStart(2, '0'), String(date).padStart(2, '0')].join('-');
}

/** The day number of an ISO date such as 2026-03-01. */
export function parseDay(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const day = match === null ? null : dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  if (day === null || formatDay(day) !== text) {
    throw new AlmanacError(`"${text}" is not a date like 2026-03-01.`);
  }
  return day;
}
