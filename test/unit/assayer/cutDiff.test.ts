import assert from 'node:assert/strict';
import { cutDiff } from '../../../src/assayer/cutDiff.ts';

const part = (file: string, lines: number): string =>
  `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -0,0 +1,${String(lines)} @@\n${'+a line of it\n'.repeat(lines)}`;

describe('a diff for the inspector', () => {
  it('is whole where it fits', () => {
    const diff = part('a.js', 3) + part('b c.js', 2);
    assert.deepEqual(cutDiff(diff, ['a.js', 'b c.js'], 10_000), { text: diff, cut: [] });
  });

  it('is cut in its long files only, at whole lines, and says how much is gone', () => {
    const diff = part('long.js', 500) + part('short.js', 3);
    const { text, cut } = cutDiff(diff, ['long.js', 'short.js'], 2_000);
    assert.ok(text.length < 2_100);
    assert.ok(text.endsWith(part('short.js', 3)));
    const [{ file, lines } = { file: '', lines: 0 }] = cut;
    assert.deepEqual([cut.length, file], [1, 'long.js']);
    assert.equal(text.match(/^\+a line of it$/gm)?.length, 503 - (lines ?? 0));
    assert.match(text, new RegExp(`^\\[${String(lines)} more lines of this file are not shown\\]$`, 'm'));
  });

  it('shows little of what programs write', () => {
    const diff = part('package-lock.json', 500) + part('a.js', 200);
    const { cut } = cutDiff(diff, ['package-lock.json', 'a.js'], 4_000);
    assert.deepEqual(
      cut.map((one) => one.file),
      ['package-lock.json'],
    );
  });

  it('names files that were lost before it came here, and files without lines', () => {
    const mode = 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n';
    const moved = 'diff --git a/x.js b/y.js\nsimilarity index 100%\nrename from x.js\nrename to y.js\n';
    const { cut } = cutDiff(mode + moved, ['run.sh', 'y.js', 'gone.js'], 1_000);
    assert.deepEqual(cut, [{ file: 'gone.js', lines: null }]);
  });

  it('takes a line of a file that looks like a header for what it is', () => {
    const sly = `${part('a.js', 1)}+diff --git a/b.js b/b.js\n diff --git a/c.js b/c.js\n`;
    assert.deepEqual(cutDiff(sly, ['a.js'], 1_000), { text: sly, cut: [] });
  });

  it('bears any number of files', () => {
    const names = Array.from({ length: 3_000 }, (_, n) => `f${String(n)}.js`);
    const { text, cut } = cutDiff(names.map((name) => part(name, 20)).join(''), names, 40_000);
    assert.ok(text.length < 41_000);
    assert.equal(cut.length, 3_000);
  });
});
