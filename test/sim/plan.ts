import { type Temper, tempers } from './agent.ts';
import { type Wishing, contestWishings, queueWishings, wishings } from './person.ts';
import { Random } from './random.ts';

/** Something that befalls a seed at its `at`-th step (an agent's temper: the `at`-th session there is). */
export type Item =
  /** A window is killed at its next call: before it happens, in its middle, or before it hears of it. */
  | { readonly at: number; readonly kind: 'kill'; readonly when: 'before' | 'middle' | 'after' }
  /** Its next append is torn at some byte, or its sync never returns. */
  | { readonly at: number; readonly kind: 'tear' }
  /** All processes end and the disk keeps what was synced. */
  | { readonly at: number; readonly kind: 'powerCut' }
  /** A window's machine sleeps just before its next call; `move`: its next one that moves a ref. */
  | {
      readonly at: number;
      readonly kind: 'sleep';
      readonly ms: number;
      readonly before: 'call' | 'move';
    }
  | { readonly at: number; readonly kind: 'reload' }
  /** The next call of a window fails; `done`: and happened all the same. */
  | { readonly at: number; readonly kind: 'failCall'; readonly done: boolean }
  | { readonly at: number; readonly kind: 'diskFails'; readonly code: string; readonly count: number }
  | { readonly at: number; readonly kind: 'temper'; readonly temper: Temper }
  | { readonly at: number; readonly kind: 'person'; readonly wishing: Wishing; readonly draw: number };

/** All that is drawn before a seed begins; the rest follows from it and the seed. Shrinking takes parts of it away. */
export interface Plan {
  readonly seed: number;
  /** Steps before everything calms down. */
  readonly steps: number;
  /** Turns come in a drawn order and take drawn times; else in the order of asking, at once. */
  readonly shuffled: boolean;
  /** The second window runs where the first cannot see its processes. */
  readonly apart: boolean;
  readonly windows: 1 | 2;
  readonly sqlite: boolean;
  readonly snapshotEvery: number;
  readonly items: readonly Item[];
}

export const mostSteps = 300;

const faults = { kill: 9, tear: 5, powerCut: 5, sleep: 3, reload: 4, failCall: 6, diskFails: 4 };
const diskErrors = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'];

export function planOf(seed: number): Plan {
  const random = new Random(seed, 'plan');
  const steps = random.between(60, mostSteps);
  const items: Item[] = [];
  const calm = random.chance(10);
  const count = calm ? 0 : random.between(1, 6);
  for (let n = 0; n < count; n += 1) items.push(faultAt(random.below(steps), random));
  const wishes = random.between(1, 12);
  for (let n = 0; n < wishes; n += 1)
    items.push({
      at: random.below(steps),
      kind: 'person',
      wishing: random.weighed(wishings),
      draw: random.next(),
    });
  const bad = calm ? 5 : 35;
  for (let session = 0; session < 10; session += 1)
    if (random.chance(bad)) items.push({ at: session, kind: 'temper', temper: random.pick(tempers) });
  const windows = random.chance(60) ? 2 : 1;
  const apart = windows === 2 && random.chance(40);
  const snapshotEvery = random.pick([3, 8, 20, 1_000]);
  // Long enough for another one to take over, early enough to see what becomes of it.
  if (apart) {
    const before = random.pick(['call', 'move', 'move'] as const);
    items.push({ at: random.between(60, 160), kind: 'sleep', ms: random.between(60_000, 200_000), before });
  } else items.push(...queueItems(seed, steps));
  if (!apart) items.push(...contestItems(seed, steps));
  return { seed, steps, shuffled: true, apart, windows, sqlite: seed % 50 === 0, snapshotEvery, items };
}

/** A takeover at just the wrong moment is rare enough: what windows apart from each other meet stays as it is. */
function queueItems(seed: number, steps: number): readonly Item[] {
  const random = new Random(seed, 'queue');
  if (random.chance(40)) return [];
  return Array.from({ length: random.between(1, 7) }, (_, n) => ({
    at: random.between(20, steps),
    kind: 'person',
    wishing: n === 0 ? 'branches' : random.weighed(queueWishings),
    draw: random.next(),
  }));
}

function contestItems(seed: number, steps: number): readonly Item[] {
  const random = new Random(seed, 'contest');
  if (random.chance(60)) return [];
  const from = random.between(125, 165);
  const begins = ['heldGoal', 'contest', 'contest', 'release'] as const;
  return Array.from({ length: random.between(begins.length, 12) }, (_, n) => ({
    at: n < begins.length ? from + 4 * n : random.between(from, Math.max(from, steps)),
    kind: 'person',
    wishing: begins[n] ?? random.weighed(contestWishings),
    draw: random.next(),
  }));
}

function faultAt(at: number, random: Random): Item {
  const kind = random.weighed(faults);
  switch (kind) {
    case 'kill':
      return { at, kind, when: random.pick(['before', 'middle', 'after']) };
    case 'sleep':
      return { at, kind, ms: random.pick([3_000, 20_000, 90_000, 400_000]), before: 'call' };
    case 'failCall':
      return { at, kind, done: random.chance(40) };
    case 'diskFails':
      return { at, kind, code: random.pick(diskErrors), count: random.pick([1, 1, 2, 5, 20]) };
    case 'tear':
    case 'powerCut':
    case 'reload':
      return { at, kind };
  }
}
