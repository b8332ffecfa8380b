import { AccountError } from '../ports/account.ts';
import type { PersonPlaces } from '../town/dispatch.ts';
import type { HandContext } from './hands/context.ts';
import { keepPlaces } from './hands/places.ts';

/** What is left of the person's places, over all their rigs and windows, as dispatch needs to know it. */
export async function personPlaces(context: HandContext): Promise<PersonPlaces> {
  const { account } = context;
  const { maxAgents: max } = context.settings();
  try {
    const found = await account.held();
    const held = (await keepPlaces(context, found)) ? await account.held() : found;
    const rigs = await account.rigs();
    const agents = new Map<string, number>();
    for (const { rig } of held) agents.set(rig, (agents.get(rig) ?? 0) + 1);
    const most = [...agents].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    const names = new Map(rigs.map((one) => [one.rig, one.name]));
    return {
      max,
      left: Math.max(0, max - held.length),
      holders: most.map(([rig]) => names.get(rig) ?? rig),
      problem: null,
    };
  } catch (error) {
    // Not read is not the same as none taken: nothing starts until it can be told.
    if (error instanceof AccountError) return { max, left: 0, holders: [], problem: error.message };
    throw error;
  }
}
