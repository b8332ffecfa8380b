import type { RunnerState } from '../ports/agents.ts';
import { type Seat, builtIn } from '../town/polecat.ts';

/** An account is known by its program: another one of the same vendor is another login. */
export function seatOf({ runner, provider, model }: RunnerState): Seat {
  return { runner, provider, tank: runner === builtIn ? provider : runner, model };
}
