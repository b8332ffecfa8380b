import { watch } from 'node:fs';

/** Calls `changed` with the name of a file that came, went or changed; null when the system does not say which. */
export type WatchFolder = (folder: string, changed: (name: string | null) => void) => { close(): void };

/** A system that cannot watch (no more watchers, a network disk) is no reason to fail: the clock looks anyway. */
export const watchFolder: WatchFolder = (folder, changed) => {
  try {
    const watcher = watch(folder, (_, name) => {
      changed(name);
    });
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return { close: () => undefined };
  }
};
