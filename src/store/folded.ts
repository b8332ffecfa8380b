import type { Ask } from '../town/ask.ts';
import type { Bead } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import type { MergeRequest } from '../town/mergeRequest.ts';
import type { Polecat } from '../town/polecat.ts';
import { type RigState, type TownEvent, emptyRig, fold } from '../town/state.ts';

/** The nouns a rig has many of, as the state names them. */
export interface Nouns {
  readonly beads: Bead;
  readonly convoys: Convoy;
  readonly polecats: Polecat;
  readonly requests: MergeRequest;
  readonly asks: Ask;
}
export type NounName = keyof Nouns;
export type NounTables = { readonly [N in NounName]: Map<string, Nouns[N]> };

/** The rest of the state. */
export type Rest = Pick<RigState, 'rig' | 'stopped' | 'nextToken'>;

/** What events changed: for each noun the one that stood there before, undefined for a new one. */
export interface Changes {
  rig: boolean;
  readonly nouns: { readonly [N in NounName]: Map<string, Nouns[N] | undefined> };
}

/** Members by which events and nouns name other nouns. */
const references: Readonly<Record<string, NounName>> = {
  bead: 'beads',
  convoy: 'convoys',
  polecat: 'polecats',
  request: 'requests',
  ask: 'asks',
};
export const nounNames = Object.values(references);

/** An event came that this Rigs does not know; a newer one wrote it. */
export class UnknownEvent extends Error {
  constructor(type: string) {
    super(`the event ${type}`);
    this.name = 'UnknownEvent';
  }
}

/**
 * The fold of the journal, kept so that an event costs the same in a large rig as in a small one.
 *
 * The town's `fold` copies the record it changes, which at 1,000 beads takes as long as making the event durable.
 * It reads only nouns that the event names, directly or through one of these, so it is handed a state of just those.
 */
export class Folded {
  readonly tables: NounTables = emptyTables();
  #rest: Rest = { rig: null, stopped: false, nextToken: 1 };
  #changes: Changes = noChanges();

  get rest(): Rest {
    return this.#rest;
  }

  /** Puts back what a snapshot holds. */
  restore(rest: Rest, nouns: { readonly [N in NounName]: readonly Nouns[N][] }): void {
    this.#rest = rest;
    for (const name of nounNames) {
      const table: Map<string, Nouns[NounName]> = this.tables[name];
      for (const noun of nouns[name]) table.set(noun.id, noun);
    }
  }

  /** Throws `UnknownEvent`. */
  apply(event: TownEvent): void {
    const before = this.#windowOf(event);
    const after = fold(before, event) as RigState | undefined;
    if (after === undefined) throw new UnknownEvent(event.type);
    const { rig, stopped, nextToken } = after;
    if (rig !== before.rig) this.#changes.rig = true;
    this.#rest = { rig, stopped, nextToken };
    for (const name of nounNames) {
      if (after[name] !== before[name]) this.#keep(name, before[name], after[name]);
    }
  }

  /** Everything that changed since the last call. */
  takeChanges(): Changes {
    const changes = this.#changes;
    this.#changes = noChanges();
    return changes;
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

  #windowOf(event: TownEvent): RigState {
    const records = { beads: {}, convoys: {}, polecats: {}, requests: {}, asks: {} };
    this.#collect(event, records);
    return { ...emptyRig, ...this.#rest, ...records };
  }

  #collect(naming: object, records: Record<NounName, Record<string, unknown>>): void {
    for (const [member, name] of Object.entries(references)) {
      const id = (naming as Readonly<Record<string, unknown>>)[member];
      if (typeof id !== 'string' || Object.hasOwn(records[name], id)) continue;
      const noun = this.tables[name].get(id);
      if (noun === undefined) continue;
      records[name][id] = noun;
      this.#collect(noun, records);
    }
  }

  #keep(
    name: NounName,
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
  ): void {
    const table = this.tables[name] as Map<string, unknown>;
    const changed = this.#changes.nouns[name] as Map<string, unknown>;
    for (const [id, noun] of Object.entries(after)) {
      if (noun === before[id]) continue;
      if (!changed.has(id)) changed.set(id, before[id]);
      table.set(id, noun);
    }
  }
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
  return { rig: false, nouns: emptyTables() };
}
