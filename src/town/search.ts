import { mostSearched, runPrice, searchCosts } from './searchCosts.ts';

/** What is known of requests that were merged in order onto the target, each tip holding all before it. */
export interface Line {
  readonly length: number;
  /** So many from its front are proven together: the longest prefix that passed. */
  readonly green: number;
  /** So many from its front are known to fail together, the fewest; null: none are. At `green + 1` that one is to blame. */
  readonly red: number | null;
}

export interface Probing {
  /** Runs at the same time. */
  readonly slots: number;
  /** The chance that one request fails, 0..1. */
  readonly rate: number;
}

/** More prefixes than this tell hardly more. */
const mostSlots = 16;

/**
 * Lengths of prefixes whose tips are to be tested now beside those that are `running`, chosen as if all of them ended
 * together: ascending, at most as many as slots are free. None when the line is decided, or when no run beside those
 * would save enough (`runPrice`). Whatever runs at or above `red`, or at or below `green`, is needless and takes no slot.
 */
export function probes(line: Line, probing: Probing, running: readonly number[] = []): readonly number[] {
  const { green } = line;
  const under = running.filter((length) => isOpen(line, length)).map((length) => length - green);
  return cuts(endOf(line) - green, line.length - green, probing, under).map((cut) => cut + green);
}

/**
 * As `probes`, where every prefix has to be tested: the next in order. `green` counts as far as each is proven;
 * `tested` are the lengths beyond it that passed before.
 */
export function everyProbe(
  line: Line,
  probing: Probing,
  running: readonly number[] = [],
  tested: readonly number[] = [],
): readonly number[] {
  const under = new Set(running.filter((length) => isOpen(line, length)));
  const free = Math.max(0, slotsOf(probing) - under.size);
  const all = Array.from({ length: Math.max(0, endOf(line) - line.green - 1) }, (_, n) => line.green + n + 1);
  return all.filter((length) => !under.has(length) && !tested.includes(length)).slice(0, free);
}

/**
 * How many of the waiting are worth taking into one line: as far as its first runs reach, so that all of it lands when
 * these are green. Where every prefix is tested, a line may be as long as one likes.
 */
export function lineLength(waiting: number, probing: Probing): number {
  let length = waiting >= 1 ? Math.min(mostSearched, Math.floor(waiting)) : 0;
  for (;;) {
    const reach = cuts(length + 1, length, probing, []).at(-1) ?? length;
    if (reach === length) return length;
    length = reach;
  }
}

/** The length that is as good as red: without a red one, what would fail is behind the line. */
function endOf({ length, red }: Line): number {
  return Math.min(red ?? Infinity, length + 1);
}

function isOpen(line: Line, length: number): boolean {
  return length > line.green && length < endOf(line);
}

function slotsOf({ slots }: Probing): number {
  return slots >= 1 ? Math.min(mostSlots, Math.floor(slots)) : 1;
}

/** In steps of a twentieth, so that tables can be kept, and never sure: what is known of a line may say otherwise. */
function rateOf({ rate }: Probing): number {
  const steps = Math.round(Math.log(rate > 0.001 ? rate : 0.001) / Math.log(1.05));
  return Math.min(0.999, 1.05 ** steps);
}

/** Where to cut from here on in this round, and the rounds that it takes then. */
interface Cut {
  readonly rounds: number;
  readonly at: readonly number[];
}

/** The best new cuts of (m, n) beside those that are made already (see `SearchCosts`). */
function cuts(m: number, n: number, probing: Probing, made: readonly number[]): readonly number[] {
  const [end, all] = [Math.min(m, mostSearched + 1), Math.min(n, mostSearched)];
  const slots = slotsOf(probing);
  if (end <= 1 || made.length >= slots) return [];
  const costs = searchCosts(rateOf(probing), slots, all);
  const under = made.toSorted((a, b) => a - b);
  const known = new Map<number, Cut>();
  /** When the first `from` passed and `free` cuts may still be made. */
  const best = (from: number, free: number): Cut => {
    const next = under.find((cut) => cut > from && cut < end);
    const uncut = { rounds: costs.rounds(end - from, all - from), at: [] };
    if (next === undefined && free === 0) return uncut;
    const key = from * (mostSlots + 1) + free;
    const found = known.get(key) ?? firstCut(from, free, next, uncut);
    known.set(key, found);
    return found;
  };
  const firstCut = (from: number, free: number, next: number | undefined, uncut: Cut): Cut => {
    // A run is paid for also when one before it turns out red, and what follows counts as far as `from` passes.
    const price = (runPrice * costs.chance(end, all)) / costs.pass(from);
    let found: Cut = next === undefined ? uncut : { rounds: Infinity, at: [] };
    for (let x = next ?? end - 1; x > from; x -= 1) {
      const isNew = x !== next;
      if (isNew && free === 0) break;
      const then = best(x, isNew ? free - 1 : free);
      const reached = costs.rounds(x - from, all - from) + costs.pass(x - from) * then.rounds;
      const rounds = isNew ? reached + price : reached;
      if (rounds < found.rounds) found = { rounds, at: isNew ? [x, ...then.at] : then.at };
    }
    return found;
  };
  return best(0, slots - made.length).at;
}
