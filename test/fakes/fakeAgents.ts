import type { Agents } from '../../src/ports/agents.ts';

/** Agents of which a test says only what it is about. */
export function fakeAgents(those: Partial<Agents> = {}): Agents {
  return {
    seats: () => Promise.resolve([{ runner: 'worker', provider: 'p', tank: 'p', model: 'm' }]),
    runners: () => Promise.resolve([]),
    start: () => Promise.resolve({ file: 'agent', args: [], env: {} }),
    hook: () => ({ sightings: [], question: null, print: () => '' }),
    watch: () => Promise.resolve(),
    quit: () => 'interrupt',
    access: () => Promise.resolve({ provider: 'p', model: 'm', baseUrl: null, apiKey: 'k' }),
    knownGoals: () => Promise.resolve([]),
    planner: () => Promise.resolve(null),
    ...those,
  };
}
