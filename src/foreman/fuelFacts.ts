import { AccountError } from '../ports/account.ts';
import { isOpen } from '../town/bead.ts';
import type { Fuel } from '../town/fuel.ts';
import type { RigState } from '../town/state.ts';
import type { HandContext } from './hands/context.ts';

type Parts = Pick<HandContext, 'account' | 'rig' | 'settings' | 'state'>;

/** What the person's accounts and budgets can give, as dispatch needs to know it; null when it cannot be told. */
export async function fuelFacts({ account, rig, settings, state }: Parts): Promise<Fuel | null> {
  try {
    const { budgets } = settings();
    const fuel = await account.fuel(budgets === undefined ? undefined : { budgets, rig });
    return withoutEnded(fuel, state());
  } catch (error) {
    // Then nothing starts anyway: `personPlaces` says why.
    if (error instanceof AccountError) return null;
    throw error;
  }
}

/** What ended needs no budget, and there may be hundreds of them. */
function withoutEnded(fuel: Fuel, state: RigState): Fuel {
  const matters = ({ scope, of }: Fuel['spent'][number]): boolean => {
    if (scope === 'convoy') return found(state.convoys, of)?.closedAt === null;
    if (scope !== 'bead') return true;
    const bead = found(state.beads, of);
    return bead !== null && isOpen(bead.status);
  };
  const { budgets } = fuel;
  const spent = fuel.spent.filter(matters);
  return budgets === undefined ? { ...fuel, spent } : { ...fuel, spent, budgets: budgets.filter(matters) };
}

/** A budget may name whatever an account once heard of, `constructor` too. */
function found<T>(all: Readonly<Record<string, T>>, id: string | null): T | null {
  return id !== null && Object.hasOwn(all, id) ? (all[id] ?? null) : null;
}
