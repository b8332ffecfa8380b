import assert from 'node:assert/strict';
import { dispatch } from '../../../src/town/dispatch.ts';
import { explain } from '../../../src/town/explain.ts';
import type { SpentBudget } from '../../../src/town/fuel.ts';
import { claude, codex, facts, fuel, now, nth, rigWith } from './fuels.ts';

describe('a bead that waits', () => {
  const today = { scope: 'day', of: null, unit: 'tokens', limit: 1_000, used: 1_000 } as const;
  const reasonWith = (left: Readonly<Record<string, number>>, spent: readonly SpentBudget[]): string => {
    const given = facts(left, { fuel: fuel(left, { spent }) });
    const [only] = dispatch(rigWith([{ preferredProvider: 'claude' }]), given, now);
    assert.ok(only !== undefined && 'wait' in only);
    return only.wait.code;
  };

  it("waits for today's tokens, though an account would be full again by itself", () => {
    assert.equal(reasonWith({ claude: 0, codex: 0.9, gemini: 0.9 }, [today]), 'budget_spent');
    assert.equal(reasonWith({ claude: 0.9, codex: 0.9, gemini: 0.9 }, [today]), 'budget_spent');
  });

  it('waits for the account that is full again first where no budget holds it', () => {
    assert.equal(reasonWith({ claude: 0, codex: 0, gemini: 0 }, []), 'tank_dry');
  });

  it('waits for a place when one that a seat suits better took the last, not for a seat', () => {
    const state = rigWith([{ type: 'implementation' }, { type: 'test' }]);
    const given = facts({ claude: 0, codex: 0.9 }, { seats: [claude, codex], maxPolecats: 1 });
    const [made, tried] = dispatch(state, given, now);
    assert.deepEqual([tried?.bead, tried !== undefined && 'seat' in tried], [nth(1), true]);
    assert.ok(made !== undefined && 'wait' in made);
    assert.equal(made.wait.code, 'no_free_slot');
    const told = explain(state, given, now, nth(0));
    assert.deepEqual([told?.rule, told?.wait?.code, told?.from], ['no_slot', 'no_free_slot', null]);
  });
});
