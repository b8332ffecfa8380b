import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDuration, parseDuration } from '../src/duration.js';

describe('durations', () => {
  it('adds their parts', () => {
    assert.equal(parseDuration('1h 30m'), 5400);
    assert.equal(parseDuration('1w 2d'), 777_600);
  });

  it('need no spaces', () => {
    assert.equal(parseDuration('1h30m15s'), 5415);
  });

  it('refuse what is not one', () => {
    for (const text of ['', 'soon', '1', '1y', '-5m', '1h 30']) {
      assert.throws(() => parseDuration(text), { name: 'AlmanacError' }, text);
    }
  });

  it('print largest unit first', () => {
    assert.equal(formatDuration(5400), '1h 30m');
    assert.equal(formatDuration(694_861), '1w 1d 1h 1m 1s');
  });

  it('print nothing as 0s', () => {
    assert.equal(formatDuration(0), '0s');
  });

  it('are read as they were printed', () => {
    for (const seconds of [1, 59, 60, 3601, 86_399, 1_000_000]) {
      assert.equal(parseDuration(formatDuration(seconds)), seconds);
    }
  });

  it('are whole and not negative', () => {
    assert.throws(() => formatDuration(1.5), { name: 'AlmanacError' });
    assert.throws(() => formatDuration(-1), { name: 'AlmanacError' });
  });
});
