import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDay } from '../src/calendar.js';
import { parseRule } from '../src/rule.js';

describe('rules', () => {
  it('have a rhythm', () => {
    const { every, unit } = parseRule('every 3 days');
    assert.deepEqual({ every, unit }, { every: 3, unit: 'day' });
  });

  it('repeat every single unit when no number is given', () => {
    assert.equal(parseRule('every month').every, 1);
  });

  it('name weekdays in any order, once each', () => {
    assert.deepEqual(parseRule('every week on thu, mon, thu').weekdays, [0, 3]);
  });

  it('name dates with or without their endings', () => {
    assert.deepEqual(parseRule('every month on the 15, 1st').dates, [1, 15]);
  });

  it('end on a day or after a number of times', () => {
    assert.equal(parseRule('every day until 2026-12-31').until, parseDay('2026-12-31'));
    assert.equal(parseRule('every day for 5 times').times, 5);
  });

  it('do not care for case and spaces', () => {
    assert.deepEqual(parseRule('  Every  WEEK on Mon '), parseRule('every week on mon'));
  });

  it('say which words could stand where one was not understood', () => {
    assert.throws(() => parseRule('every fortnight'), { message: /"fortnight".*day, week, month, year/ });
    assert.throws(() => parseRule('every week at noon'), { message: /"at".*on, until, for/ });
    assert.throws(() => parseRule('every'), { message: /ends too early/ });
  });

  it('refuse what no calendar can do', () => {
    for (const text of [
      'every 0 days',
      'every day on mon',
      'every week on the 3rd',
      'every month on the 32nd',
    ]) {
      assert.throws(() => parseRule(text), { name: 'AlmanacError' }, text);
    }
  });
});
