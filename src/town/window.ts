import type { Ask } from './ask.ts';
import type { Bead } from './bead.ts';
import type { Convoy } from './convoy.ts';
import type { MergeRequest } from './mergeRequest.ts';
import type { Polecat } from './polecat.ts';
import { type RigState, type TownEvent, emptyRig, fold } from './state.ts';

/** The nouns a rig has many of, as the state names them. */
export interface Nouns {
  readonly beads: Bead;
  readonly convoys: Convoy;
  readonly polecats: Polecat;
  readonly requests: MergeRequest;
  readonly asks: Ask;
}
export type NounName = keyof Nouns;

/** The rest of the state. */
export type Rest = Omit<RigState, NounName>;

/** What an event did: the rest of the state as it is now, and each noun that changed; undefined: it is gone. */
export interface Folding {
  readonly rest: Rest;
  readonly changed: readonly {
    readonly name: NounName;
    readonly id: string;
    readonly noun: Nouns[NounName] | undefined;
  }[];
}

/** A noun before and after an event; undefined: it was not there, or is gone. */
export type Change = {
  [N in NounName]: {
    readonly name: N;
    readonly id: string;
    readonly before: Nouns[N] | undefined;
    readonly after: Nouns[N] | undefined;
  };
}[NounName];

/** Members by which events and nouns name other nouns, one or several. */
const references = Object.entries<NounName>({
  bead: 'beads',
  convoy: 'convoys',
  polecat: 'polecats',
  request: 'requests',
  ask: 'asks',
  polecats: 'polecats',
  requests: 'requests',
  asks: 'asks',
});
export const nounNames: readonly NounName[] = ['beads', 'convoys', 'polecats', 'requests', 'asks'];

type Records = Record<NounName, Record<string, Nouns[NounName]>>;

/**
 * Folds one event at a cost that does not grow with the rig. `fold` copies the record it changes, which at 1,000 beads
 * takes as long as making the event durable. It reads only nouns that the event names, directly or through one of
 * these, so it is handed a state of just those.
 */
export function foldInWindow(
  noun: (name: NounName, id: string) => Nouns[NounName] | undefined,
  rest: Rest,
  event: TownEvent,
): Folding {
  const records: Records = { beads: {}, convoys: {}, polecats: {}, requests: {}, asks: {} };
  collect(noun, event, records);
  // Each noun lies in the record of its name.
  const after = fold({ ...emptyRig, ...rest, ...(records as Pick<RigState, NounName>) }, event);
  const { beads, convoys, polecats, requests, asks, ...restAfter } = after;
  const now: Readonly<Record<NounName, Readonly<Record<string, Nouns[NounName]>>>> = {
    beads,
    convoys,
    polecats,
    requests,
    asks,
  };
  return {
    rest: restAfter,
    changed: nounNames.flatMap((name) => differences(name, records[name], now[name])),
  };
}

function collect(
  noun: (name: NounName, id: string) => Nouns[NounName] | undefined,
  naming: object,
  records: Records,
): void {
  for (const [member, name] of references) {
    const named = (naming as Readonly<Record<string, unknown>>)[member];
    for (const id of Array.isArray(named) ? (named as readonly unknown[]) : [named]) {
      if (typeof id !== 'string' || Object.hasOwn(records[name], id)) continue;
      const found = noun(name, id);
      if (found === undefined) continue;
      records[name][id] = found;
      collect(noun, found, records);
    }
  }
}

function differences(
  name: NounName,
  before: Readonly<Record<string, Nouns[NounName]>>,
  after: Readonly<Record<string, Nouns[NounName]>>,
): Folding['changed'] {
  if (before === after) return [];
  const gone = Object.keys(before).filter((id) => !Object.hasOwn(after, id));
  const made = Object.entries(after).filter(([id, noun]) => noun !== before[id]);
  return [
    ...made.map(([id, noun]) => ({ name, id, noun })),
    ...gone.map((id) => ({ name, id, noun: undefined })),
  ];
}

/** Folds the events of one turn onto a state, so that a record is copied once a turn and not once an event. */
export class TurnFold {
  /** Records this turn has copied for itself, and may write to. */
  readonly #own = new Map<NounName, Record<string, Nouns[NounName]>>();
  state: RigState;

  constructor(state: RigState) {
    this.state = state;
  }

  /** Tells what it changed. */
  apply(event: TownEvent): readonly Change[] {
    const { state } = this;
    const noun = (name: NounName, id: string): Nouns[NounName] | undefined => {
      const record: Readonly<Record<string, Nouns[NounName]>> = state[name];
      return Object.hasOwn(record, id) ? record[id] : undefined;
    };
    const { rest, changed } = foldInWindow(noun, state, event);
    // Each noun lies in the record of its name.
    const changes = changed.map(
      ({ name, id, noun: after }) => ({ name, id, before: noun(name, id), after }) as Change,
    );
    for (const { name, id, noun: now } of changed) {
      const record = this.#owned(name);
      if (now === undefined) Reflect.deleteProperty(record, id);
      else record[id] = now;
    }
    this.state = { ...state, ...rest, ...Object.fromEntries(this.#own) };
    return changes;
  }

  #owned(name: NounName): Record<string, Nouns[NounName]> {
    const own = this.#own.get(name) ?? { ...this.state[name] };
    this.#own.set(name, own);
    return own;
  }
}
