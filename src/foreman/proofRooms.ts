import type { CommitId } from '../town/ids.ts';

interface Room {
  readonly slot: number;
  /** It was cleaned for exactly this, and nothing ran in it since; null: for nothing. */
  readyFor: CommitId | null;
}

/** Makes the room hold exactly the commit that is wanted. */
type Clean = (slot: number) => Promise<void>;

/**
 * Clean worktrees are few and reused; a proof takes one, or waits for one. The one that was used last is taken first, so
 * that there are no more of them than proofs at once, and those that are made ready for what may come next.
 */
export class ProofRooms {
  /** Used last, first. */
  readonly #free: Room[];
  readonly #waiting: ((room: Room) => void)[] = [];
  /** Being made ready. */
  readonly #coming = new Map<CommitId, Promise<void>>();

  constructor(size: number) {
    this.#free = Array.from({ length: size }, (_, slot) => ({ slot, readyFor: null }));
  }

  /** `clean` is not called when a room was made ready for `commit` ahead. */
  async use<T>(commit: CommitId, clean: Clean, work: (slot: number) => Promise<T>): Promise<T> {
    await this.#coming.get(commit);
    const room = this.#take(commit) ?? (await new Promise<Room>((resolve) => this.#waiting.push(resolve)));
    const isReady = room.readyFor === commit;
    room.readyFor = null;
    try {
      if (!isReady) await clean(room.slot);
      return await work(room.slot);
    } finally {
      this.#giveBack(room);
    }
  }

  /** Cleans a free room for `commit`; so `many` are ready at a time, the newest. Rejects with what `clean` does. */
  async makeReady(commit: CommitId, many: number, clean: Clean): Promise<void> {
    if (this.#coming.has(commit) || this.#free.some(({ readyFor }) => readyFor === commit)) return;
    const room = this.#spare(many);
    if (room === undefined) return;
    room.readyFor = null;
    const cleaned = clean(room.slot).then(() => {
      room.readyFor = commit;
    });
    const done = cleaned
      .catch(() => undefined)
      .then(() => {
        this.#coming.delete(commit);
        this.#giveBack(room);
      });
    this.#coming.set(commit, done);
    await done;
    await cleaned;
  }

  /** One that is ready for what did not come, as soon as there are enough of them. */
  #spare(many: number): Room | undefined {
    const ready = this.#free.filter(({ readyFor }) => readyFor !== null);
    const isEnough = ready.length + this.#coming.size >= many;
    const room = isEnough ? ready.at(-1) : this.#free.find(({ readyFor }) => readyFor === null);
    if (room !== undefined) this.#free.splice(this.#free.indexOf(room), 1);
    return room;
  }

  #take(commit: CommitId): Room | undefined {
    const ready = this.#free.findIndex(({ readyFor }) => readyFor === commit);
    const unused = this.#free.findIndex(({ readyFor }) => readyFor === null);
    return this.#free.splice(ready >= 0 ? ready : Math.max(0, unused), 1)[0];
  }

  #giveBack(room: Room): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.unshift(room);
    else next(room);
  }
}
