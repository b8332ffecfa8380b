import type { Agents, HookAnswer, HookMeaning } from '../../src/ports/agents.ts';

/** Agents of which a test says only what it is about. */
export function fakeAgents(those: Partial<Agents> = {}): Agents {
  return {
    seats: () => Promise.resolve([{ runner: 'worker', provider: 'p', tank: 'p', model: 'm' }]),
    runners: () => Promise.resolve([]),
    polls: () => Promise.resolve([]),
    start: () => Promise.resolve({ file: 'agent', args: [], env: {} }),
    hook: (_seat, _event, body) => playedHook(body),
    watch: () => Promise.resolve(),
    quit: () => 'interrupt',
    hears: () => true,
    access: () =>
      Promise.resolve({ provider: 'p', wire: 'anthropic', model: 'm', baseUrl: null, apiKey: 'k' }),
    knownGoals: () => Promise.resolve([]),
    assayer: () => Promise.resolve(null),
    ...those,
  };
}

/** A vendor whose hooks say in JSON what they mean, and print what they are answered. */
export function playedHook(body: string): HookMeaning {
  const { sightings = [], question = null } = JSON.parse(body) as Partial<HookMeaning>;
  return { sightings, question, print: (answer: HookAnswer) => JSON.stringify(answer) };
}
