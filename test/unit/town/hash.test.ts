import assert from 'node:assert/strict';
import { hashOf } from '../../../src/town/hash.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { isControl } from '../../../src/town/savings.ts';

describe('a number drawn from a text', () => {
  it('is the one that FNV-1a gives, so that what was drawn before stays drawn', () => {
    const numbers = ['', 'a', 'foobar'].map(hashOf);
    assert.deepEqual(numbers, [0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it('leaves the beads as they are worded that were left so before', () => {
    const ids = Array.from({ length: 40 }, (_, n) => `gt-${String(n).padStart(5, '0')}` as BeadId);
    assert.equal(
      ids.map((id) => (isControl(id, 0.3) ? 'x' : '.')).join(''),
      '...x.x...xx.x............x......x..x..x.',
    );
  });
});
