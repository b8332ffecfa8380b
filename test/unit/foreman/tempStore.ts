import type { Store } from '../../../src/ports/store.ts';
import { emptyRig, fold, type RigState, type TownEvent } from '../../../src/town/state.ts';
const states = new WeakMap<Store, { state: RigState }>();
export function memoryStore(before?: Store): Store {
  const memory = { state: (before === undefined ? undefined : states.get(before)?.state) ?? emptyRig };
  let seq = 0;
  const store: Store = {
    initial: memory.state,
    append: async (_at: number, events: readonly TownEvent[]) => {
      await Promise.resolve();
      memory.state = events.reduce(fold, memory.state);
      return ++seq;
    },
    read: { seq: () => seq, beads: () => [], bead: () => null, countByStatus: () => ({}) } as never,
    folder: '/tmp',
    feed: () => undefined,
    recentFeed: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  } as never;
  states.set(store, memory);
  return store;
}
