import type { Store } from '../../src/ports/store.ts';
import type { TownEvent } from '../../src/town/state.ts';

/** A bug planted behind a seam, to see that the simulator finds it. */
export interface Mutant {
  readonly name: string;
  /** The invariant it breaks. */
  readonly breaks: number;
  /** First seed of those that must find it, where it is too rare to be met from 1 on. */
  readonly from?: number;
  /** What becomes of the store that a window opens. */
  readonly store?: (store: Store) => Store;
  /** Synced files are as they were. */
  readonly syncs?: 'nothing';
  /** Refs move whoever holds the lease. */
  readonly skipsLease?: boolean;
  /** Worktrees are retired without a look at what only they hold. */
  readonly forgetsWork?: boolean;
  /** The target moves wherever it is. */
  readonly skipsCompare?: boolean;
  /** A landing takes the person's files along whatever they did to them. */
  readonly overwrites?: boolean;
  /** An agent's objects are never synced. */
  readonly leavesObjects?: boolean;
  /** Checks say green without a look. */
  readonly alwaysGreen?: boolean;
  /** A run is told as green before it has ended. */
  readonly tellsEarly?: boolean;
  /** A run is told as red though nothing in it is, so that the wrong one of a line goes back. */
  readonly blames?: boolean;
}

export const none: Mutant = { name: 'none', breaks: -1 };

/** Loses the last event of a transaction of several. */
function dropsAnEvent(store: Store): Store {
  return instead(store, 'append', (at: number, events: readonly TownEvent[]) =>
    store.append(at, events.length > 2 ? events.slice(0, -1) : events),
  );
}

function instead(store: Store, name: 'append', append: Store['append']): Store {
  return new Proxy(store, {
    get: (target, member) => {
      if (member === name) return append;
      const value: unknown = Reflect.get(target, member, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}

export const mutants: readonly Mutant[] = [
  { name: 'acknowledges before the sync', breaks: 4, syncs: 'nothing' },
  { name: 'drops an event', breaks: 4, store: dropsAnEvent },
  // A takeover in the moment between a decision and its ref is rare: other fences end a former owner first.
  { name: 'skips the lease', breaks: 5, skipsLease: true, from: 540 },
  { name: 'forgets work', breaks: 1, forgetsWork: true },
  // Somebody has to move the target between a run and its landing.
  { name: 'skips the compare', breaks: 3, skipsCompare: true, from: 140 },
  { name: 'overwrites the checkout', breaks: 3, overwrites: true },
  { name: 'leaves objects unsynced', breaks: 4, leavesObjects: true },
  { name: 'always green', breaks: 3, alwaysGreen: true },
  { name: 'lands before its run has ended', breaks: 3, tellsEarly: true },
  { name: 'gives back the wrong one of a line', breaks: 3, blames: true },
];
