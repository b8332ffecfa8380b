import { decide } from '../../../src/town/decide.ts';
import { defaultRouting } from '../../../src/town/routing.ts';
import type { Policy } from './policies.ts';

/** Rigs itself: the tick of the real town, with a person's settings as they are before anybody touched them. */
export function rigs(): Policy {
  return (state, facts, at) => {
    const decision = decide(state, { type: 'tick', routing: defaultRouting, ...facts, at });
    if (!decision.ok) throw new Error(`a tick was refused: ${JSON.stringify(decision.refusal)}`);
    return decision.events;
  };
}
