import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { firstPlace } from '../../../src/foreman/checks/firstPlace.ts';
import { testsIn } from '../../../src/foreman/checks/tests/testsIn.ts';

/** What the runners really printed (`test/fixtures/runners`), their worktree called `/home/dev/rig`. */
function printed(name: string): string {
  return readFileSync(path.join(import.meta.dirname, '../../fixtures/runners', `${name}.txt`), 'utf8');
}

const nested = ['breaks # hard', 'outer > inner bad', 'with subtests > sub bad'];
const hook = '"before all" hook: prepares for "never runs"';
const python = ['test_add', 'test_p[c - d]', 'TestK::test_m', 'test_err'].map((one) => `test_a.py::${one}`);
const go = ['mod > TestBad', 'mod > TestTable/two_words', 'mod/sub > TestPanics'].map(
  (one) => `example.com/${one}`,
);
const thrown = ['src/sum.test.js > outer > adds', 'src/sum.test.js > outer > deeper > throws'];

const runners: Readonly<Record<string, readonly [failed: readonly string[], passed: number, place: string]>> =
  {
    'node-spec': [nested, 2, 'a.test.mjs:4'],
    'node-tap': [nested, 2, 'a.test.mjs:4'],
    'node-junit': [['test > breaks # hard', ...nested.slice(1)], 2, 'a.test.mjs:4'],
    mocha: [['outer > bad one', 'outer > deeper > is worse', `outer > hooked > ${hook}`], 3, 'a.test.cjs:2'],
    'mocha-tap': [['outer bad one', 'outer deeper is worse', `outer hooked ${hook}`], 3, 'a.test.cjs:2'],
    'mocha-xunit': [
      ['outer > bad one', 'outer deeper > is worse', `outer hooked > ${hook}`],
      3,
      'a.test.cjs:2',
    ],
    pytest: [python, 3, 'test_a.py:10'],
    'pytest-v': [python, 3, 'test_a.py:10'],
    go: [go, 0, 'example.com/mod/a_test.go:4'],
    'go-v': [go, 3, 'example.com/mod/a_test.go:4'],
    'go-json': [go, 3, 'a_test.go:4'],
    cargo: [['tests::panics', 'tests::bad', 'outside', 'src/lib.rs - add (line 2)'], 1, 'src/lib.rs:12'],
    jest: [[...thrown, 'src/broken.test.js > Test suite failed to run'], 2, 'src/sum.test.js:4'],
    vitest: [['src/broken.test.js', ...thrown], 2, 'src/broken.test.js:1'],
  };

