import assert from 'node:assert/strict';
import fc from 'fast-check';
import { replaceOnce } from '../../../src/worker/tools/edit.ts';
import { HeadTail } from '../../../src/worker/tools/headTail.ts';
import { countChanges } from '../../../src/worker/tools/lineDiff.ts';

describe('an edit', () => {
  it('replaces exactly the one place', () => {
    assert.equal(replaceOnce('a', 'one two three', 'two', '2'), 'one 2 three');
  });

  it('takes the new text as it is', () => {
    assert.equal(replaceOnce('a', 'one two', 'two', "$& $1 $$ $'"), "one $& $1 $$ $'");
  });

  it('keeps the line ends of the file', () => {
    assert.equal(replaceOnce('a', 'a\r\nb\r\nc\r\n', 'a\nb', 'a\nx\nb'), 'a\r\nx\r\nb\r\nc\r\n');
  });

  for (const [find, replace, words] of [
    ['four', 'x', /not in this file/],
    ['o', 'x', /more than once/],
    ['aa', 'x', /more than once/],
    ['', 'x', /empty/],
    ['two', 'two', /same/],
  ] as const)
    it(`is refused for ${JSON.stringify(find)} → ${JSON.stringify(replace)} with words`, () => {
      assert.throws(() => replaceOnce('a', 'one two three aaa', find, replace), words);
    });
});

describe('the count of changed lines', () => {
  it('is what a diff would say', () => {
    assert.deepEqual(countChanges('a\nb\nc\n', 'a\nx\ny\nc\n'), { added: 2, removed: 1 });
    assert.deepEqual(countChanges('', 'a\nb\n'), { added: 2, removed: 0 });
    assert.deepEqual(countChanges('a\nb\nc\nd\n', 'a\nc\nd\nb\n'), { added: 1, removed: 1 });
    assert.deepEqual(countChanges('a\n', 'a\n'), { added: 0, removed: 0 });
  });

  it('always explains the difference in length', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { added, removed } = countChanges(before, after);
        assert.equal(added - removed, after.split('\n').length - before.split('\n').length);
        assert.equal(added + removed === 0, before === after);
      }),
    );
  });
});

describe('long output', () => {
  it('keeps its beginning and its end, and says how much is left out', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), (pieces) => {
        const kept = new HeadTail(10, 20);
        for (const piece of pieces) kept.push(piece);
        const all = pieces.join('');
        const left = all.length - 30;
        const expected =
          left <= 0
            ? all
            : `${all.slice(0, 10)}\n[… ${String(left)} characters left out …]\n${all.slice(-20)}`;
        assert.equal(kept.text(), expected);
      }),
    );
  });
});
