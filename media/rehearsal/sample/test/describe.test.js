import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeRule } from '../src/describe.js';
import { parseRule } from '../src/rule.js';

const sentences = {
  'every day': 'Every day',
  'every 3 days for 5 times': 'Every 3 days, 5 times',
  'every 2 weeks on mon, thu until 2026-12-31':
    'Every 2 weeks on Monday and Thursday, until 31 December 2026',
  'every month on the 1st, 2nd, 23rd': 'Every month on the 1st, 2nd and 23rd',
  'every year for 1 time': 'Every year, once',
};

describe('a described rule', () => {
  for (const [rule, sentence] of Object.entries(sentences)) {
    it(`says "${sentence}"`, () => {
      assert.equal(describeRule(parseRule(rule)), sentence);
    });
  }
});
