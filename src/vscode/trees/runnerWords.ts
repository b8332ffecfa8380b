import type { AgentMode, RunnerState } from '../../ports/agents.ts';
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

/** Whether a polecat's agent asks: as it was started, and else as the next one will be. */
export function modeOf(view: RigView, polecat: Polecat): AgentMode | null {
  const { id, token, session } = polecat;
  const launched =
    session === null ? null : view.agents.launchedMode(view.rig.control, { polecat: id, token });
  return launched ?? runnerOf(view, polecat)?.mode ?? null;
}

/** Polecats whose running agent was started never to ask. */
export function startedNeverAsking(view: RigView, runner: string): boolean {
  return Object.values(view.state.polecats).some(
    (one) => one.session !== null && one.seat.runner === runner && modeOf(view, one) === 'bypass',
  );
}

/** Runners of a rig whose agents do everything without asking, as a warning; empty when there is none. */
export function neverAsking(view: RigView): string {
  const names = view.agents
    .runners(view.rig.control)
    .filter((one) => one.mode === 'bypass' || startedNeverAsking(view, one.runner))
    .map((one) => plain(one.name, 40));
  return names.length === 0 ? '' : view.t('{agents} never asks', { agents: names.join(', ') });
}
