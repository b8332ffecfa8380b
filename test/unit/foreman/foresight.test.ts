import { deepEqual, equal, rejects } from 'node:assert/strict';
import { Foresight } from '../../../src/foreman/foresight.ts';
import { type CommitId, parseCommitId } from '../../../src/town/ids.ts';

const repository = { commonDir: '/r/.git', root: '/r', branch: 'main', remote: null };

function commit(digit: string): CommitId {
  const id = parseCommitId(digit.repeat(40));
  if (id === null) throw new Error(`${digit} is no hex digit`);
  return id;
}
const [a, b, c, d] = [commit('a'), commit('b'), commit('c'), commit('d')];

/** a and b conflict with one another and with nothing else. */
class Git {
  readonly asked: (readonly [CommitId, CommitId])[][] = [];
  problem: Error | null = null;

  async foresee(
    _repository: unknown,
    pairs: readonly (readonly [CommitId, CommitId])[],
  ): Promise<readonly (readonly string[])[]> {
    this.asked.push([...pairs]);
    await Promise.resolve();
    if (this.problem !== null) throw this.problem;
    return pairs.map((pair) => (pair.includes(a) && pair.includes(b) ? ['x.ts'] : []));
  }
}

describe('What the queue knows beforehand of conflicts', () => {
  it('is asked of git for each pair once, in whatever order they come', async () => {
    const git = new Git();
    const foresight = new Foresight(git);
    deepEqual(await foresight.among(repository, [a, b]), [{ one: a, other: b, files: ['x.ts'] }]);
    deepEqual(await foresight.among(repository, [b, c, a]), [{ one: b, other: a, files: ['x.ts'] }]);
    await foresight.among(repository, [c, b, a]);
    deepEqual(git.asked, [
      [[a, b]],
      [
        [b, c],
        [c, a],
      ],
    ]);
  });

  it('is not asked twice by two who ask at once, nor when there is nothing to compare', async () => {
    const git = new Git();
    const foresight = new Foresight(git);
    await Promise.all([foresight.among(repository, [a, b]), foresight.among(repository, [a, b])]);
    await foresight.among(repository, [a, a]);
    equal(git.asked.length, 1);
  });

  it('is never taken for nothing when git cannot say it, and is asked again', async () => {
    const git = new Git();
    const foresight = new Foresight(git);
    git.problem = new Error('no such commit');
    await rejects(foresight.among(repository, [a, b]), /no such commit/);
    git.problem = null;
    equal((await foresight.among(repository, [a, b])).length, 1);
  });

  it('keeps no more than it may, the newest of it', async () => {
    const git = new Git();
    const foresight = new Foresight(git, 2);
    for (const other of [b, c, d, d]) await foresight.among(repository, [a, other]);
    await foresight.among(repository, [a, b]);
    deepEqual(
      git.asked.map((pairs) => pairs.length),
      [1, 1, 1, 1],
    );
  });
});
