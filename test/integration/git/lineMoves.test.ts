import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Repository } from '../../../src/ports/git.ts';
import { GitError } from '../../../src/ports/git.ts';
import { type Anchored, anchor } from '../../../src/town/anchor.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

const lines = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, at) => `line ${String(at + from)}\n`).join('');

describe('lines that a comment is about, over an agent’s real commits', () => {
  let box: Sandbox;
  let repository: Repository;
  beforeEach(async () => {
    box = await sandbox({ 'src/a.ts': lines(30), 'b.ts': lines(20, 100) });
    repository = await box.repository();
  });
  afterEach(() => box.end());

  /** Where a line of the first commit's file is at the last one. */
  async function follow(
    from: CommitId,
    to: CommitId,
    path: string,
    line: number,
  ): Promise<{ readonly path: string | null; readonly at: Anchored }> {
    const [move] = await box.git.lineMoves(repository, [from, to], [path]);
    assert.ok(move !== undefined);
    return { path: move.path, at: anchor(move.hunks, { from: line, to: line }) };
  }

  it('move with what is put in before them and with the name of their file', async () => {
    const first = await box.at('HEAD');
    await box.commit({ 'src/a.ts': `// one\n// two\n${lines(30)}` });
    await box.person('mv', 'src/a.ts', 'src/renamed.ts');
    const last = await box.commit({});
    assert.deepEqual(await follow(first, last, 'src/a.ts', 12), {
      path: 'src/renamed.ts',
      at: { from: 14, to: 14, outdated: false },
    });
  });

  it('are outdated where they were taken away, at the line nearest to them', async () => {
    const first = await box.at('HEAD');
    const kept = lines(30).replace('line 12\nline 13\n', '');
    const last = await box.commit({ 'src/a.ts': kept });
    assert.deepEqual((await follow(first, last, 'src/a.ts', 13)).at, { from: 11, to: 11, outdated: true });
    assert.deepEqual((await follow(first, last, 'src/a.ts', 14)).at, { from: 12, to: 12, outdated: false });
  });

  it('have no file where that went, and stay where nothing happened to it', async () => {
    const first = await box.at('HEAD');
    const last = await box.commit({ 'src/a.ts': null, 'c.ts': 'new\n' });
    const moves = await box.git.lineMoves(repository, [first, last], ['src/a.ts', 'b.ts']);
    assert.deepEqual(moves, [
      { path: null, hunks: [] },
      { path: 'b.ts', hunks: [] },
    ]);
  });

  it('cannot be told between commits that are gone', async () => {
    const gone = 'f'.repeat(40) as CommitId;
    const asked = box.git.lineMoves(repository, [gone, await box.at('HEAD')], ['b.ts']);
    await assert.rejects(asked, (error) => GitError.is(error, 'failed'));
  });

  it('are found wherever git’s own diff leaves them, whatever is edited', async () => {
    const edits = fc.array(fc.record({ at: fc.nat(29), drop: fc.nat(3), put: fc.nat(3) }), {
      minLength: 1,
      maxLength: 5,
    });
    const first = await box.at('HEAD');
    for (const [nth, round] of fc.sample(edits, { numRuns: 8, seed: 3 }).entries()) {
      const now = lines(30).trimEnd().split('\n');
      for (const { at, drop, put } of round)
        now.splice(
          at,
          drop,
          ...Array.from({ length: put }, (_, n) => `new ${String(nth)}.${String(at)}.${String(n)}`),
        );
      const last = await box.beside(first, { 'src/a.ts': `${now.join('\n')}\n` });
      const [move] = await box.git.lineMoves(repository, [first, last], ['src/a.ts']);
      for (let line = 1; line <= 30; line += 1) {
        const found = anchor(move?.hunks ?? [], { from: line, to: line });
        const there = now.indexOf(`line ${String(line)}`);
        assert.equal(found.outdated, there < 0, `line ${String(line)}`);
        if (there >= 0) assert.equal(found.from, there + 1);
      }
    }
  });
});
