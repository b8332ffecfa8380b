import assert from 'node:assert/strict';
import { dropped } from '../../../src/assayer/constraints.ts';
import { busyMs } from '../busyMs.ts';

/** The original, how it was worded, and what is gone. */
const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['nothing', 'Add a clock to src/clock.ts.', 'Put a clock into src/clock.ts.', []],
  [
    'a file',
    'Add a clock to src/clock.ts and clock.test.ts.',
    'Add a clock.',
    ['src/clock.ts', 'clock.test.ts'],
  ],
  ['a glob', 'Look at src/**/*.ts only.', 'Look only at the sources.', ['src/**/*.ts']],
  ['an identifier', 'Call `parseWeek` twice.', 'Call parseWeeks twice.', []],
  ['another identifier', 'Call `parseWeek` twice.', 'Call the parser twice.', ['parseWeek']],
  ['quoted text', 'It says "no such week".', 'It says that there is none.', ['no such week']],
  ['a number', 'Wait 30 seconds, 3 times.', 'Wait 30 seconds, three times.', ['3']],
  ['a number in other digits', 'It is 5,400,000 ms.', 'It is 5400000 ms.', []],
  ['a share', 'Keep 20% free.', 'Keep 20 % of it free.', []],
  ['numbers of a list', '1. Read it.\n2. Write it.', 'Read it, then write it.', []],
  [
    'a prohibition',
    'Rename it. Do not change the public API.',
    'Rename it.',
    ['Do not change the public API.'],
  ],
  [
    'a prohibition that became a wish',
    'Never delete tests.',
    'Delete tests with care.',
    ['Never delete tests.'],
  ],
  [
    'a prohibition in other words',
    'You must not touch the public API.',
    'Avoid touching the public API.',
    [],
  ],
  ['a contraction', "Don't log secrets.", 'Log no secrets.', []],
  ['an only', 'Change only the parser.', 'Change the parser.', ['Change only the parser.']],
  ['an only in other words', 'Change only the parser.', 'Change nothing but the parser.', []],
  ['a bound in other words', 'Use no more than 5 workers.', 'Use at most 5 workers.', []],
  ['a bound', 'Use at most 5 workers.', 'Use 5 workers.', ['Use at most 5 workers.']],
  ['a must in other words', 'The output must be sorted by name.', 'Sort the output by name.', []],
  ['an example', 'Parse e.g. weeks and/or days.', 'Parse weeks and days.', []],
  [
    'everything',
    'Do not use `eval` in src/run.js.',
    '',
    ['eval', 'src/run.js', 'Do not use `eval` in src/run.js.'],
  ],
];

describe('a task that was worded anew', () => {
  for (const [what, original, worded, gone] of cases) {
    it(`is seen to have lost ${gone.length === 0 ? 'nothing, as to ' : ''}${what}`, () => {
      assert.deepEqual(dropped(original, worded), gone);
    });
  }

  it('is its own best wording', () => {
    const text =
      'Parse `1h30m` in src/a.ts; never accept "", at most 3 digits.\n- must not throw\n- only UTC, e.g. Z';
    assert.deepEqual(dropped(text, text), []);
  });

  it('is looked at in little time, whatever it says', () => {
    for (const piece of ['`', 'a', 'a/', 'a.', '"', "'", '1,', '- ', 'not ', 'no more than '])
      assert.ok(busyMs(() => dropped(piece.repeat(20_000 / piece.length), 'x')) < 3_000);
  });
});
