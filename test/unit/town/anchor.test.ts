import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Hunk, anchor, readHunks } from '../../../src/town/anchor.ts';

/** What becomes of a file's lines: kept, taken away, or others put in before one. */
type Edit = 'keep' | 'drop' | { readonly insert: number };
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Edit>('keep') },
  { weight: 2, arbitrary: fc.constant<Edit>('drop') },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map((insert): Edit => ({ insert })) },
);

interface Edited {
  readonly lines: readonly string[];
  readonly hunks: readonly Hunk[];
}

/** Lines with names of their own, edited one after another, and the hunks that git would tell of it. */
function apply(before: readonly string[], edits: readonly Edit[], mark: string): Edited {
  const lines: string[] = [];
  const hunks: Hunk[] = [];
  let open: { from: number; removed: number; to: number; added: number } | null = null;
  let old = 0;
  const close = (): void => {
    if (open === null) return;
    const { from, removed, to, added } = open;
    hunks.push({ from: removed === 0 ? from - 1 : from, removed, to: added === 0 ? to - 1 : to, added });
    open = null;
  };
  const begun = (): { from: number; removed: number; to: number; added: number } =>
    (open ??= { from: old + 1, removed: 0, to: lines.length + 1, added: 0 });
  for (const one of [...edits, ...Array.from({ length: before.length }, (): Edit => 'keep')]) {
    if (typeof one === 'object') {
      begun().added += one.insert;
      for (let nth = 0; nth < one.insert; nth += 1) lines.push(`${mark}${String(lines.length)}`);
    } else if (old < before.length) {
      if (one === 'drop') begun().removed += 1;
      else {
        close();
        lines.push(before[old] ?? '');
      }
      old += 1;
    }
  }
  close();
  return { lines, hunks };
}

const file = fc
  .integer({ min: 1, max: 14 })
  .map((count) => Array.from({ length: count }, (_, at) => `l${String(at)}`));

describe('lines that a comment is about', () => {
  it('are found where they are after any edit, or said to be gone', () => {
    fc.assert(
      fc.property(file, fc.array(edit, { maxLength: 20 }), (before, edits) => {
        const { lines, hunks } = apply(before, edits, 'new');
        for (const [index, words] of before.entries()) {
          const found = anchor(hunks, { from: index + 1, to: index + 1 });
          const now = lines.indexOf(words);
          if (now >= 0) assert.deepEqual(found, { from: now + 1, to: now + 1, outdated: false });
          else assert.ok(found.outdated && found.from >= 1 && found.from <= Math.max(1, lines.length));
        }
      }),
    );
  });

  it('are found after one edit upon another just as after both at once', () => {
    fc.assert(
      fc.property(
        file,
        fc.array(edit, { maxLength: 12 }),
        fc.array(edit, { maxLength: 12 }),
        (first, one, two) => {
          const middle = apply(first, one, 'a');
          const last = apply(middle.lines, two, 'b');
          for (const [index, words] of first.entries()) {
            const between = anchor(middle.hunks, { from: index + 1, to: index + 1 });
            if (between.outdated) continue;
            const found = anchor(last.hunks, between);
            assert.equal(found.outdated, !last.lines.includes(words));
            if (!found.outdated) assert.equal(last.lines[found.from - 1], words);
          }
        },
      ),
    );
  });

  it('stay a range from the first that is left to the last', () => {
    const { hunks } = apply(['a', 'b', 'c', 'd', 'e'], ['keep', 'drop', { insert: 2 }, 'keep', 'drop'], 'n');
    assert.deepEqual(anchor(hunks, { from: 2, to: 5 }), { from: 4, to: 5, outdated: false });
    assert.deepEqual(anchor(hunks, { from: 2, to: 2 }), { from: 2, to: 2, outdated: true });
  });

  it('are read from what git prints', () => {
    const diff = ['--- a/x', '+++ b/x', '@@ -3 +3,2 @@ head', '-x', '+@@ -1 +1 @@', '@@ -9,0 +11 @@', '+y'];
    assert.deepEqual(readHunks(diff.join('\n')), [
      { from: 3, removed: 1, to: 3, added: 2 },
      { from: 9, removed: 0, to: 11, added: 1 },
    ]);
  });
});
