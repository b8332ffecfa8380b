import type { Notice } from '../../src/ports/notices.ts';
import {
  type Archive,
  type ArchivedBead,
  type ReadModel,
  type Store,
  StoreError,
} from '../../src/ports/store.ts';
import type { Bead } from '../../src/town/bead.ts';
import { countByStatus, selectBeads } from '../../src/town/query.ts';
import { rigId } from './events.ts';
import { type RigState, type TownEvent, emptyRig, fold } from '../../src/town/state.ts';

/** What outlives a store that is closed or dropped: hand the same one to the next store. */
export interface Memory {
  /** How many stores were opened on it. */
  owners?: number;
  readonly journal: { readonly at: number; readonly events: readonly TownEvent[] }[];
  readonly feed: Notice[];
}

/** A store without a disk, held to the same contract as the real one. */
export class MemoryStore implements Store {
  readonly initial: RigState;
  readonly folder: string;
  readonly rig = rigId;
  readonly damage = null;
  readonly ended: Promise<StoreError>;
  readonly epoch: number;
  readonly read: ReadModel;
  readonly archive: Archive;
  readonly #memory: Memory;
  readonly #tellEnd: (why: StoreError) => void;
  #state: RigState;
  #seq: number;
  #ended: StoreError | null = null;
  #failNext = false;

  constructor(memory: Memory = { journal: [], feed: [] }, folder = '/memory') {
    this.#memory = memory;
    const { promise, resolve } = Promise.withResolvers<StoreError>();
    this.ended = promise;
    this.#tellEnd = resolve;
    this.folder = folder;
    memory.owners = (memory.owners ?? 0) + 1;
    this.epoch = memory.owners;
    this.initial = memory.journal.flatMap(({ events }) => events).reduce(fold, emptyRig);
    this.#state = this.initial;
    this.#seq = memory.journal.length;
    const archived = (): readonly ArchivedBead[] =>
      archiveOf(memory).filter(({ bead }) => !(bead.id in this.#state.beads));
    this.archive = {
      beads: ({ text = '', limit = Infinity, offset = 0 }) => {
        const beads = archived().map(({ bead }) => bead);
        const sought = (bead: Bead): boolean =>
          selectBeads({ ...emptyRig, beads: { [bead.id]: bead } }, { text }).length > 0;
        return Promise.resolve(beads.filter(sought).slice(offset, offset + limit));
      },
      bead: (id) => Promise.resolve(archived().find(({ bead }) => bead.id === id) ?? null),
    };
    this.read = {
      seq: () => this.#seq,
      beads: (filter) => selectBeads(this.#state, filter),
      bead: (id) => this.#state.beads[id] ?? null,
      countByStatus: () => countByStatus(this.#state),
    };
  }

  /** The next append fails as a full disk makes it fail. */
  failNextAppend(): void {
    this.#failNext = true;
  }

  /** Another process takes the rig over while this one does nothing. */
  fence(): void {
    this.#end(new StoreError('fenced', this.folder, 'another process owns this rig by now'));
  }

  #end(why: StoreError): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    this.#tellEnd(why);
  }

  async append(at: number, events: readonly TownEvent[]): Promise<number> {
    if (this.#failNext) this.#end(new StoreError('append_failed', this.folder, 'no space left on device'));
    if (this.#ended !== null) throw this.#ended;
    this.#memory.journal.push({ at, events });
    const seq = this.#memory.journal.length;
    // Answers come later than the call, as they do from a disk.
    await Promise.resolve();
    this.#state = events.reduce(fold, this.#state);
    this.#seq = seq;
    return seq;
  }

  /** Whether the last call said that agents live in this window. */
  hosting = false;

  hosts(live: boolean): Promise<void> {
    this.hosting = live;
    return Promise.resolve();
  }

  feed(notice: Notice): void {
    if (this.#ended === null || this.#ended.reason === 'append_failed') this.#memory.feed.push(notice);
  }

  recentFeed(limit: number): Promise<readonly Notice[]> {
    return Promise.resolve(limit > 0 ? this.#memory.feed.slice(-limit) : []);
  }

  close(): Promise<void> {
    this.#ended ??= new StoreError('not_writable', this.folder, 'closed');
    return Promise.resolve();
  }
}

/** Newest first, each bead as it left last. */
function archiveOf({ journal }: Memory): readonly ArchivedBead[] {
  const left = new Map<string, ArchivedBead>();
  let state = emptyRig;
  for (const event of journal.flatMap(({ events }) => events)) {
    const bead = event.type === 'bead.archived' ? state.beads[event.bead] : undefined;
    if (event.type === 'bead.archived' && bead !== undefined) {
      left.delete(bead.id);
      left.set(bead.id, {
        at: event.at,
        bead,
        convoy: bead.convoy === null ? null : (state.convoys[bead.convoy] ?? null),
        polecats: event.polecats.flatMap((id) => state.polecats[id] ?? []),
        requests: event.requests.flatMap((id) => state.requests[id] ?? []),
        asks: event.asks.flatMap((id) => state.asks[id] ?? []),
      });
    }
    state = fold(state, event);
  }
  return [...left.values()].reverse();
}
