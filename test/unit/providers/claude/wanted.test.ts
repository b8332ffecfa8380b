import assert from 'node:assert/strict';
import { wanted } from '../../../../src/providers/claude/agent/wanted.ts';

describe('what Claude Code asks leave for', () => {
  it('is a command line as it stands, however it is to run', () => {
    const command = 'cd "x y" && rm -rf $(ls)\necho done';
    assert.deepEqual(
      wanted('Bash', { command, description: 'Tidy up', timeout: 5, run_in_background: true }),
      {
        tool: 'run',
        detail: command,
      },
    );
  });

  it('is no plain command line when it is to leave the sandbox', () => {
    const { tool, detail } = wanted('Bash', { command: 'ls', dangerouslyDisableSandbox: true });
    assert.equal(tool, 'Bash');
    assert.match(detail, /dangerouslyDisableSandbox/);
  });

  it('is a file with all that would be written', () => {
    assert.deepEqual(wanted('Write', { file_path: '/r/a.txt', content: 'one\ntwo\n' }), {
      tool: 'Write',
      detail: '/r/a.txt\n\none\ntwo\n',
    });
  });

  it('is a change with what goes and what comes, once or everywhere', () => {
    const change = { file_path: '/r/a.txt', old_string: 'a\nb', new_string: 'c' };
    assert.equal(wanted('Edit', { ...change, replace_all: false }).detail, '/r/a.txt\n\n- a\n- b\n+ c');
    assert.equal(
      wanted('Edit', { ...change, replace_all: true }).detail,
      '/r/a.txt\neverywhere\n\n- a\n- b\n+ c',
    );
  });

  it('is the one word that a tool is given, or all of its words', () => {
    assert.deepEqual(wanted('Read', { file_path: '/etc/hosts' }), { tool: 'Read', detail: '/etc/hosts' });
    assert.equal(wanted('mcp__x__y', { a: 1, b: ['c'] }).detail, JSON.stringify({ a: 1, b: ['c'] }, null, 2));
    assert.equal(wanted('ExitPlanMode', {}).detail, '{}');
    assert.equal(wanted('constructor', { a: 'b' }).tool, 'constructor');
  });

  const pairs: readonly (readonly [what: string, tool: string, one: object, other: object])[] = [
    ['fields of one tool', 'mcp__db__drop', { id: '5' }, { table: '5' }],
    [
      'a file whose name ends like a mark',
      'Edit',
      { file_path: 'a (everywhere)', old_string: 'x', new_string: 'y' },
      { file_path: 'a', old_string: 'x', new_string: 'y', replace_all: true },
    ],
    [
      'a file whose name has a line that is a mark',
      'Edit',
      { file_path: 'a\neverywhere', old_string: 'x', new_string: 'y' },
      { file_path: 'a', old_string: 'x', new_string: 'y', replace_all: true },
    ],
    [
      'a file whose name holds its beginning',
      'Write',
      { file_path: 'a\n\nb', content: 'c' },
      { file_path: 'a', content: 'b\n\nc' },
    ],
    ['a name that reads as fields', 'Read', { file_path: '{\n  "limit": 1\n}' }, { limit: 1 }],
    ['a name that reads as no fields', 'Read', { file_path: '{}' }, {}],
  ];
  for (const [what, tool, one, other] of pairs) {
    it(`never reads the same for two calls: ${what}`, () => {
      const [left, right] = [one, other].map((input) => wanted(tool, { ...input }).detail);
      assert.notEqual(left, right);
    });
  }

  it('never reads the same for two long calls that differ at their end', () => {
    const long = 'x'.repeat(50_000);
    const [one, other] = ['1', '2'].map((end) => wanted('Bash', { command: long + end }).detail);
    assert.notEqual(one, other);
    assert.ok((one ?? '').length < 9_000);
  });
});
