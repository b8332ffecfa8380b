import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { realHost } from '../system/realHost.ts';
import { clearTheWay } from './goOn.ts';
import { type Home, homeOf, homeToRead } from './home.ts';
import { Journal } from './journal.ts';
import { migrate } from './migrate.ts';
import { type MakeSnapshot, makeOffThread } from './offThread.ts';
import { claimOwnership } from './owner.ts';
import { OwnerWatch } from './ownerWatch.ts';
import type { Ownership } from './ownership.ts';
import type { Place } from './place.ts';
import { fenced, notWritable } from './problems.ts';
import { openSqliteTables } from './projection.ts';
import { ReaderStore } from './readerStore.ts';
import { type Recalled, recall } from './recall.ts';
import { type Limits, RigStore, usualLimits } from './rigStore.ts';
import type { OpenTables } from './tables.ts';

export interface StoreOptions {
  /** Common git directory of the repository. */
  readonly commonDir: string;
  /** Absolute folder under which the first owner makes the state folder. */
  readonly storageRoot: string;
  readonly clock: Clock;
  /** `owner`, the usual: the one writer. `reader`: looks at what is on disk now, writes nothing, claims nothing. */
  readonly mode?: 'owner' | 'reader';
  /** A reader that shows a damaged rig up to its last good number; its `damage` says what is wrong. */
  readonly tolerant?: boolean;
  /** Key of this window, the same over its reloads: its own agents do not make it wait. Empty for what is no window. */
  readonly window?: string;
  /** What this window has seen of the owner so far; without it, it sees the owner for the first time. */
  readonly watch?: OwnerWatch;
  readonly limits?: Partial<Limits>;
  /** The file system; the machine's own when not given. */
  readonly files?: Files;
  /** Who this process is, and who else lives; the machine's own answers when not given. */
  readonly host?: Host;
  /** What answers queries and makes snapshots: sql.js, which is loaded only when it is not given. */
  readonly tables?: OpenTables;
  /** How a large snapshot is made off this thread. It reads the machine's files and tables of sql.js, so with others it is not. */
  readonly elsewhere?: MakeSnapshot | null;
}

/** Opens the memory of a rig, made at its first opening. Throws StoreError; nothing is lost when it does. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return options.mode === 'reader' ? openAsReader(options) : openAsOwner(options, 'whole');
}

/**
 * Opens a damaged rig for writing from its last good number on, as its person confirmed: what cannot be read, and
 * everything behind it, counts no more. Every damaged file is kept in `damaged-<at>/` first. Throws StoreError.
 */
export async function goOnFromLastGood(options: StoreOptions): Promise<Store> {
  return openAsOwner(options, 'last good');
}

async function openAsOwner(options: StoreOptions, want: 'whole' | 'last good'): Promise<Store> {
  const { clock, files = realFiles, host = realHost, window = '', commonDir } = options;
  const home = await homeOf({ ...options, files });
  const place = { files, folder: home.folder };
  const watch = options.watch ?? new OwnerWatch({ commonDir, window, host, files });
  const ownership = await claimOwnership({ place, host, clock, window, watch });
  try {
    await migrate(place, home);
    const recalled = await recalledAs('owner', options, place, home);
    try {
      if (recalled.damage !== null && want === 'whole') throw recalled.damage;
      const said = recalled.damage === null ? [] : [await clearTheWay(place, recalled, clock.now())];
      const news = [...recalled.news, ...said];
      const journal = await begin(place, ownership, recalled);
      const limits = { ...usualLimits, ...options.limits };
      const own = options.files === undefined && options.tables === undefined;
      const elsewhere = options.elsewhere === undefined && own ? makeOffThread : (options.elsewhere ?? null);
      return new RigStore({
        place,
        clock,
        limits,
        rig: home.id,
        recalled: { ...recalled, news },
        ownership,
        journal,
        elsewhere,
      });
    } catch (error) {
      recalled.tables.close();
      throw error;
    }
  } catch (error) {
    await ownership.release();
    // Only the system's own errors have a code: here something could not be mended or opened for writing.
    throw codeOf(error) === undefined ? error : notWritable(home.folder, error);
  }
}

/** From here on everything that a former owner adds is ignored. */
async function begin(place: Place, ownership: Ownership, recalled: Recalled): Promise<Journal> {
  const { segments, seq: after, newestSegment, firstSegment } = recalled;
  // Overtaken while it read, it would show what is old, and its file would stand in its successor's way.
  if (!ownership.holds()) throw fenced(ownership.claim);
  // What was read may not be on disk yet, and from here on it counts.
  for (const { path } of segments.slice(-1)) await place.files.sync(path);
  const last = segments.at(-1)?.number;
  const end = { after, previous: last ?? 0, segment: last === undefined ? firstSegment : newestSegment + 1 };
  const journal = await Journal.begin(place, { epoch: ownership.epoch, ...end });
  try {
    await ownership.removeOlder('released', 'hosting', 'pulse');
    return journal;
  } catch (error) {
    journal.close();
    throw error;
  }
}

const patience = 3;

async function openAsReader(options: StoreOptions): Promise<Store> {
  const { commonDir, clock, files = realFiles, tolerant = false } = options;
  const home = await homeToRead(commonDir, files);
  const place = { files, folder: home.folder };
  for (let tried = 1; ; tried += 1) {
    const recalled = await recalledAs('reader', options, place, home);
    if (recalled.damage === null || (tolerant && tried >= patience))
      return new ReaderStore({ place, rig: home.id, recalled, clock });
    recalled.tables.close();
    // The owner may have taken files away between two looks, once or twice; damage is there at every look.
    if (tried >= patience) throw recalled.damage;
  }
}

function recalledAs(
  role: 'owner' | 'reader',
  options: StoreOptions,
  place: Place,
  home: Home,
): Promise<Recalled> {
  const { clock, tables: openTables = openSqliteTables } = options;
  return recall({ place, openTables, at: clock.now(), role, context: { rig: home.id } });
}
