import type { Answer, Control, Wish } from '../../src/foreman/control.ts';
import type { Repository } from '../../src/ports/git.ts';
import type { Notice } from '../../src/ports/notices.ts';
import type { ReadModel } from '../../src/ports/store.ts';
import type { BeadId } from '../../src/town/ids.ts';
import type { Reason } from '../../src/town/reason.ts';
import { type RigState, type TownEvent, emptyRig, fold } from '../../src/town/state.ts';
import { step } from '../../src/town/step.ts';
import { whyAll } from '../../src/town/why.ts';

/** A rig without foreman or disk: the real town decides every wish, and a test says what else happened. */
export class FakeControl implements Control {
  readonly readOnly = null;
  readonly repository: Repository;
  readonly store: Control['store'];
  state: RigState;
  now = Date.UTC(2026, 2, 7, 9);
  /** What the store remembers of the feed, oldest first. */
  readonly remembered: Notice[] = [];
  /** Set to make reading the feed fail. */
  feedProblem: Error | null = null;
  readonly wishes: Wish[] = [];
  readonly #changed = new Set<() => void>();
  readonly #noticed = new Set<(notice: Notice) => void>();

  constructor(commonDir = '/r/.git', folder = '/r/.git/state', state: RigState = emptyRig) {
    this.repository = { commonDir, root: '/r', branch: 'main', remote: null };
    this.state = state;
    this.store = { folder, read: this.#readModel(), recentFeed: (limit) => this.#recent(limit) };
  }

  /** Events that came to pass without a wish. */
  happen(...events: readonly TownEvent[]): void {
    this.state = events.reduce(fold, this.state);
    this.#tell();
  }

  notice(notice: Notice): void {
    for (const listener of this.#noticed) listener(notice);
  }

  why(bead: BeadId): Reason | null {
    return whyAll(this.state, { seats: [], maxPolecats: 3 })[bead] ?? null;
  }

  wish(wish: Wish): Promise<Answer> {
    this.wishes.push(wish);
    const taken = step(this.state, { ...wish, at: this.now });
    if (!taken.ok) return Promise.resolve(taken);
    this.state = taken.state;
    this.#tell();
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
    return this.#changed.size + this.#noticed.size;
  }

  #tell(): void {
    for (const listener of this.#changed) listener();
  }

  #recent(limit: number): Promise<readonly Notice[]> {
    return this.feedProblem === null
      ? Promise.resolve(this.remembered.slice(-limit))
      : Promise.reject(this.feedProblem);
  }

  #readModel(): ReadModel {
    return {
      seq: () => 0,
      beads: () => Object.values(this.state.beads),
      bead: (id) => this.state.beads[id] ?? null,
      countByStatus: () => ({}),
    };
  }
}
