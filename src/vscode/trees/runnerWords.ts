import type { RunnerState } from '../../ports/agents.ts';
import type { Polecat } from '../../town/polecat.ts';
import { plain } from '../text.ts';
import type { RigView } from './view.ts';

/** The runner of a polecat's seat, as far as it is known in this window. */
export function runnerOf(view: RigView, polecat: Polecat): RunnerState | null {
  const { runner, provider } = polecat.seat;
  const all = view.agents.runners(view.rig.control);
  return all.find((one) => one.runner === runner && one.provider === provider) ?? null;
}

/** How people know a polecat's agent. */
export function agentName(view: RigView, polecat: Polecat): string {
  return plain(runnerOf(view, polecat)?.name ?? polecat.seat.provider, 40);
}

/** Runners of a rig whose agents do everything without asking, as a warning; empty when there is none. */
export function neverAsking(view: RigView): string {
  const names = view.agents
    .runners(view.rig.control)
    .filter((one) => one.mode === 'bypass')
    .map((one) => plain(one.name, 40));
  return names.length === 0 ? '' : view.t('{agents} never asks', { agents: names.join(', ') });
}
