export interface Throttled {
  /** Asks for a run: at once when the last one is long enough ago, else as soon as it is. */
  (): void;
  /** Forgets what was asked for. */
  dispose(): void;
}

interface Timers {
  now(): number;
  later(run: () => void, ms: number): () => void;
}

const systemTimers: Timers = {
  now: () => performance.now(),
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Runs `run` at most once in `ms`, and always once after the last request. */
export function throttled(ms: number, run: () => void, timers: Timers = systemTimers): Throttled {
  let last = -Infinity;
  let cancel: (() => void) | null = null;
  const go = (): void => {
    cancel = null;
    last = timers.now();
    run();
  };
  const request = (): void => {
    if (cancel !== null) return;
    const wait = last + ms - timers.now();
    if (wait <= 0) go();
    else cancel = timers.later(go, wait);
  };
  return Object.assign(request, {
    dispose: () => {
      cancel?.();
      cancel = null;
    },
  });
}
