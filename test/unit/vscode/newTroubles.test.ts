import assert from 'node:assert/strict';
import { freshTank } from '../../../src/town/presets.ts';
import type { Tank, TankProblem } from '../../../src/town/tank.ts';
import { NewTroubles } from '../../../src/vscode/needs/newTroubles.ts';

describe('An account that lets nobody in', () => {
  const tank = (kind: TankProblem['kind'] | null, at = 10, detail = ''): Tank => ({
    ...freshTank('openai', 'openai'),
    problem: kind === null ? null : { kind, detail, at },
  });

  it('is told of once, however many agents met it, and again when it happens again', () => {
    const troubles = new NewTroubles(5);
    const told = (one: Tank): number => troubles.in([one]).length;
    assert.deepEqual(
      [
        told(tank(null)),
        told(tank('auth')),
        told(tank('auth', 11, 'in other words')),
        told(tank('credit', 12)),
        told(tank(null)),
        told(tank('credit', 13)),
      ],
      [0, 1, 0, 1, 0, 1],
    );
  });

  it('is not told of by a window that opens later', () => {
    assert.deepEqual(new NewTroubles(20).in([tank('auth')]), []);
  });
});
