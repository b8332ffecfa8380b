/** The first `count` items of something that may be endless. */
export function take(items, count) {
  const taken = [];
  if (count === 0) return taken;
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
