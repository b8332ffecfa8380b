import assert from 'node:assert/strict';
import type { HandContext, Line } from '../../../src/foreman/hands/context.ts';
import { house } from '../../../src/foreman/hands/house.ts';
import type { CheckRun } from '../../../src/ports/checks.ts';
import type { Furnished } from '../../../src/ports/git.ts';
import type { CheckResult } from '../../../src/town/check.ts';
import { polecatId } from '../../../src/town/ids.ts';
import type { Wish } from '../../../src/foreman/control.ts';
import { FakeGit } from '../../fakes/fakeGit.ts';

const nux = { polecat: polecatId('nux', 1), token: 7 };
const setup = { name: 'setup', command: 'npm', args: ['ci'], timeoutMs: 1_000 };

interface Given {
  readonly furniture?: Partial<Furnished>;
  readonly setup?: Partial<CheckResult>;
  /** What stands in the worktree afterwards and git does not ignore. */
  readonly left?: readonly string[];
}

/** Makes one worktree, and tells what came of it. */
async function housed(given: Given) {
  const git = new FakeGit();
  git.furniture = { files: [], folders: [], leftOut: [], ...given.furniture };
  const done: string[] = [];
  const wishes: Wish[] = [];
  const lines: Line[] = [];
  const furnish = git.furnish.bind(git);
  git.furnish = (...args) => {
    done.push('furnish');
    return furnish(...args);
  };
  const context = {
    git,
    repository: git.repository,
    places: { worktree: () => '/r.rigs/nux', spares: '/r.rigs/.spares', setupOutputs: '/s/setup' },
    settings: () => ({ worktreeSetup: given.setup === undefined ? null : setup, share: {} }),
    state: () => ({
      rig: { target: 'main' },
      polecats: { [nux.polecat]: { name: 'nux', branch: 'polecat/nux/gt-00001' } },
    }),
    checks: {
      run: ({ definitions }: CheckRun) => {
        done.push(...definitions.map((one) => one.name));
        git.edit('/r.rigs/nux', given.left ?? []);
        const passed = { outcome: 'passed', exitCode: 0, durationMs: 900, outputFile: '/s/setup-nux/1.log' };
        return Promise.resolve([{ name: 'setup', ...passed, ...given.setup }]);
      },
    },
    wish: (wish: Wish) => {
      wishes.push(wish);
      return Promise.resolve({ ok: true, seq: 1 });
    },
    say: (line: Line) => lines.push(line),
  } as unknown as HandContext;
  await house(context, nux, new AbortController().signal);
  return { done, lines, wish: wishes[0] };
}

describe('a worktree that is being made ready', () => {
  it('gets what git ignores before its setup runs, which may need it', async () => {
    const { done, wish } = await housed({ setup: {} });
    assert.deepEqual(done, ['furnish', 'setup']);
    assert.equal(wish?.type, 'housed');
  });

  it('tells the feed what came, and what did not and why', async () => {
    const { lines, wish } = await housed({
      furniture: {
        files: ['.env'],
        folders: ['node_modules'],
        leftOut: [
          { path: 'huge.key', why: 'too_large' },
          { path: 'big.key', why: 'too_large' },
          { path: 'dist', why: 'missing' },
        ],
      },
    });
    assert.deepEqual(
      lines.map(({ what, level, facts }) => [what, level, facts]),
      [
        ['worktree.furnished', 'info', { files: ['.env'], folders: ['node_modules'] }],
        ['worktree.left_out', 'warning', { why: 'too_large', paths: ['huge.key', 'big.key'] }],
        ['worktree.left_out', 'info', { why: 'missing', paths: ['dist'] }],
      ],
    );
    assert.equal(wish?.type, 'housed');
  });

  it('says when its setup starts, and how it ended with the file of its output', async () => {
    const { lines } = await housed({ setup: {} });
    assert.deepEqual(
      lines.map(({ what, facts }) => [what, facts]),
      [
        ['setup.started', { name: 'setup' }],
        [
          'setup.finished',
          { name: 'setup', outcome: 'passed', durationMs: 900, output: '/s/setup-nux/1.log' },
        ],
      ],
    );
  });

  it('is not used after a setup that failed or took too long', async () => {
    for (const outcome of ['failed', 'timed_out', 'not_runnable'] as const) {
      const { wish } = await housed({ setup: { outcome } });
      assert.ok(wish?.type === 'housingFailed');
      assert.deepEqual(wish.reason, {
        code: 'setup_failed',
        facts: { name: 'setup', output: '/s/setup-nux/1.log' },
      });
    }
  });

  it('is not used where the setup leaves what would land with the work', async () => {
    const { wish } = await housed({ setup: {}, left: ['build/out.js'] });
    assert.ok(wish?.type === 'housingFailed');
    assert.match(String(wish.reason.facts['message']), /build\/out\.js/);
  });

  it('says nothing where nothing was wanted', async () => {
    const { lines, wish } = await housed({});
    assert.deepEqual(lines, []);
    assert.equal(wish?.type, 'housed');
  });
});
