import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { run } from '../src/cli.js';

function almanac(...args) {
  const lines = [];
  const code = run(args, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

describe('the command line', () => {
  it('lists the next dates with their weekdays', () => {
    const { code, text } = almanac(
      'next',
      'every month on the 15th',
      '--start',
      '2026-01-01',
      '--count',
      '2',
    );
    assert.equal(code, 0);
    assert.equal(text, '2026-01-15  thu\n2026-02-15  sun');
  });

  it('begins to list where asked', () => {
    const { text } = almanac(
      'next',
      'every day',
      '--start',
      '2026-01-01',
      '--from',
      '2026-03-01',
      '--count',
      '1',
    );
    assert.equal(text, '2026-03-01  sun');
  });

  it('describes a rule', () => {
    assert.deepEqual(almanac('describe', 'every 2 weeks on fri'), {
      code: 0,
      text: 'Every 2 weeks on Friday',
    });
  });

  it('says what it did not understand', () => {
    const { code, text } = almanac('next', 'every blue moon');
    assert.equal(code, 1);
    assert.match(text, /"blue" is not expected here/);
  });

  it('says when an option is not known', () => {
    assert.equal(almanac('next', 'every day', '--fast').code, 1);
  });

  it('shows how it is used when there is no such command', () => {
    assert.equal(almanac('dance', 'every day').code, 2);
    assert.match(almanac('next').text, /^Usage:/);
  });
});
