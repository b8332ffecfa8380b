import assert from 'node:assert/strict';
import { dispatch } from '../../../src/town/dispatch.ts';
import type { SpentBudget } from '../../../src/town/fuel.ts';
import { facts, fuel, now, rigWith } from './fuels.ts';

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
});
