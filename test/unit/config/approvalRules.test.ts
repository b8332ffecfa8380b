import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { type RuleFault, goodRules, readRule } from '../../../src/config/approvalRules.ts';
import { readConfig } from '../../../src/config/configFile.ts';
import { ruleFaultWords } from '../../../src/words/approvalRules.ts';
import { configProblemWords } from '../../../src/words/settings.ts';
import { plainEnglish } from '../../../src/words/translate.ts';

const whole = {
  paths: ['docs/**', '*.md'],
  maxLines: 200,
  types: ['documentation'],
  providers: ['claude'],
  labels: ['docs'],
  checks: true,
};

describe('Rules of rigs.refinery.autoApprove', () => {
  it('are as the person wrote them, each with its place', () => {
    deepEqual(goodRules([whole, { maxLines: 0 }]), [
      { ...whole, number: 1 },
      { maxLines: 0, number: 2 },
    ]);
  });

  const wrong: readonly (readonly [unknown, RuleFault])[] = [
    ['docs/**', 'entry'],
    [{}, 'empty'],
    [{ checks: true }, 'empty'],
    [{ ...whole, author: 'claude' }, 'unknown'],
    [{ ...whole, __proto__: 1, constructor: 1 }, 'unknown'],
    [{ paths: [] }, 'paths'],
    [{ paths: ['docs/[ab].md'] }, 'paths'],
    [{ paths: ['docs/*.{md,txt}'] }, 'paths'],
    [{ paths: ['!src'] }, 'paths'],
    [{ paths: ['/docs'] }, 'paths'],
    [{ paths: ['docs/'] }, 'paths'],
    [{ paths: ['../docs'] }, 'paths'],
    [{ maxLines: -1 }, 'maxLines'],
    [{ maxLines: 1.5 }, 'maxLines'],
    [{ types: ['docs'] }, 'types'],
    [{ providers: [''] }, 'providers'],
    [{ labels: 'docs' }, 'labels'],
    [{ ...whole, checks: false }, 'checks'],
  ];
  for (const [entry, fault] of wrong)
    it(`approve nothing as ${JSON.stringify(entry)}, and say what to write instead`, () => {
      const told: RuleFault[] = [];
      deepEqual(
        goodRules([entry], (_, why) => told.push(why)),
        [],
      );
      deepEqual(told, [fault]);
      equal(ruleFaultWords(fault, plainEnglish).endsWith('.'), true);
    });

  it('are never an error, and never without a part, whatever is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (entry) => {
        const read = readRule(entry, 1);
        equal('fault' in read || Object.keys(read).length > 1, true);
      }),
    );
  });

  const text = '[[refinery.auto_approve]]\npaths = ["docs/**"]\nmax_lines = 20\n';

  it('may stand in the person’s own config.toml and in no repository’s', () => {
    const { said, problems } = readConfig(text, 'person');
    deepEqual(problems, []);
    deepEqual(
      said.map(({ setting, value }) => [setting, value]),
      [['rigs.refinery.autoApprove', [{ paths: ['docs/**'], maxLines: 20 }]]],
    );
    const theirs = readConfig(text, 'repository');
    deepEqual([theirs.said, theirs.problems.map(({ code }) => code)], [[], ['not_yours']]);
  });

  it('are marked where one of them in config.toml is wrong, and the others count', () => {
    const { said, problems } = readConfig(`${text}[[refinery.auto_approve]]\nmax_lines = -1\n`, 'person');
    equal((said[0]?.value as readonly unknown[]).length, 1);
    deepEqual(
      problems.map((one) => configProblemWords(one, plainEnglish)),
      [
        'This rule approves nothing. "maxLines" takes how many lines may change, a whole number from 0 to 1,000,000.',
      ],
    );
  });
});
