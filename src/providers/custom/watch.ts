import type { AgentSession, Sighting } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../system/clock.ts';
import { newestChange } from './newestChange.ts';

/** A look costs some milliseconds. */
const lookEveryMs = 20_000;

/**
 * All that can be seen of an agent that never says anything: its files change. Where nothing does for long it counts as
 * silent, and a person is asked to look; that its process is there would say the same of one that hangs.
 */
export async function watch(
  { worktree }: Pick<AgentSession, 'worktree'>,
  see: (sighting: Sighting) => void,
  signal: AbortSignal,
  clock: Clock = systemClock,
  changed: (worktree: string) => Promise<number> = newestChange,
): Promise<void> {
  see({ kind: 'doing', doing: { kind: 'working', until: null, detail: null } });
  const over = (): boolean => signal.aborted;
  let known = await changed(worktree);
  while (!over()) {
    await clock.sleep(lookEveryMs, signal).catch((error: unknown) => {
      if (!over()) throw error;
    });
    const newest = await changed(worktree);
    if (!over() && newest > known) see({ kind: 'alive' });
    known = Math.max(known, newest);
  }
}
