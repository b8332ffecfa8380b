import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstPlace, placesIn } from '../../../src/foreman/checks/firstPlace.ts';

describe('The place of a failure', () => {
  const worktree = path.resolve(path.sep, 'home', 'a person', 'rig');
  const place = (...lines: readonly string[]): string | null => {
    const found = firstPlace(lines.join('\n'), worktree);
    return found === null ? null : `${found.file}:${String(found.line)}`;
  };

  it('is read from compilers, linters, interpreters and stacks', () => {
    const told: readonly (readonly [line: string, place: string])[] = [
      ["src/a.ts(3,5): error TS2322: Type 'x' is not assignable.", 'src/a.ts:3'],
      ['error[E0308]: mismatched\n --> src/lib.rs:3:5', 'src/lib.rs:3'],
      ['./sub/a.go:7:2: undefined: x', 'sub/a.go:7'],
      ['src/main.c:12:3: error: expected', 'src/main.c:12'],
      [`Traceback:\n  File "${path.join(worktree, 'pkg', 'a.py')}", line 9, in f`, 'pkg/a.py:9'],
      [`Error: x\n    at f (${path.join(worktree, 'lib', 'a.js')}:4:2)`, 'lib/a.js:4'],
      [`Error: x\n    at ${pathToFileURL(path.join(worktree, 'lib', 'ä b.mjs')).href}:4:2`, ''],
      [`Error: x\n    at ${pathToFileURL(path.join(worktree, 'lib', 'b.mjs')).href}:4:2`, 'lib/b.mjs:4'],
      ['src/a.ts\n  1:1  warning  meh\n  8:3  error  bad  rule', 'src/a.ts:8'],
      [`${path.join(worktree, 'src', 'a.ts')}\n  8:3  error  bad  rule`, 'src/a.ts:8'],
      ['Failures:\n  a_test.exs:5', 'a_test.exs:5'],
    ];
    for (const [line, expected] of told.filter(([, one]) => one !== ''))
      assert.equal(place(...(line.includes('rror') ? [] : ['error']), line), expected);
  });

  it('is not in what others wrote, outside of the worktree, or in what only looks like a file', () => {
    const strange = [
      'at /usr/lib/x.js:3:1',
      'at f (node:internal/modules/run_main.js:3:1)',
      'at node_modules/jest/build/index.js:3:1',
      'at ../other/a.ts:3:1',
      'at src/../../a.ts:3',
      'at C:\\\\x\\\\a.ts:3',
      'see https://example.com/a.js:30',
      'see https://example.com:443 at 10:30:45',
      'example.com:443',
      'src/a.ts:0',
    ];
    assert.equal(place('error', ...strange), null);
    assert.equal(place('error', ...strange, 'src/a.ts:3'), 'src/a.ts:3');
  });

  it('is looked for from the first line that speaks of a failure', () => {
    assert.equal(place('hello from src/log.ts:1', '', 'AssertionError at src/a.ts:3'), 'src/a.ts:3');
    assert.equal(place('hello from src/log.ts:1', 'all is well'), null);
  });

  it('is one of few, all of them in the worktree by their name', () => {
    const many = Array.from({ length: 100 }, (_, index) => `error at a${String(index)}.ts:1`);
    assert.equal(placesIn(many.join('\n'), worktree).length, 20);
  });

  it('of go may be in any folder that its package ends with', () => {
    const output = '--- FAIL: TestX (0.00s)\n    x_test.go:4: no\nFAIL\nFAIL\texample.com/m/sub\t0.1s\n';
    assert.deepEqual(
      placesIn(output, worktree).map(({ file }) => file),
      ['example.com/m/sub/x_test.go', 'm/sub/x_test.go', 'sub/x_test.go', 'x_test.go'],
    );
  });
});
