import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BeadStatus } from '../../../src/town/bead.ts';
import { type Assignment, dispatch } from '../../../src/town/dispatch.ts';
import { filesOf, intersect } from '../../../src/town/overlap.ts';
import { type RigState, type TownEvent, fold } from '../../../src/town/state.ts';
import { beadMoved } from '../../fakes/events.ts';
import { facts, nth, now, rigWith } from './fuels.ts';

const plenty = { claude: 0.9, codex: 0.9, gemini: 0.9 };

/** For each bead in order: true when it starts, else the number of the bead whose files it waits for. */
function starts(state: RigState, overlap: 'hold' | 'allow' = 'hold'): readonly unknown[] {
  return dispatch(state, facts(plenty, {}, { overlap }), now).map((one: Assignment) => {
    if ('seat' in one) return true;
    assert.equal(one.wait.code, 'overlaps');
    return one.wait.facts['bead'];
  });
}

describe('beads that touch the same files', () => {
  const pair = [{ touches: ['src/time/**'] }, { touches: ['src/time/parse.ts'] }, { touches: ['docs/*'] }];

  it('do not start together, and the one that waits names the other and the file', () => {
    const state = rigWith(pair);
    assert.deepEqual(starts(state), [true, nth(0), true]);
    const second = dispatch(state, facts(plenty), now).find(({ bead }) => bead === nth(1));
    assert.ok(second !== undefined && 'wait' in second);
    assert.deepEqual(
      [second.wait.facts['title'], second.wait.facts['file']],
      ['bead 0', 'src/time/parse.ts'],
    );
  });

  it('start together where they are told to', () => {
    assert.deepEqual(starts(rigWith(pair), 'allow'), [true, true, true]);
  });

  it('wait as long as the other is at work, whoever is older, and no longer', () => {
    let state = rigWith(pair);
    for (const to of ['assigned', 'in_progress', 'reviewing'] as const) {
      state = fold(state, beadMoved(nth(1), to, now));
      assert.deepEqual(starts(state), [nth(1), true]);
    }
    state = fold(state, beadMoved(nth(1), 'merging', now));
    assert.deepEqual(starts(state), [true, true]);
  });

  it('are those that the other really changed, once it changed some, and no more the ones it was expected to', () => {
    let state = rigWith([
      { touches: ['src/time/**'] },
      { touches: ['src/time/parse.ts'] },
      { touches: ['README.md'] },
    ]);
    for (const to of ['assigned', 'in_progress'] as const) state = fold(state, beadMoved(nth(0), to, now));
    assert.deepEqual(starts(state), [nth(0), true]);
    state = fold(state, { type: 'bead.touched', bead: nth(0), files: ['README.md'], at: now });
    assert.deepEqual(starts(state), [true, nth(0)]);
  });

  it('are unknown where no bead says any, and nothing waits', () => {
    assert.deepEqual(starts(rigWith([{}, {}, { touches: ['**'] }])), [true, true, true]);
  });
});

describe('two globs', () => {
  for (const [a, b, both] of [
    ['src/a.ts', 'src/a.ts', true],
    ['src/a.ts', './src/a.ts', true],
    ['src', 'src/deep/a.ts', true],
    ['src/', 'src/deep/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**', 'test/**', false],
    ['**/*.md', 'docs/**', true],
    ['src/{a,b}.ts', 'src/b.*', true],
    ['src/{a,b}.ts', 'src/c.ts', false],
    ['src/[ab].ts', 'src/?.ts', true],
    ['srcs/a.ts', 'src', false],
    ['', 'src/a.ts', false],
    ['x'.repeat(400), `${'x'.repeat(399)}*`, true],
  ] as const)
    it(`${a.slice(0, 20)} and ${b.slice(0, 20)} ${both ? 'share a file' : 'share none'}`, () => {
      assert.deepEqual([intersect(a, b), intersect(b, a)], [both, both]);
    });

  it('share a file whenever a file fits both, whichever is asked first', () => {
    const name = fc.constantFrom('a', 'b', 'ab');
    const path = fc.array(name, { minLength: 1, maxLength: 4 });
    /** Each part of the path as it is, or as something that fits it. */
    const ways = fc.array(fc.constantFrom('0', '1', '2', '3', '4'), { minLength: 8, maxLength: 8 });
    const globOf = (parts: readonly string[], how: readonly string[]): string =>
      parts
        .map(
          (one, at) => ({ 1: '*', 2: '**', 3: `${one[0] ?? ''}*`, 4: `{${one},c}` })[how[at] ?? '0'] ?? one,
        )
        .join('/');
    fc.assert(
      fc.property(path, ways, (parts, how) => {
        const [a, b] = [globOf(parts, how), globOf(parts, how.toReversed())];
        assert.deepEqual([intersect(a, b), intersect(b, a)], [true, true], `${a} ${b}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the files of a bead', () => {
  it('are what its evidence holds, else what it changed so far, else what was expected', () => {
    const touches = ['src/**'];
    assert.deepEqual(filesOf({ evidence: null, touches }), touches);
    assert.deepEqual(filesOf({ evidence: null, touched: ['a.ts'], touches }), ['a.ts']);
  });

  it('are the expected ones again when its work is begun anew', () => {
    const touched = { type: 'bead.touched', bead: nth(0), files: ['docs/a.md'], at: now } as const;
    const failed = ['assigned', 'in_progress', 'failed'].map((to) => beadMoved(nth(0), to as BeadStatus));
    const before = [...failed.slice(0, 2), touched, ...failed.slice(2)];
    const filesAfter = (events: readonly TownEvent[]): readonly string[] => {
      const state = events.reduce(fold, rigWith([{ touches: ['src/**'] }]));
      const bead = state.beads[nth(0)];
      assert.ok(bead !== undefined);
      return filesOf(bead);
    };
    assert.deepEqual(filesAfter(before), ['docs/a.md']);
    assert.deepEqual(filesAfter([...before, beadMoved(nth(0), 'queued')]), ['src/**']);
  });
});
