import type { Store } from '../../src/ports/store.ts';
import type { World } from './world.ts';

/** A bug planted behind a seam, to see that the simulator finds it. */
export interface Mutant {
  readonly name: string;
  /** What becomes of the store that a window opens. */
  readonly store: (store: Promise<Store>, world: World) => Promise<Store>;
  readonly skipsLease: boolean;
}

export const none: Mutant = { name: 'none', store: (store) => store, skipsLease: false };