describe('The failed tests in an output', () => {
  for (const [name, [failed, passed, place]] of Object.entries(runners)) {
    const output = printed(name);

    it(`of ${name} are named, and where the first one lies`, () => {
      assert.deepEqual(testsIn(output), { failed, passed });
      const found = firstPlace(output, '/home/dev/rig');
      assert.equal(found && `${found.file}:${String(found.line)}`, place);
    });

    it(`of ${name} have the same names when it is coloured and its lines end as on Windows`, () => {
      const coloured = output.replaceAll('\n', '\u001b[0m\r\n').replaceAll(/FAIL|not ok|✖/g, '\u001b[31m$&');
      // A machine's format has no colours.
      if (!/json|junit|xunit/.test(name)) assert.deepEqual(testsIn(coloured), { failed, passed });
    });

    it(`of ${name} are never misread when it is cut anywhere`, () => {
      for (let end = 0; end < output.length; end += Math.ceil(output.length / 40)) {
        const tests = testsIn(`${output.slice(0, end)}\n... 12 bytes of output were cut here ...\n`);
        const known = new Set([...failed, ...failed.map((one) => one.split(' > ').at(-1) ?? '')]);
        const strange = (tests?.failed ?? []).filter((one) => !known.has(one));
        assert.deepEqual(strange, []);
      }
    });
  }

  it('are none where no runner is recognised', () => {
    for (const output of ['', 'ok\n', 'FAIL\n', 'error: no\n1 failing things\n', '{"Action":1}\n', '1..3\n'])
      assert.equal(testsIn(output), null, output);
  });

  it('of TAP have the names of what they stand in, told before them or after', () => {
    const tap = [
      'TAP version 14',
      '1..4',
      'ok 1 - fine # time=3ms',
      'not ok 2 - later # TODO',
      'not ok 3 - buffered {',
      '    not ok 1 - inner # time=1ms',
      '    ok 2 - good',
      '    1..2',
      '}',
      '# Subtest: outer',
      '    not ok 1',
      'not ok 4 - outer',
      '  ---',
      '  message: |-',
      '    not ok 9 - forged',
      '  ...',
    ].join('\n');
    assert.deepEqual(testsIn(tap), { failed: ['buffered > inner', 'outer > test 1'], passed: 2 });
  });

  it('of go are the package itself where it could not be built, and those that ran when time was over', () => {
    const output = [
      'FAIL\texample.com/mod/a [build failed]',
      'ok  \texample.com/mod/b\t0.01s',
      'panic: test timed out after 1s',
      '\trunning tests:',
      '\t\tTestSlow (1s)',
      '\tTestSlow (1s)',
      'FAIL\texample.com/mod/c\t1.01s',
      'FAIL',
    ].join('\n');
    assert.deepEqual(testsIn(output)?.failed, ['example.com/mod/a', 'example.com/mod/c > TestSlow']);
  });

  it('of pytest are read without a summary, and from workers', () => {
    const lines = (...of: readonly string[]): string => ['===== test session starts =====', ...of].join('\n');
    assert.deepEqual(testsIn(lines('a.py::test_x[a b] FAILED   [ 50%]', 'a.py::test_y PASSED [100%]')), {
      failed: ['a.py::test_x[a b]'],
      passed: 1,
    });
    const worker = lines('[gw0] [ 50%] PASSED a.py::test_y ', '[gw1] [100%] FAILED a.py::test_x ');
    assert.deepEqual(testsIn(worker), { failed: ['a.py::test_x'], passed: 1 });
  });

  it('are those of the runner that names some, where several were at work', () => {
    const output = `${printed('cargo').split('running')[0] ?? ''}
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out

${printed('mocha')}`;
    assert.equal(testsIn(output)?.failed[0], 'outer > bad one');
  });

  it('are few, short and harmless whatever an output says', () => {
    const flood = Array.from(
      { length: 5_000 },
      (_, index) => `not ok ${String(index + 1)} - n${String(index)}`,
    );
    const tests = testsIn(['TAP version 13', ...flood].join('\n'));
    assert.equal(tests?.failed.length, 200);
    const hostile = testsIn(`TAP version 13\nnot ok 1 - a\u001b[2J\u202e\u0000b${'x'.repeat(5_000)}\n`)
      ?.failed[0];
    assert.equal(hostile?.length, 200);
    assert.ok(hostile.startsWith('abx'));
  });

  it('are found soon in the largest output that is kept, however it is made up', () => {
    const pieces = [
      ...[
        '<testcase a="',
        '<testcase a=\'x" ',
        '{"Action":"run","Package":"',
        'not ok 1 - { ',
        '::  FAILED ::',
      ],
      ...[
        'a/b.ts',
        'File "',
        '[[[[[[',
        'AErrorAError',
        '  1) a\n       b\n',
        '✖ ( # ',
        '1..1\nok # # #',
        ' - [',
      ],
      ...['TAP version 13\n                    ok 1\n', '1 passing\n  1 failing\n  1) x\n', 'test  ...  '],
    ];
    for (const piece of pieces) {
      const output = `error\n<testsuite>\n  1 passing\n${piece.repeat(Math.ceil((1 << 18) / piece.length))}`;
      const began = performance.now();
      testsIn(output);
      firstPlace(output, '/home/dev/rig');
      const took = performance.now() - began;
      assert.ok(took < 2_000, `${piece}: ${String(took)} ms`);
    }
  });
});
