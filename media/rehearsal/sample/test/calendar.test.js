import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayOf, daysIn, formatDay, parseDay, partsOf, weekdayOf, weekdays } from '../src/calendar.js';

describe('calendar', () => {
  it('counts days from 1970', () => {
    assert.equal(parseDay('1970-01-01'), 0);
    assert.equal(parseDay('1970-02-01'), 31);
    assert.equal(parseDay('1969-12-31'), -1);
  });

  it('takes a day number apart', () => {
    assert.deepEqual(partsOf(parseDay('2026-03-01')), { year: 2026, month: 3, date: 1 });
  });

  it('prints what it read', () => {
    for (const date of ['1970-01-01', '2024-02-29', '2026-12-31', '9999-12-31']) {
      assert.equal(formatDay(parseDay(date)), date);
    }
  });

  it('knows the weekday, also before 1970', () => {
    assert.equal(weekdays[weekdayOf(parseDay('2026-01-01'))], 'thu');
    assert.equal(weekdays[weekdayOf(parseDay('1969-12-28'))], 'sun');
  });

  it('knows how long months are', () => {
    assert.deepEqual(
      [1, 2, 4, 12].map((month) => daysIn(2026, month)),
      [31, 28, 30, 31],
    );
  });

  it('knows leap years', () => {
    assert.deepEqual(
      [2024, 2100, 2000].map((year) => daysIn(year, 2)),
      [29, 28, 29],
    );
  });

  it('carries months over the end of a year', () => {
    assert.equal(formatDay(dayOf(2026, 14, 1)), '2027-02-01');
  });

  it('refuses dates that no calendar has', () => {
    for (const text of ['2026-02-29', '2026-13-01', '2026-00-10', '26-01-01', 'today', '']) {
      assert.throws(() => parseDay(text), { name: 'AlmanacError' }, text);
    }
  });
});
