import type { Plan } from './plan.ts';

interface Golden {
  /** What the promise it broke was mended by, in words. */
  readonly mended: string;
  readonly plan: Plan;
}

const small = { shuffled: false, apart: false, sqlite: false, snapshotEvery: 1_000 };

/** Plans that once broke a promise, shrunk; unlike a seed they stay what they are when more is drawn for a seed. */
export const golden: readonly Golden[] = [
  {
    mended: 'a folder made by a killed window was never synced into the one above it',
    plan: {
      ...small,
      seed: 2,
      steps: 63,
      windows: 1,
      items: [
        { at: 3, kind: 'kill', when: 'after' },
        { at: 61, kind: 'powerCut' },
      ],
    },
  },
  {
    mended: 'a pointer whose maker slept was relied on before its name was on disk',
    plan: {
      ...small,
      seed: 101,
      steps: 61,
      windows: 2,
      items: [
        { at: 20, kind: 'sleep', ms: 3_000, before: 'call' },
        { at: 43, kind: 'diskFails', code: 'EIO', count: 20 },
        { at: 53, kind: 'powerCut' },
      ],
    },
  },
  {
    mended: 'an agent started after the town was stopped',
    plan: {
      ...small,
      shuffled: true,
      seed: 56,
      steps: 45,
      windows: 1,
      items: [{ at: 44, kind: 'person', wishing: 'stop', draw: 4219438374 }],
    },
  },
  {
    mended: 'a session forbidden just before a crash was waited for without end',
    plan: {
      ...small,
      seed: 521,
      steps: 198,
      windows: 1,
      items: [
        { at: 0, kind: 'temper', temper: 'silent' },
        { at: 69, kind: 'tear' },
      ],
    },
  },
  {
    mended:
      'a journal file that was taken back came back with a power cut, before lines that were acknowledged',
    plan: {
      ...small,
      shuffled: true,
      snapshotEvery: 3,
      seed: 1693,
      steps: 298,
      windows: 1,
      items: [
        { at: 44, kind: 'failCall', done: false },
        { at: 227, kind: 'diskFails', code: 'EROFS', count: 1 },
        { at: 235, kind: 'failCall', done: true },
        { at: 252, kind: 'powerCut' },
      ],
    },
  },
  {
    mended: 'an owner that woke up in the middle of its opening put a file in the way of its successor',
    plan: {
      ...small,
      shuffled: true,
      apart: true,
      snapshotEvery: 8,
      seed: 5186,
      steps: 218,
      windows: 2,
      items: [
        { at: 0, kind: 'temper', temper: 'stillborn' },
        { at: 50, kind: 'kill', when: 'after' },
        { at: 63, kind: 'powerCut' },
        { at: 124, kind: 'person', wishing: 'bead', draw: 2710991925 },
        { at: 149, kind: 'tear' },
        { at: 192, kind: 'sleep', ms: 90_000, before: 'call' },
        { at: 207, kind: 'person', wishing: 'commitByHand', draw: 2241444822 },
        { at: 211, kind: 'kill', when: 'before' },
      ],
    },
  },
  {
    mended: 'a journal file begun behind a line that was never acknowledged made the rig read as damaged',
    plan: {
      ...small,
      shuffled: true,
      apart: true,
      seed: 2113,
      steps: 212,
      windows: 2,
      items: [
        { at: 72, kind: 'sleep', ms: 168_318, before: 'call' },
        { at: 76, kind: 'kill', when: 'after' },
        { at: 79, kind: 'diskFails', code: 'EIO', count: 2 },
        { at: 79, kind: 'person', wishing: 'defer', draw: 2239086739 },
        { at: 97, kind: 'person', wishing: 'goal', draw: 2407915950 },
        { at: 133, kind: 'person', wishing: 'cancel', draw: 2163268998 },
        { at: 178, kind: 'sleep', ms: 90_000, before: 'call' },
      ],
    },
  },
  {
    mended: 'a claim that could not be read again after its sync failed made its own window refuse itself',
    plan: {
      ...small,
      shuffled: false,
      apart: false,
      seed: 624,
      steps: 126,
      windows: 1,
      items: [
        { at: 114, kind: 'failCall', done: false },
        { at: 97, kind: 'failCall', done: false },
        { at: 17, kind: 'sleep', ms: 20_000, before: 'call' },
        { at: 81, kind: 'sleep', ms: 20_000, before: 'call' },
      ],
    },
  },
  {
    mended: 'a folder that an earlier try made and could not sync was relied on, and a power cut took it',
    plan: {
      ...small,
      shuffled: false,
      apart: false,
      seed: 5887,
      steps: 73,
      windows: 1,
      items: [
        { at: 41, kind: 'powerCut' },
        { at: 5, kind: 'failCall', done: false },
      ],
    },
  },
];

export function goldenPlan(place: number): Plan {
  const found = golden[place]?.plan;
  if (found === undefined) throw new Error(`there is no golden plan ${String(place)}`);
  return found;
}
