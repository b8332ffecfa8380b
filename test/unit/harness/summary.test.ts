import assert from 'node:assert/strict';
import { type Outcome, emptyTally } from '../../harness/outcome.ts';
import { type Ran, slowest, summary } from '../../harness/summary.ts';

const file = 'test/integration/a.test.ts';
const passed: Outcome = { title: 'git lands', describe: 'git', file, state: 'passed' };
const failed: Outcome = {
  ...passed,
  title: 'git waits',
  state: 'failed',
  message: 'Error: no\n    at a.ts:1',
};
const ran = (outcomes: readonly Outcome[], rest: Partial<Ran['tally']> = {}): Ran => ({
  suite: 'integration',
  tally: { ...emptyTally, outcomes, ...rest },
});

describe('the end of a run', () => {
  it('is the line that counts', () => {
    assert.deepEqual(summary([ran([passed])]), { lines: ['', '1 passed, 0 failed'], ok: true });
  });

  it('names the skipped in that line', () => {
    const { lines } = summary([ran([passed, { ...passed, state: 'skipped' }])]);
    assert.equal(lines.at(-1), '1 passed, 0 failed, 1 skipped');
  });

  it('lists what failed before it: suite, title, file and the error', () => {
    const { lines, ok } = summary([ran([passed, failed])]);
    assert.equal(ok, false);
    assert.deepEqual(lines, [
      '',
      'What failed',
      '  ✘ integration: git waits',
      `    ${file}`,
      '      Error: no',
      '          at a.ts:1',
      '',
      '1 passed, 1 failed',
    ]);
  });

  it('fits into a hundred lines, however long the errors are', () => {
    const long = { ...failed, message: 'a line\n'.repeat(500) };
    for (const many of [1, 2, 10, 20]) {
      const { lines } = summary([ran(Array.from({ length: many }, () => long))]);
      assert(lines.length <= 100, `${String(lines.length)} lines for ${String(many)} failures`);
    }
  });

  it('names what was steady only at the second try, and counts it apart', () => {
    const { lines, ok } = summary([ran([passed, passed], { unsteady: [failed] })]);
    assert.equal(ok, true);
    assert.match(lines.join('\n'), /Steady only at the second try:\n {2}integration: git waits\n/);
    assert.equal(lines.at(-1), '2 passed, 0 failed, 1 steady only at the second try');
  });

  it('is no success when nothing ran', () => {
    assert.equal(summary([]).ok, false);
  });

  it('names the slowest files when asked, slowest first', () => {
    const [, first, second] = slowest([ran([], { seconds: { quick: 1, slow: 12.34 } })]);
    assert.equal(first, '    12.3 s  slow');
    assert.equal(second, '     1.0 s  quick');
  });
});
