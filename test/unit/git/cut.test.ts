import assert from 'node:assert/strict';
import { cutText } from '../../../src/git/cut.ts';

describe('cutting a diff', () => {
  it('leaves a whole one alone', () => {
    assert.equal(cutText(Buffer.from('+ü\n'), false, 4), '+ü\n');
  });

  it('ends after a whole line and says that it was cut', () => {
    const text = cutText(Buffer.from('+one\n+tü').subarray(0, 8), true, 8);
    assert.equal(text, '+one\n... cut here: the diff is longer than 8 bytes\n');
  });

  it('shows nothing of a single line that is too long', () => {
    assert.match(cutText(Buffer.from('+one'), true, 4), /^\.\.\. cut here/);
  });
});
