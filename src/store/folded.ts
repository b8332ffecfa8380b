import { type RigState, type TownEvent, emptyRig, fold } from '../town/state.ts';
import { type NounName, type Nouns, type Rest, foldInWindow, nounNames } from '../town/window.ts';

export type NounTables = { readonly [N in NounName]: Map<string, Nouns[N]> };

/** What events changed since it was last asked. */
export interface Changes {
  /** The rest of the state. */
  rest: boolean;
  /** For each noun the one that stood there before; undefined for a new one. New ones in the order they were made. */
  readonly nouns: { readonly [N in NounName]: Map<string, Nouns[N] | undefined> };
  /** Those that were removed in between; one that was made again since stands behind all others. */
  readonly removed: Readonly<Record<NounName, Set<string>>>;
}

/** An event came that this Rigs does not know; a newer one wrote it. */
export class UnknownEvent extends Error {
  constructor(type: string) {
    super(`the event ${type}`);
    this.name = 'UnknownEvent';
  }
}

/** The fold of the journal, kept so that an event costs the same in a large rig as in a small one. */
export class Folded {
  readonly tables: NounTables = emptyTables();
  #rest: Rest = restOf(emptyRig);
  #changes: Changes = noChanges();

  get rest(): Rest {
    return this.#rest;
  }

  /** Puts back what a snapshot holds. */
  restore(rest: Rest, nouns: { readonly [N in NounName]: readonly Nouns[N][] }): void {
    // What a state of before had no place for is as it is in a new one.
    this.#rest = { ...restOf(emptyRig), ...rest };
    for (const name of nounNames) {
      const table: Map<string, Nouns[NounName]> = this.tables[name];
      for (const noun of nouns[name]) table.set(noun.id, noun);
    }
  }

  /** Throws `UnknownEvent`. */
  apply(event: TownEvent): void {
    if (!isKnown(event)) throw new UnknownEvent(event.type);
    const before = this.#rest;
    const { rest, changed } = foldInWindow((name, id) => this.tables[name].get(id), before, event);
    this.#rest = rest;
    if (!sameRest(before, rest)) this.#changes.rest = true;
    for (const { name, id, noun } of changed) this.#keep(name, id, noun);
  }

  /** Everything that changed since the last call. */
  takeChanges(): Changes {
    const changes = this.#changes;
    this.#changes = noChanges();
    return changes;
  }

  /** Everything there is, as if none of it had been there before. */
  everything(): Changes {
    const all = noChanges();
    all.rest = true;
    for (const name of nounNames) {
      for (const id of this.tables[name].keys()) all.nouns[name].set(id, undefined);
    }
    return all;
  }

  /** How many nouns there are. */
  get size(): number {
    return nounNames.reduce((sum, name) => sum + this.tables[name].size, 0);
  }

  /** The whole state (a noun it gains is a compile error here) as plain JSON, in the order the nouns were made. */
  state(): RigState {
    const { beads, convoys, polecats, requests, asks } = this.tables;
    return {
      ...this.#rest,
      beads: Object.fromEntries(beads),
      convoys: Object.fromEntries(convoys),
      polecats: Object.fromEntries(polecats),
      requests: Object.fromEntries(requests),
      asks: Object.fromEntries(asks),
    };
  }

  #keep(name: NounName, id: string, noun: Nouns[NounName] | undefined): void {
    const table: Map<string, Nouns[NounName]> = this.tables[name];
    const changed: Map<string, Nouns[NounName] | undefined> = this.#changes.nouns[name];
    const removed = this.#changes.removed[name];
    if (!changed.has(id)) changed.set(id, table.get(id));
    else if (!table.has(id)) moveToEnd(changed, id);
    if (noun === undefined) {
      removed.add(id);
      table.delete(id);
    } else {
      table.set(id, noun);
    }
  }
}

/** Types that the fold has a case for, as far as any came. */
const known = new Set<string>();

/** Of an event that it has no case for the fold makes nothing at all, whatever the state. */
function isKnown(event: TownEvent): boolean {
  if (known.has(event.type)) return true;
  if ((fold(emptyRig, event) as RigState | undefined) === undefined) return false;
  known.add(event.type);
  return true;
}

function restOf(state: RigState): Rest {
  const { beads: _b, convoys: _c, polecats: _p, requests: _r, asks: _a, ...rest } = state;
  return rest;
}

function sameRest(one: Rest, other: Rest): boolean {
  return Object.entries(one).every(([member, value]) => other[member as keyof Rest] === value);
}

function moveToEnd<V>(map: Map<string, V>, id: string): void {
  const value = map.get(id) as V;
  map.delete(id);
  map.set(id, value);
}

function emptyTables(): NounTables {
  return {
    beads: new Map(),
    convoys: new Map(),
    polecats: new Map(),
    requests: new Map(),
    asks: new Map(),
  };
}

function noChanges(): Changes {
  const none = (): Set<string> => new Set();
  const removed = { beads: none(), convoys: none(), polecats: none(), requests: none(), asks: none() };
  return { rest: false, nouns: emptyTables(), removed };
}
