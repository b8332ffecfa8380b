import { deepEqual, equal } from 'node:assert/strict';
import { bar, burnWords, dryWords, gaugeWords, percentLeft } from '../../../src/words/tanks.ts';
import { plainEnglish as t } from '../../../src/words/translate.ts';

describe('a gauge in words', () => {
  const clock = (at: number): string => `at ${String(at)}`;
  const forecast = { burn: 0.12, spread: 0.01, dryAt: null, leftAtReset: null };

  it('has a name by its length, its unit and the models it is for', () => {
    deepEqual(
      [
        gaugeWords('5h', null, t),
        gaugeWords('weekly', 'opus', t),
        gaugeWords('90m', null, t),
        gaugeWords('\u202edlrow', null, t).includes('\u202e'),
        gaugeWords('toString', null, t),
      ],
      ['5-hour window', 'weekly window for opus', 'window of 1 h 30 min', false, 'toString'],
    );
  });

  it('that has a little left is never drawn as empty, and an odd number never breaks it', () => {
    deepEqual(
      [bar(0), bar(0.001), bar(1), bar(7), bar(NaN)].map((one) => one.indexOf('▱')),
      [0, 1, -1, -1, 0],
    );
    deepEqual(
      [percentLeft(0.001, t), percentLeft(-3, t), percentLeft(Infinity, t)],
      ['1% left', '0% left', '0% left'],
    );
  });

  it('says when it will be dry only as surely as it is known', () => {
    deepEqual(
      [
        dryWords(null, clock, t),
        dryWords({ ...forecast, leftAtReset: 0.4 }, clock, t),
        dryWords({ ...forecast, dryAt: { earliest: 5, likely: null } }, clock, t),
        dryWords({ ...forecast, dryAt: { earliest: 5, likely: 9 } }, clock, t),
      ],
      ['', 'lasts until its reset', 'may be dry by at 5', 'dry about at 9'],
    );
    equal(burnWords({ ...forecast, burn: 0.004 }, t), '<1% an hour');
  });
});
