import { equal } from 'node:assert/strict';
import { plain, short } from '../../../src/vscode/text.ts';

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

describe('Token counts', () => {
  it('are said as people compare them', () => {
    equal([999, 1234, 45_678, 2_500_000].map(short).join(' '), '999 1.2k 46k 2.5M');
  });
});
