import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { alone, inOrder, long } from '../../harness/fileOrder.ts';
import { root } from '../../harness/toolchain.mjs';

describe('the order of test files', () => {
  it('names only files that are there', () => {
    const named = [...Object.keys(long), ...Object.keys(alone)];
    assert.deepEqual(
      named.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });

  it('begins with the long ones, longest first', () => {
    const [first = '', second = ''] = Object.keys(long);
    const files = ['a.test.ts', second, first, 'b.test.ts'].map((file) => join(root, file));
    assert.deepEqual(
      inOrder(files).together,
      [first, second, 'a.test.ts', 'b.test.ts'].map((file) => join(root, file)),
    );
  });
});
