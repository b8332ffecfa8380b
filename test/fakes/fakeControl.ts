import type { Answer, Beginning, Followed, Follower, Wish } from '../../src/foreman/control.ts';
import type { Repository } from '../../src/ports/git.ts';
import type { Notice } from '../../src/ports/notices.ts';
import type { Archive, ArchivedBead, ReadModel } from '../../src/ports/store.ts';
import type { DispatchFacts } from '../../src/town/dispatch.ts';
import type { Bead } from '../../src/town/bead.ts';
import type { BeadId } from '../../src/town/ids.ts';
import { countByStatus, selectBeads } from '../../src/town/query.ts';
import type { Reason } from '../../src/town/reason.ts';
import { type RigState, type TownEvent, emptyRig, fold } from '../../src/town/state.ts';
import { step } from '../../src/town/step.ts';
import { whyAll } from '../../src/town/why.ts';

/** A rig without foreman or disk: the real town decides every wish, and a test says what else happened. */
export class FakeControl implements Followed {
  readOnly: Reason | null = null;
  readonly repository: Repository;
  readonly store: Followed['store'];
  state: RigState;
  /** Of the newest change. */
  seq = 0;
  facts: DispatchFacts = { seats: [], maxPolecats: 3 };
  now = Date.UTC(2026, 2, 7, 9);
  /** What the store remembers of the feed, oldest first. */
  readonly remembered: Notice[] = [];
  /** Set to make reading the feed fail. */
  feedProblem: Error | null = null;
  /** What left the state, last first. */
  readonly archived: ArchivedBead[] = [];
  /** Set to make reading the archive fail, or leave out lines that are damaged. */
  archiveProblem: Error | null = null;
  archiveDamage = 0;
  readonly wishes: Wish[] = [];
  readonly #followers = new Set<Follower>();
  readonly #changed = new Set<() => void>();
  readonly #noticed = new Set<(notice: Notice) => void>();

  constructor(commonDir = '/r/.git', folder = '/r/.git/state', state: RigState = emptyRig) {
    this.repository = { commonDir, root: '/r', branch: 'main', remote: null };
    this.state = state;
    this.store = {
      folder,
      read: this.#readModel(),
      archive: this.#archive(),
      recentFeed: (limit) => this.#recent(limit),
    };
  }

  /** Events that came to pass without a wish. */
  happen(...events: readonly TownEvent[]): void {
    this.#become(events.reduce(fold, this.state), events);
  }

  notice(notice: Notice): void {
    for (const listener of this.#noticed) listener(notice);
    for (const follower of this.#followers) follower.notice(notice);
  }

  /** What dispatch works with changed. */
  look(facts: DispatchFacts): void {
    this.facts = facts;
    for (const follower of this.#followers) follower.facts(facts);
    this.#tell();
  }

  /** Nothing can be written any more, or can again. */
  freeze(why: Reason | null): void {
    this.readOnly = why;
    this.#tell();
  }

  follow(follower: Follower): Beginning {
    this.#followers.add(follower);
    const stop = (): void => void this.#followers.delete(follower);
    return { seq: this.seq, state: this.state, facts: this.facts, stop };
  }

  why(bead: BeadId): Reason | null {
    return whyAll(this.state, this.facts)[bead] ?? null;
  }

  wish(wish: Wish): Promise<Answer> {
    this.wishes.push(wish);
    const taken = step(this.state, { ...wish, at: this.now });
    if (!taken.ok) return Promise.resolve(taken);
    if (taken.events.length > 0) this.#become(taken.state, taken.events);
    return Promise.resolve({ ok: true });
  }

  onChange(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticed.add(listener);
    return () => this.#noticed.delete(listener);
  }

  /** Who listens right now, to see that a closed view lets go. */
  get listeners(): number {
    return this.#changed.size + this.#noticed.size + this.#followers.size;
  }

  #become(state: RigState, events: readonly TownEvent[]): void {
    let before = this.state;
    for (const event of events) {
      if (event.type === 'bead.archived') this.archived.unshift(...leaving(before, event));
      before = fold(before, event);
    }
    this.state = state;
    this.seq += 1;
    for (const follower of this.#followers) follower.entry({ seq: this.seq, at: this.now, events });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#changed) listener();
  }

  #recent(limit: number): Promise<readonly Notice[]> {
    return this.feedProblem === null
      ? Promise.resolve(this.remembered.slice(-limit))
      : Promise.reject(this.feedProblem);
  }

  #archive(): Archive {
    const read: Archive['beads'] = (_filter, unreadable) => {
      if (this.archiveProblem !== null) return Promise.reject(this.archiveProblem);
      if (this.archiveDamage > 0) unreadable?.('archive-2026.jsonl', this.archiveDamage);
      return Promise.resolve(this.archived.map(({ bead }) => bead));
    };
    return {
      beads: async (filter, unreadable) => {
        const { text = '', limit = Infinity, offset = 0 } = filter;
        const sought = (bead: Bead): boolean =>
          selectBeads({ ...emptyRig, beads: { [bead.id]: bead } }, { text }).length > 0;
        return (await read(filter, unreadable)).filter(sought).slice(offset, offset + limit);
      },
      bead: async (id, unreadable) => {
        await read({}, unreadable);
        return this.archived.find(({ bead }) => bead.id === id) ?? null;
      },
    };
  }

  #readModel(): ReadModel {
    return {
      seq: () => this.seq,
      beads: (filter) => selectBeads(this.state, filter),
      bead: (id) => this.state.beads[id] ?? null,
      countByStatus: () => countByStatus(this.state),
    };
  }
}

function leaving(
  state: RigState,
  event: Extract<TownEvent, { type: 'bead.archived' }>,
): readonly ArchivedBead[] {
  const bead = state.beads[event.bead];
  if (bead === undefined) return [];
  return [
    {
      at: event.at,
      bead,
      convoy: bead.convoy === null ? null : (state.convoys[bead.convoy] ?? null),
      polecats: event.polecats.flatMap((id) => state.polecats[id] ?? []),
      requests: event.requests.flatMap((id) => state.requests[id] ?? []),
      asks: event.asks.flatMap((id) => state.asks[id] ?? []),
    },
  ];
}
