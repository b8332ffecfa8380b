/** More requests than this are not searched at once. */
export const mostSearched = 64;
/**
 * What a run costs beside the round it is in: one that saves less of a round, on average, is not started. Runs side by
 * side slow each other; with two slots this price leaves out a quarter of them for 6 % of the time where 1 % fail, and
 * at 20 % none (simulated).
 */
export const runPrice = 0.25;

/**
 * What it takes to decide requests that fail independently, each round testing several prefixes of their line at once.
 * `n` are undecided, and the first `m` of them are red together; (n + 1, n) is a line of which nothing is known, as if
 * one that always fails stood behind it. So every state asks the same: which is the first that fails? Then those before
 * it are decided with it, and those behind it are unknown again.
 *
 * This is nested group testing (Sobel and Groll 1959; with halving for rare failures, Hwang 1972), its cuts found by
 * dynamic programming, and with several tests a round. One slot can never decide more than 1 / H(rate) requests a run,
 * H being the binary entropy: 3.49 at 5 %, 1.39 at 20 %. From a rate of (3 - √5) / 2 = 38 % on nothing beats one run for
 * each (Ungar 1960), and nothing else comes out here.
 */
export interface SearchCosts {
  /** The chance that the first `count` of a line pass. */
  pass(count: number): number;
  /** The chance of (m, n) before anything was tested: that one of the first m fails, or 1 when nothing is known. */
  chance(m: number, n: number): number;
  /** Rounds, with runs at their price, that (m, n) takes until all are decided, times that chance. */
  rounds(m: number, n: number): number;
}

/** Tables are this long, or twice as long, and so on. */
const shortest = 16;
const mostKept = 32;
const kept = new Map<string, SearchCosts>();

/** For lines up to `length`. Kept for what was asked last: a rig's rate changes little from one run to the next. */
export function searchCosts(rate: number, slots: number, length: number): SearchCosts {
  let size = shortest;
  while (size < length) size *= 2;
  const key = `${String(rate)} ${String(slots)} ${String(size)}`;
  const costs = kept.get(key) ?? tabulated(rate, slots, size);
  kept.delete(key);
  kept.set(key, costs);
  for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest);
  return costs;
}

function tabulated(rate: number, slots: number, size: number): SearchCosts {
  const width = size + 2;
  const passes = Float64Array.from({ length: width }, (_, count) => (1 - rate) ** count);
  const pass = (count: number): number => passes[count] ?? 0;
  const chance = (m: number, n: number): number => (m > n ? 1 : 1 - pass(m));
  const rounds = new Float64Array(width * width);
  /** `after[cuts]`: what (m, n) takes when so many cuts may still be made in this round; by n - m, then by m. */
  const after = Array.from({ length: slots }, () => new Float64Array(width * width));
  /** The best first cut of (m, n), and what can follow it in the same round. */
  const cut = (m: number, n: number, following: Float64Array): number => {
    const [row, diagonal] = [n * width, (n - m + 1) * width + m];
    let best = Infinity;
    for (let x = 1; x < m; x += 1) {
      const of = (rounds[row + x] ?? 0) + (passes[x] ?? 0) * (following[diagonal - x] ?? 0);
      if (of < best) best = of;
    }
    return best + runPrice * chance(m, n);
  };
  const [none, ...some] = after;
  const most = after.at(-1);
  if (none === undefined || most === undefined) throw new RangeError('nothing can be tested without a slot');
  for (let n = 0; n <= size; n += 1)
    for (let m = 1; m <= n + 1; m += 1) {
      const decided = m > n ? 0 : rate * (rounds[(n - 1) * width + n] ?? 0);
      const value = m === 1 ? decided : chance(m, n) + cut(m, n, most);
      rounds[n * width + m] = value;
      const place = (n - m + 1) * width + m;
      none[place] = value;
      let fewer = none;
      for (const more of some) {
        more[place] = Math.min(value, cut(m, n, fewer));
        fewer = more;
      }
    }
  return { pass, chance, rounds: (m, n) => rounds[n * width + m] ?? 0 };
}
