import type * as vscode from 'vscode';
import type { Call } from './callOut.ts';

const memoryKey = 'rigs.called';
/** Ids of rigs that left the workspace stay; so many of all are kept, the newest. */
const maxKept = 500;

/** What this window called out already, also before it was reloaded: each thing is said aloud once. */
export class Called {
  readonly #memory: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  /**
   * Those of `due` that were not called out before, which they are from now on. `open`: everything that waits in the
   * rigs with the keys `rigs`; what else they had is forgotten. A rig that is not open yet has not lost what it asked.
   */
  take(due: readonly Call[], open: readonly Call[], rigs: readonly string[]): readonly Call[] {
    const before = this.#memory.get<readonly string[]>(memoryKey, []);
    const waiting = new Set(open.map(({ id }) => id));
    const known = before.filter((id) => waiting.has(id) || !rigs.some((rig) => id.startsWith(`${rig} `)));
    const fresh = due.filter(({ id }) => !known.includes(id));
    const after = [...known, ...fresh.map(({ id }) => id)].slice(-maxKept);
    if (after.length !== before.length || fresh.length > 0) void this.#memory.update(memoryKey, after);
    return fresh;
  }
}
