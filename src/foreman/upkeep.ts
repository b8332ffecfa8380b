import { GitError } from '../ports/git.ts';
import type { Action } from '../town/action.ts';
import type { HandContext } from './hands/context.ts';

/** Removed work stays in the trash for a week (product.md, invariant 1). */
const trashKeptMs = 7 * 24 * 60 * 60 * 1000;
const emptyEveryMs = 6 * 60 * 60 * 1000;

/**
 * What is done ahead and afterwards, at a heartbeat at which nothing else is to be done: spare worktrees are filled,
 * what lay in the trash for a week goes. It brings about no change of state, so it needs no intent.
 */
export class Upkeep {
  readonly #context: HandContext;
  readonly #closing: AbortSignal;
  #running: Promise<void> | null = null;
  #emptiedAt = -Infinity;

  constructor(context: HandContext, closing: AbortSignal) {
    this.#context = context;
    this.#closing = closing;
  }

  /** To be called now and then; does nothing while work is under way, or the last look is. */
  look(due: readonly Action[]): void {
    const busy = due.some((action) => action.type !== 'attend');
    if (busy || this.#running !== null || this.#closing.aborted) return;
    this.#running = this.#work()
      .catch((error: unknown) => {
        if (!this.#closing.aborted) this.#failed(error);
      })
      .finally(() => {
        this.#running = null;
      });
  }

  async ended(): Promise<void> {
    await this.#running;
  }

  async #work(): Promise<void> {
    const { git, repository, places, clock } = this.#context;
    const { spareWorktrees } = this.#context.settings();
    const { rig, stopped } = this.#context.state();
    // Before the first bead wanted to start nobody asked for a second copy of the repository's files.
    if (rig?.checks == null || stopped || rig.parked) return;
    if (spareWorktrees > 0) {
      const base = (await git.tip(repository, rig.target))?.commit;
      if (base !== undefined)
        await git.prepareSpares(repository, places.spares, base, spareWorktrees, this.#closing);
    }
    if (clock.now() - this.#emptiedAt < emptyEveryMs) return;
    this.#emptiedAt = clock.now();
    const { kept } = await git.emptyTrash(repository, places.trash, trashKeptMs, clock.now());
    for (const { path, why, detail } of kept) {
      // What holds work stays for good, and quietly.
      if (why !== 'not_removed') continue;
      this.#context.say({ what: 'trash.kept', level: 'warning', facts: { path, message: detail } });
    }
  }

  #failed(error: unknown): void {
    const detail = GitError.is(error) ? ` ${error.detail}` : '';
    const message = (error instanceof Error ? error.message : String(error)) + detail;
    this.#context.say({ what: 'hand.failed', level: 'error', facts: { action: 'upkeep', message } });
  }
}
