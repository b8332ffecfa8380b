import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { occurrences } from '../src/occurrences.js';
import { parseRule } from '../src/rule.js';
import { take } from '../src/take.js';

function dates(rule, start, count, options) {
  return take(occurrences(parseRule(rule), start, options), count);
}

describe('occurrences', () => {
  it('step by days', () => {
    assert.deepEqual(dates('every 10 days', '2026-02-20', 3), ['2026-02-20', '2026-03-02', '2026-03-12']);
  });

  it('pick weekdays, none before the start', () => {
    assert.deepEqual(dates('every week on mon, thu', '2026-01-07', 3), [
      '2026-01-08',
      '2026-01-12',
      '2026-01-15',
    ]);
  });

  it('leave weeks out', () => {
    assert.deepEqual(dates('every 2 weeks on fri', '2026-01-01', 3), [
      '2026-01-02',
      '2026-01-16',
      '2026-01-30',
    ]);
  });

  it('repeat the weekday of the start when none is named', () => {
    assert.deepEqual(dates('every week', '2026-01-07', 2), ['2026-01-07', '2026-01-14']);
  });

  it('skip months without that day', () => {
    assert.deepEqual(dates('every month on the 31st', '2026-01-01', 3), [
      '2026-01-31',
      '2026-03-31',
      '2026-05-31',
    ]);
  });

  it('keep 29 February for leap years', () => {
    assert.deepEqual(dates('every year', '2024-02-29', 2), ['2024-02-29', '2028-02-29']);
  });

  it('end with the last day', () => {
    assert.deepEqual(dates('every day until 2026-01-03', '2026-01-01', 9), [
      '2026-01-01',
      '2026-01-02',
      '2026-01-03',
    ]);
  });

  it('end after a number of times, wherever one begins to look', () => {
    assert.deepEqual(dates('every day for 3 times', '2026-01-01', 9, { from: '2026-01-03' }), ['2026-01-03']);
  });

  it('begin where asked', () => {
    assert.deepEqual(dates('every month on the 15th', '2026-01-01', 2, { from: '2026-05-16' }), [
      '2026-06-15',
      '2026-07-15',
    ]);
  });

  it('come to an end when there are none', () => {
    assert.deepEqual(dates('every 12 months on the 30th', '2026-02-01', 1), []);
  });
});
