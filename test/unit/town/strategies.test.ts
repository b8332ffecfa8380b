import assert from 'node:assert/strict';
import type { Priority } from '../../../src/town/bead.ts';
import { dispatch } from '../../../src/town/dispatch.ts';
import type { Strategy } from '../../../src/town/routing.ts';
import { facts, now, rigWith } from './fuels.ts';

/** By provider: g(reen), y(ellow), r(ed), e(mpty) of claude, codex and gemini; the best suited for `test` is codex. */
type Levels = `${'g' | 'y' | 'r' | 'e'}${'g' | 'y' | 'r' | 'e'}${'g' | 'y' | 'r' | 'e'}`;
type Row = readonly [Strategy, Priority, Levels, string];

const left = { g: 0.9, y: 0.35, r: 0.08, e: 0 } as const;
/** Gemini counts as yellow and red later than the others. */
const leftOf = (provider: string, level: keyof typeof left): number =>
  provider === 'gemini' && level === 'y' ? 0.25 : left[level];

const rows: readonly Row[] = [
  // critical: any that can carry it
  ['conservative', 'critical', 'ggg', 'codex'],
  ['conservative', 'critical', 'rrr', 'codex'],
  ['conservative', 'critical', 'rer', 'claude'],
  ['conservative', 'critical', 'eee', 'tank_dry'],
  ['balanced', 'critical', 'rrr', 'codex'],
  ['balanced', 'critical', 'eer', 'gemini'],
  ['balanced', 'critical', 'eee', 'tank_dry'],
  ['aggressive', 'critical', 'rrr', 'codex'],
  ['aggressive', 'critical', 'eer', 'gemini'],
  ['aggressive', 'critical', 'eee', 'tank_dry'],
  // conservative, high and normal: the best suited must be green
  ['conservative', 'high', 'ggg', 'codex'],
  ['conservative', 'high', 'ygy', 'codex'],
  ['conservative', 'high', 'gyg', 'strategy_defers'],
  ['conservative', 'high', 'grg', 'strategy_defers'],
  ['conservative', 'high', 'geg', 'tank_dry'],
  ['conservative', 'normal', 'rgr', 'codex'],
  ['conservative', 'normal', 'gyg', 'strategy_defers'],
  // conservative, low: all must be green
  ['conservative', 'low', 'ggg', 'codex'],
  ['conservative', 'low', 'ggy', 'strategy_defers'],
  ['conservative', 'low', 'ygg', 'strategy_defers'],
  ['conservative', 'low', 'egg', 'tank_dry'],
  // balanced, high and normal: the best score among green and yellow
  ['balanced', 'high', 'ggg', 'codex'],
  ['balanced', 'high', 'gyg', 'claude'],
  ['balanced', 'high', 'ryr', 'codex'],
  ['balanced', 'high', 'rry', 'gemini'],
  ['balanced', 'high', 'rrr', 'strategy_defers'],
  ['balanced', 'normal', 'gre', 'claude'],
  ['balanced', 'normal', 'rrr', 'strategy_defers'],
  // balanced, low: only green
  ['balanced', 'low', 'ggg', 'codex'],
  ['balanced', 'low', 'gyy', 'claude'],
  ['balanced', 'low', 'yyy', 'strategy_defers'],
  // aggressive, high and normal: the best score of all that can carry it
  ['aggressive', 'high', 'ggg', 'codex'],
  ['aggressive', 'high', 'rrr', 'codex'],
  ['aggressive', 'normal', 'rer', 'claude'],
  ['aggressive', 'normal', 'eee', 'tank_dry'],
  // aggressive, low: green and yellow
  ['aggressive', 'low', 'yyy', 'codex'],
  ['aggressive', 'low', 'ryr', 'codex'],
  ['aggressive', 'low', 'rrr', 'strategy_defers'],
];

describe('a strategy', () => {
  for (const [strategy, priority, levels, expected] of rows) {
    it(`${strategy}: a ${priority} bead with accounts at ${levels} → ${expected}`, () => {
      const [a, b, c] = levels.split('') as (keyof typeof left)[];
      const tanks = {
        claude: leftOf('claude', a ?? 'e'),
        codex: leftOf('codex', b ?? 'e'),
        gemini: leftOf('gemini', c ?? 'e'),
      };
      const state = rigWith([{ type: 'test', priority }]);
      const [only] = dispatch(state, facts(tanks, {}, { strategy }), now);
      assert.ok(only !== undefined);
      assert.equal('seat' in only ? only.seat.provider : only.wait.code, expected);
    });
  }

  it('says until when it defers: the first reset of an account that it could take then', () => {
    const state = rigWith([{ type: 'test' }]);
    const [only] = dispatch(state, facts({ claude: 0.08, codex: 0.08, gemini: 0.08 }), now);
    assert.ok(only !== undefined && 'wait' in only);
    assert.equal(only.wait.facts['until'], now + 7_200_000);
  });
});
