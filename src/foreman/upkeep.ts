import type { Action } from '../town/action.ts';
import { failure } from './failure.ts';
import type { HandContext } from './hands/context.ts';

/** Removed work stays in the trash for a week (product.md, invariant 1). */
const trashKeptMs = 7 * 24 * 60 * 60 * 1000;
const emptyEveryMs = 6 * 60 * 60 * 1000;

/** What failed is left alone for a while, each time twice as long. */
const firstPauseBeats = 12;
const longestPauseBeats = 720;

/**
 * What is done ahead and afterwards, at a heartbeat at which nothing else is to be done: what lay in the trash for a
 * week goes, spare worktrees are filled. It brings about no change of state, so it needs no intent.
 */
export class Upkeep {
  readonly #context: HandContext;
  readonly #closing: AbortSignal;
  readonly #isFenced: (error: unknown) => boolean;
  #running: Promise<void> | null = null;
  #emptiedAt = -Infinity;
  #pause = { beats: 0, next: firstPauseBeats };

  /** `isFenced`: takes an error that says that the rig is another's now. */
  constructor(context: HandContext, closing: AbortSignal, isFenced: (error: unknown) => boolean) {
    this.#context = context;
    this.#closing = closing;
    this.#isFenced = isFenced;
  }

  /** To be called at each heartbeat; does nothing while work is under way, or the last look is. */
  look(due: readonly Action[]): void {
    const busy = due.some((action) => action.type !== 'attend');
    if (busy || this.#running !== null || this.#closing.aborted) return;
    if (this.#pause.beats > 0) {
      this.#pause.beats -= 1;
      return;
    }
    this.#running = this.#work()
      .then(() => {
        this.#pause = { beats: 0, next: firstPauseBeats };
      })
      .catch((error: unknown) => {
        if (!this.#closing.aborted && !this.#isFenced(error)) this.#failed(error);
      })
      .finally(() => {
        this.#running = null;
      });
  }

  async ended(): Promise<void> {
    await this.#running;
  }

  async #work(): Promise<void> {
    const { rig, stopped } = this.#context.state();
    // First, because it makes room.
    await this.#emptyTrash();
    // Before the first bead wanted to start nobody asked for a second copy of the repository's files.
    if (rig?.checks == null || stopped || rig.parked) return;
    await this.#fillSpares(rig.target);
  }

  async #emptyTrash(): Promise<void> {
    const { git, repository, places, clock } = this.#context;
    const since = clock.now() - this.#emptiedAt;
    if (since >= 0 && since < emptyEveryMs) return;
    this.#emptiedAt = clock.now();
    const { kept } = await git.emptyTrash(repository, places.trash, trashKeptMs, clock.now());
    for (const { path, why, detail } of kept) {
      // What holds work stays for good, and quietly.
      if (why !== 'not_removed') continue;
      this.#context.say({ what: 'trash.kept', level: 'warning', facts: { path, message: detail } });
    }
  }

  async #fillSpares(target: string): Promise<void> {
    const { git, repository, places } = this.#context;
    const { spareWorktrees } = this.#context.settings();
    if (spareWorktrees === 0) return;
    const base = (await git.tip(repository, target))?.commit;
    if (base === undefined) return;
    await git.prepareSpares(repository, places.spares, base, spareWorktrees, this.#closing);
  }

  #failed(error: unknown): void {
    const { next } = this.#pause;
    this.#pause = { beats: next, next: Math.min(next * 2, longestPauseBeats) };
    this.#context.say({ what: 'hand.failed', level: 'error', facts: failure('upkeep', error) });
  }
}
