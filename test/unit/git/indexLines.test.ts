import assert from 'node:assert/strict';
import { indexLines } from '../../../src/git/changes.ts';

describe('lines for the index', () => {
  const side = { mode: '100644', blob: 'a'.repeat(40) };

  it('take names away before they set others, so that a folder can take the place of a file', () => {
    const lines = indexLines([
      { path: 'a/b', from: null, to: side },
      { path: 'a', from: side, to: null },
    ]);
    assert.equal(lines, `0 ${'0'.repeat(40)}\ta\u0000100644 ${'a'.repeat(40)} 0\ta/b\u0000`);
  });
});
