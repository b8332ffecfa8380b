import assert from 'node:assert/strict';
import { whatAgain, withSecond } from '../../harness/again.ts';
import { type Outcome, type Tally, emptyTally } from '../../harness/outcome.ts';

const file = 'test/integration/a.test.ts';
const one = (
  describe: string,
  name: string,
  state: Outcome['state'] = 'passed',
  of: string | undefined = file,
): Outcome => ({ title: `${describe} ${name}`, describe, file: of, state });
const tally = (...outcomes: Outcome[]): Tally => ({ ...emptyTally, outcomes });

function both(first: Tally, second: Tally): { counts: Record<string, number>; unsteady: readonly string[] } {
  const again = whatAgain(first);
  assert(again !== undefined);
  const { outcomes, unsteady } = withSecond(first, again, second);
  const counts: Record<string, number> = {};
  for (const { state } of outcomes) counts[state] = (counts[state] ?? 0) + 1;
  return { counts, unsteady: unsteady.map(({ title }) => title) };
}

describe('what of a suite is tried again', () => {
  it('is nothing where nothing failed', () => {
    assert.equal(whatAgain(tally(one('git', 'works'), one('git', 'waits', 'skipped'))), undefined);
  });

  it('is the describe that a failed test stands in, in its file, and no other', () => {
    const again = whatAgain(tally(one('git (real)', 'works', 'failed'), one('git', 'is kept')));
    assert.deepEqual(again?.files, [file]);
    const words = new RegExp(again.grep ?? 'none');
    assert.match('git (real) works', words);
    for (const other of ['git works', 'git (reality) works', 'not git (real)'])
      assert.doesNotMatch(other, words);
  });

  it('is a whole file when it did not load', () => {
    assert.deepEqual(whatAgain(tally({ title: file, file, state: 'failed' })), { files: [file] });
  });

  it('is nothing when so much failed that it is no bad luck', () => {
    const failed = Array.from({ length: 7 }, (_, at) => one(`part ${String(at)}`, 'works', 'failed'));
    assert.equal(whatAgain(tally(...failed)), undefined);
  });

  it('is not what failed without any file, such as a suite that came to no end', () => {
    assert.equal(whatAgain(tally(one('suite', 'ended', 'failed', ''))), undefined);
  });
});

describe('the second try', () => {
  const first = tally(one('git', 'lands'), one('git', 'waits', 'failed'), one('store', 'keeps'));

  it('makes a test that passes then a passed one, which is named', () => {
    const { counts, unsteady } = both(first, tally(one('git', 'lands'), one('git', 'waits')));
    assert.deepEqual(counts, { passed: 3 });
    assert.deepEqual(unsteady, ['git waits']);
  });

  it('leaves a test that fails again failed', () => {
    const { counts, unsteady } = both(first, tally(one('git', 'lands'), one('git', 'waits', 'failed')));
    assert.deepEqual(counts, { passed: 2, failed: 1 });
    assert.deepEqual(unsteady, []);
  });

  it('fails with what fails only then', () => {
    const { counts } = both(first, tally(one('git', 'lands', 'failed'), one('git', 'waits')));
    assert.deepEqual(counts, { passed: 2, failed: 1 });
  });

  it('leaves failed what did not come up again', () => {
    assert.deepEqual(both(first, tally()).counts, { passed: 1, failed: 1 });
    assert.deepEqual(both(first, tally(one('git', 'waits', 'skipped'))).unsteady, []);
  });

  const hook = one('git', '"before all" hook for "lands"', 'failed');

  it('counts the tests below a hook that works then', () => {
    const { counts, unsteady } = both(tally(hook), tally(one('git', 'lands'), one('git', 'waits')));
    assert.deepEqual(counts, { passed: 2 });
    assert.deepEqual(unsteady, [hook.title]);
  });

  it('is failed when the hook fails again', () => {
    assert.deepEqual(both(tally(hook), tally(hook)), { counts: { failed: 1 }, unsteady: [] });
  });
});
