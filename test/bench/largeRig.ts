import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/ports/store.ts';
import { type StoreOptions, openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { BeadId, ConvoyId } from '../../src/town/ids.ts';
import type { TownEvent } from '../../src/town/state.ts';
import { beadCreated, beadIdOf, beadMoved } from '../fakes/events.ts';

/** A repository with a rig whose memory is measured; removed when the run ends. */
export interface LargeRig {
  readonly commonDir: string;
  open(options?: Partial<StoreOptions>): Promise<Store>;
}

/** A rig that was never opened. */
export function emptyRepository(): LargeRig {
  const place = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  process.once('exit', () => {
    rmSync(place, { recursive: true, force: true });
  });
  const commonDir = join(place, 'git');
  mkdirSync(commonDir);
  return {
    commonDir,
    open: (options = {}) => openStore({ commonDir, storageRoot: place, clock: systemClock, ...options }),
  };
}

/** What is appended when `beads` come in as one convoy: each needs the one five before it, so one in five is ready. */
export function convoyOf(beads: number): readonly TownEvent[] {
  const convoy = 'cv-00001' as ConvoyId;
  const numbers = Array.from({ length: beads }, (_, number) => number);
  const needs = (number: number): readonly BeadId[] => (number % 5 === 0 ? [] : [beadIdOf(number - 1)]);
  return [
    { type: 'convoy.created', convoy, title: 'Everything', landing: 'review', held: false, at: 0 },
    ...numbers.map(
      (number) =>
        ({
          ...beadCreated(
            beadIdOf(number),
            { title: `Bead ${String(number)}`, dependencies: needs(number) },
            number,
          ),
          convoy,
        }) as TownEvent,
    ),
    ...numbers.map((number) => beadMoved(beadIdOf(number), 'queued', number)),
  ];
}

const made = new Map<number, Promise<LargeRig>>();

/** The same, made once a run, for those that only look. */
export function sharedRig(beads: number): Promise<LargeRig> {
  const rig = made.get(beads) ?? largeRig(beads);
  made.set(beads, rig);
  return rig;
}

/** A rig of as many beads, all of them in a snapshot. */
export async function largeRig(beads: number): Promise<LargeRig> {
  const rig = emptyRepository();
  const store = await rig.open();
  await store.append(0, convoyOf(beads));
  await store.close();
  return rig;
}
