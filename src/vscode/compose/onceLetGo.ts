import { StoreError } from '../../ports/store.ts';
import { systemClock } from '../../system/clock.ts';

const pauseMs = 250;
/** The editor gives a host that reloads 5 s to leave; a rig that is still owned then belongs to another window. */
const patienceMs = 8_000;

/** Opens a rig that the window's former host may still be leaving. */
export async function onceLetGo<T>(open: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const until = systemClock.now() + patienceMs; ;) {
    try {
      return await open();
    } catch (error) {
      const owned = error instanceof StoreError && error.reason === 'owned_elsewhere';
      if (!owned || systemClock.now() > until) throw error;
    }
    await systemClock.sleep(pauseMs, signal);
  }
}
