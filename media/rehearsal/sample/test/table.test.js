import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatTable } from '../src/table.js';

describe('a table', () => {
  it('lines its columns up', () => {
    assert.equal(
      formatTable([
        ['a', 'bcd', 'e'],
        ['fgh', 'i', 'j'],
      ]),
      'a    bcd  e\nfgh  i    j',
    );
  });

  it('has no spaces at the end of a line', () => {
    assert.equal(
      formatTable([
        ['a', 'b'],
        ['a', 'bcd'],
      ]),
      'a  b\na  bcd',
    );
  });

  it('takes rows of different lengths', () => {
    assert.equal(formatTable([['a'], ['b', 'c']]), 'a\nb  c');
  });

  it('is empty without rows', () => {
    assert.equal(formatTable([]), '');
  });
});
