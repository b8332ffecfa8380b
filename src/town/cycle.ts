/** Ids along a dependency cycle reachable from `starts`, or null. Iterative, for deep chains. */
export function findCycle<T extends string>(
  starts: readonly T[],
  next: (id: T) => readonly T[],
): readonly T[] | null {
  const done = new Set<T>();
  for (const start of starts) {
    const path: { id: T; rest: T[] }[] = [{ id: start, rest: [...next(start)] }];
    const onPath = new Set<T>([start]);
    while (path.length > 0) {
      const top = path[path.length - 1];
      const step = top?.rest.pop();
      if (step === undefined) {
        const left = path.pop();
        if (left !== undefined) {
          onPath.delete(left.id);
          done.add(left.id);
        }
      } else if (onPath.has(step)) {
        const ids = path.map((one) => one.id);
        return ids.slice(ids.indexOf(step));
      } else if (!done.has(step)) {
        path.push({ id: step, rest: [...next(step)] });
        onPath.add(step);
      }
    }
  }
  return null;
}
