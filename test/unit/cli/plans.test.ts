import { equal, match } from 'node:assert/strict';
import fc from 'fast-check';
import { slug } from '../../../src/cli/plans.ts';

describe('A file name from a goal', () => {
  it('is lower-case words', () => {
    equal(slug('Add --json to “report”, with tests!'), 'add-json-to-report-with-tests');
    equal(slug('Größe ändern'), 'gro-e-a-ndern');
    equal(slug('☂️'), 'plan');
  });

  it('is always a safe name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        match(slug(text), /^[a-z0-9][a-z0-9-]{0,39}$/);
      }),
    );
  });
});
