import { equal, match } from 'node:assert/strict';
import fc from 'fast-check';
import { plain, short, slug } from '../../../src/vscode/text.ts';

describe('Text of others in labels and messages', () => {
  it('never makes a link that runs a command, nor an icon', () => {
    equal(
      plain('[ok](command:workbench.action.quit) $(bug)'),
      '[ok] (command:workbench.action.quit) $ (bug)',
    );
  });

  it('is one line of bounded length', () => {
    equal(plain('a\nb\tc'), 'a b c');
    equal(plain('x'.repeat(500), 50).length, 50);
  });
});

describe('A file name from a goal', () => {
  it('is lower-case words', () => {
    equal(slug('Add --json to “report”, with tests!'), 'add-json-to-report-with-tests');
    equal(slug('Größe ändern'), 'gro-e-a-ndern');
    equal(slug('☂️'), 'goal');
  });

  it('is always a safe name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        match(slug(text), /^[a-z0-9][a-z0-9-]{0,39}$/);
      }),
    );
  });
});

describe('Token counts', () => {
  it('are said as people compare them', () => {
    equal([999, 1234, 45_678, 2_500_000].map(short).join(' '), '999 1.2k 46k 2.5M');
  });
});
