import { mkdir } from 'node:fs/promises';
import { type WatchFolder, watchFolder } from '../system/watchFolder.ts';
import { outboxOf } from './outbox.ts';
import { holdsEntries } from './takeUpOutbox.ts';

export interface OutboxWatch {
  /** The door's folder. */
  readonly home: string;
  /** See `takeUpInTurn`. */
  readonly takeUp: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** How often it is looked at without being told, in ms. */
  readonly everyMs?: number;
  readonly watch?: WatchFolder;
}

/** As the foreman's heartbeat; a look is one folder read. */
const usualMs = 5_000;

/**
 * Has what is kept taken up also while the window is open: who could not reach its door for a moment kept their word,
 * and asks no more. `close` waits for what is being taken up; it never rejects.
 */
export function watchOutbox(parts: OutboxWatch): { close(): Promise<void> } {
  const { home, takeUp, onError, everyMs = usualMs, watch = watchFolder } = parts;
  const outbox = outboxOf(home);
  let closed = false;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    try {
      if (await holdsEntries(outbox)) await takeUp();
    } catch (error) {
      onError(error);
    }
  };
  const start = (): void => {
    // What comes meanwhile is seen at the next look.
    if (closed || looking !== null) return;
    looking = look().finally(() => {
      looking = null;
    });
  };
  const timer = setInterval(start, everyMs);
  timer.unref();
  const watcher = mkdir(outbox, { recursive: true, mode: 0o700 }).then(
    () => (closed ? null : watch(outbox, start)),
    (error: unknown) => {
      // The clock looks all the same.
      onError(error);
      return null;
    },
  );
  return {
    close: async () => {
      closed = true;
      clearInterval(timer);
      (await watcher)?.close();
      await looking;
    },
  };
}
