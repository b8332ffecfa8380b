import { type Action, due } from './action.ts';
import type { Command } from './command.ts';
import { type Refusal, decide } from './decide.ts';
import type { RigState, TownEvent } from './state.ts';

export type Step =
  | {
      readonly ok: true;
      readonly state: RigState;
      readonly events: readonly TownEvent[];
      readonly actions: readonly Action[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** The town as one pure function: every engine that drives Rigs calls this and nothing else. */
export function step(state: RigState, command: Command): Step {
  const decision = decide(state, command);
  return decision.ok ? { ...decision, actions: due(decision.state) } : decision;
}
