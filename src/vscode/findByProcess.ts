/** What has a process of its own, sooner or later or never. */
interface WithProcess {
  readonly processId: PromiseLike<number | undefined>;
}

/**
 * The terminal whose process has this id. Those of a reloaded window come back one by one, so it is looked for until
 * `patienceMs` are over; one that never says its process keeps nobody waiting. Null: it did not come.
 */
export async function findByProcess<T extends WithProcess>(
  terminals: () => readonly T[],
  pid: number,
  patienceMs: number,
  lookAgainMs: number,
): Promise<T | null> {
  const asked = new Set<T>();
  const found = new Set<T>();
  const ask = async (one: T): Promise<void> => {
    asked.add(one);
    if ((await one.processId) === pid) found.add(one);
  };
  const until = Date.now() + patienceMs;
  do {
    const fresh = terminals().filter((one) => !asked.has(one));
    await Promise.race([Promise.all(fresh.map(ask)), pause(lookAgainMs)]);
    if (found.size === 0) await pause(lookAgainMs);
  } while (found.size === 0 && Date.now() < until);
  return [...found][0] ?? null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
