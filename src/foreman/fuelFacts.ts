import { AccountError } from '../ports/account.ts';
import type { Fuel } from '../town/fuel.ts';
import type { HandContext } from './hands/context.ts';

/** What the person's accounts can give, as dispatch needs to know it; null when it cannot be told. */
export async function fuelFacts({ account }: Pick<HandContext, 'account'>): Promise<Fuel | null> {
  try {
    return await account.fuel();
  } catch (error) {
    // Then nothing starts anyway: `personPlaces` says why.
    if (error instanceof AccountError) return null;
    throw error;
  }
}
