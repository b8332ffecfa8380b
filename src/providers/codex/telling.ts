import type { Sighting } from '../../ports/agents.ts';
import type { Instant } from '../../town/ids.ts';
import type { Doing } from '../../town/polecat.ts';
import type { Usage } from '../../town/bead.ts';
import type { Rollout } from './rollouts.ts';
import type { Thread } from './thread.ts';

/**
 * Says of a session's threads what is new since it last spoke, as it stands now: who begins to watch in the middle
 * hears no history.
 */
export class Telling {
  readonly #see: (sighting: Sighting) => void;
  readonly #threads: { readonly rollout: Rollout; readonly thread: Thread }[] = [];
  readonly #said = new Map<string, string>();
  #rows = 0;

  constructor(see: (sighting: Sighting) => void) {
    this.#see = see;
  }

  hasBegun(): boolean {
    return this.#threads.some(({ rollout, thread }) => rollout.main && thread.doing !== null);
  }

  add(rollout: Rollout, thread: Thread): void {
    this.#threads.push({ rollout, thread });
  }

  /** What may wait for an answer since before that instant. */
  askedBefore(instant: Instant): { readonly detail: string | null } | null {
    return this.#main()?.thread.askedBefore(instant) ?? null;
  }

  /** `asked`: what it may wait for instead of working; `hooks` know whether it does. */
  tell(asked: Doing | 'hooks' | null): void {
    const rows = this.#threads.reduce((sum, { thread }) => sum + thread.rows, 0);
    const main = this.#main();
    if (main !== undefined) {
      this.#once('conversation', { kind: 'conversation', id: main.rollout.id });
      const { doing, changes } = main.thread;
      // Hooks tell of changes as well: the same thing again, after something else in between, is said again.
      if (asked === null && doing !== null) this.stands(doing, changes);
      else if (asked !== null && asked !== 'hooks') this.stands(asked);
    }
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#see({ kind: 'alive' });
    this.#once('usage', { kind: 'usage', usage: this.#usage() });
    for (const { thread } of this.#threads)
      for (const reading of thread.gauges)
        this.#once(`reading ${reading.gauge}`, { kind: 'reading', reading });
  }

  stands(doing: Doing, change = 0): void {
    this.#once('doing', { kind: 'doing', doing }, change);
  }

  /** A person who begins anew in the same terminal (`/new`) goes on in another thread. */
  #main(): { readonly rollout: Rollout; readonly thread: Thread } | undefined {
    return this.#threads.findLast(({ rollout, thread }) => rollout.main && thread.doing !== null);
  }

  #usage(): Usage {
    const sum = (key: keyof Usage): number =>
      this.#threads.reduce((total, { thread }) => total + thread.usage[key], 0);
    return { input: sum('input'), cachedInput: sum('cachedInput'), output: sum('output') };
  }

  #once(what: string, sighting: Sighting, change = 0): void {
    const words = `${String(change)} ${JSON.stringify(sighting)}`;
    if (this.#said.get(what) === words) return;
    this.#said.set(what, words);
    this.#see(sighting);
  }
}
