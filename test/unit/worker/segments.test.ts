import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { isGitName, segmentsOf } from '../../../src/worker/tools/segments.ts';
import { ToolError } from '../../../src/worker/tools/toolError.ts';

const accepted = (given: string, windows: boolean): readonly string[] | null => {
  try {
    return segmentsOf(given, windows);
  } catch (error) {
    assert.ok(error instanceof ToolError);
    return null;
  }
};

/** Paths as an attacker would write them: separators, dots, drives, git's name in disguise. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '//',
        'C:',
        'c:',
        '.git',
        '.GIT',
        '.git ',
        '.git.',
        'git~1',
        '\0',
        '~',
      ),
      fc.constantFrom(
        'a',
        'src',
        '.g\u200cit',
        '.git::$INDEX_ALLOCATION',
        '\\\\server\\share',
        '?',
        ' ',
        'NUL',
        'x:y',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('a path that a model gives', () => {
  for (const [system, windows, root] of [
    ['POSIX', false, '/work/tree'],
    ['Windows', true, 'D:\\work\\tree'],
  ] as const) {
    const at = windows ? path.win32 : path.posix;

    it(`never leads out of the worktree on ${system}`, () => {
      fc.assert(
        fc.property(nasty, (given) => {
          const segments = accepted(given, windows);
          fc.pre(segments !== null);
          for (const resolved of [at.join(root, ...segments), at.resolve(root, given)])
            assert.ok(resolved === root || resolved.startsWith(root + at.sep), resolved);
        }),
        { numRuns: 2_000 },
      );
    });

    it(`never names git's own folder on ${system}`, () => {
      fc.assert(
        fc.property(nasty, (given) => {
          const segments = accepted(given, windows);
          fc.pre(segments !== null);
          for (const segment of segments) assert.ok(!isGitName(segment), segment);
        }),
        { numRuns: 2_000 },
      );
    });
  }

  it('is taken when it is plain', () => {
    assert.deepEqual(segmentsOf('./src//a b.ts/'), ['src', 'a b.ts']);
    assert.deepEqual(segmentsOf('.'), []);
    assert.deepEqual(segmentsOf('.github/workflows'), ['.github', 'workflows']);
    assert.deepEqual(segmentsOf('.gitignore'), ['.gitignore']);
    assert.deepEqual(segmentsOf('..a/b..'), ['..a', 'b..']);
  });

  for (const given of ['/etc/passwd', '../x', 'a/../../x', 'a/..', '.git/config', 'a/.GIT', 'sub/.git', '\0'])
    it(`is refused in words when it is ${JSON.stringify(given)}`, () => {
      assert.throws(() => segmentsOf(given, false), ToolError);
    });

  for (const given of [
    'C:\\x',
    'c:x',
    '\\x',
    '\\\\server\\share',
    '..\\x',
    '.git\\config',
    'GIT~1\\x',
    'a\\NUL',
    'a:b',
    'x.',
  ])
    it(`is refused on Windows when it is ${JSON.stringify(given)}`, () => {
      assert.throws(() => segmentsOf(given, true), ToolError);
    });
});
