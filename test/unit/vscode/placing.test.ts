import { deepEqual, equal } from 'node:assert/strict';
import { GitError } from '../../../src/ports/git.ts';
import type { CommitId, ThreadId } from '../../../src/town/ids.ts';
import type { ReviewThread } from '../../../src/town/review.ts';
import { placeThreads } from '../../../src/vscode/review/placing.ts';

const [base, changed, older] = ['a', 'b', 'c'].map((one) => one.repeat(40) as CommitId) as [
  CommitId,
  CommitId,
  CommitId,
];
const thread = (id: number, more: Partial<ReviewThread['place']> = {}): ReviewThread => ({
  id: `rt-0000${String(id)}` as ThreadId,
  place: { commit: older, side: 'changed', path: 'a.ts', from: 3, to: 4, lines: '', ...more },
  state: 'sent',
  notes: [],
  changedAt: 1,
});
const unexpected = (error: unknown): void => {
  throw error;
};

describe('Comments in the diff that is open', () => {
  it('stand where they were written as long as the commit is the same, without asking git', async () => {
    const threads = [thread(1, { commit: changed }), thread(2, { commit: base, side: 'base' })];
    const asked = (): never => {
      throw new Error('asked');
    };
    const placed = await placeThreads(threads, [base, changed], asked, unexpected);
    deepEqual(
      placed.map(({ thread: { id }, at }) => [id, at]),
      [
        ['rt-00001', { from: 3, to: 4, outdated: false }],
        ['rt-00002', { from: 3, to: 4, outdated: false }],
      ],
    );
  });

  it('follow their file and lines, each on its own side, asked for once a commit', async () => {
    const asked: unknown[] = [];
    const threads = [thread(1), thread(2, { from: 9, to: 9 }), thread(3, { side: 'base', path: 'b.ts' })];
    const placed = await placeThreads(
      threads,
      [base, changed],
      (between, paths) => {
        asked.push([between[1], paths]);
        const hunks = [{ from: 0, removed: 0, to: 1, added: 2 }];
        return Promise.resolve(paths.map((path) => ({ path: path === 'b.ts' ? null : 'new.ts', hunks })));
      },
      unexpected,
    );
    deepEqual(asked, [
      [base, ['b.ts']],
      [changed, ['a.ts']],
    ]);
    deepEqual(
      placed.map(({ thread: { id }, path, at }) => [id, path, at.from, at.outdated]),
      [
        ['rt-00003', 'b.ts', 1, true],
        ['rt-00001', 'new.ts', 5, false],
        ['rt-00002', 'new.ts', 11, false],
      ],
    );
  });

  it('are not lost when git knows their commit no more', async () => {
    const failures: unknown[] = [];
    const placed = await placeThreads(
      [thread(1)],
      [base, changed],
      () => Promise.reject(new GitError('failed', 'bad object')),
      (error) => failures.push(error),
    );
    deepEqual(placed[0]?.at, { from: 3, to: 4, outdated: true });
    equal(failures.length, 1);
  });
});
