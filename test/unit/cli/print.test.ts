import assert from 'node:assert/strict';
import { json } from '../../../src/cli/print/json.ts';
import { table } from '../../../src/cli/print/table.ts';
import { fit, pad, widthOf } from '../../../src/cli/print/width.ts';

const columns = [
  { head: 'ID', cell: (row: readonly string[]) => row[0] ?? '' },
  { head: 'TITLE', cell: (row: readonly string[]) => row[1] ?? '', gives: true as const },
  { head: 'WHY', cell: (row: readonly string[]) => row[2] ?? '', gives: true as const },
];

describe('A table', () => {
  const rows = [
    ['gt-aaaaa', '日本語のとても長いタイトルです', 'Waits for a place: all 3 polecats are busy.'],
    ['gt-bbbbb', 'A title\nwith \u001b[31mcolours\u001b[0m and \u202ea turn', ''],
  ];

  it('fits the terminal, counting wide characters as two', () => {
    for (const width of [120, 80, 60, 40])
      for (const line of table(columns, rows, { columns: width, colours: false }).split('\n'))
        assert.ok(widthOf(line) <= width, `${String(width)}: ${line}`);
  });

  it('has room for more rows than a call has for arguments', () => {
    const many = Array.from({ length: 150_000 }, () => ['gt-aaaaa']);
    const text = table(columns.slice(0, 1), many, { columns: 80, colours: false });
    assert.equal(text.split('\n').length, many.length + 1);
  });

  it('cuts nothing where there is no terminal', () => {
    assert.match(
      table(columns, rows, { columns: null, colours: false }),
      /日本語のとても長いタイトルです +Waits .* busy\./,
    );
  });

  it('is one line a row, whatever a title holds', () => {
    const text = table(columns, rows, { columns: null, colours: false });
    assert.equal(text.split('\n').length, 3);
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
  });

  it('has colours only where they are wanted', () => {
    const coloured = [{ head: 'ID', cell: () => 'x', colour: () => 'red' as const }];
    assert.ok(table(coloured, [''], { columns: 80, colours: true }).includes('\u001b[31mx\u001b[0m'));
    assert.equal(table(coloured, [''], { columns: 80, colours: false }), 'ID\nx');
  });
});

describe('A width', () => {
  it('is counted in cells of a terminal', () => {
    assert.deepEqual(['abc', '日本', 'e\u0301', '👩‍👩‍👧', '✓', '❤️', ''].map(widthOf), [3, 4, 1, 2, 1, 2, 0]);
  });

  it('is kept without cutting a character in two', () => {
    assert.equal(fit('日本語', 4), '日…');
    assert.equal(fit('👩‍👩‍👧👩‍👩‍👧', 3), '👩‍👩‍👧…');
    assert.equal(pad('日', 4), '日  ');
  });
});

describe('JSON', () => {
  it('is exactly what is, in characters that do nothing on a terminal', () => {
    const hostile = 'a\u001b[2J\u009b31m\u202e\u200b\u{e0041}\ud800b';
    const text = json({ hostile });
    // eslint-disable-next-line no-control-regex -- what must not be there
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]|\u{e0041}/u);
    assert.deepEqual(JSON.parse(text), { hostile });
  });
});
