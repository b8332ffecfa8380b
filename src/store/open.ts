import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { realHost } from '../system/realHost.ts';
import { existingHomeOf, homeOf } from './home.ts';
import { type MakeSnapshot, makeOffThread } from './offThread.ts';
import { claimOwnership } from './owner.ts';
import { notWritable } from './problems.ts';
import { ReaderStore } from './readerStore.ts';
import { openSqliteTables } from './projection.ts';
import { recall } from './recall.ts';
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
  return options.mode === 'reader' ? openAsReader(options) : openAsOwner(options);
}

async function openAsOwner(options: StoreOptions): Promise<Store> {
  const { clock, files = realFiles, host = realHost, tables = openSqliteTables } = options;
  const limits = { ...usualLimits, ...options.limits };
  const folder = await homeOf({ ...options, files });
  const place = { files, folder };
  const ownership = await claimOwnership(place, host, clock);
  try {
    const recalled = await recall(place, tables, clock.now(), 'owner');
    const own = options.files === undefined && options.tables === undefined;
    const elsewhere = options.elsewhere === undefined && own ? makeOffThread : (options.elsewhere ?? null);
    return new RigStore({ place, clock, limits, recalled, ownership, elsewhere });
  } catch (error) {
    await ownership.release();
    // Only the system's own errors have a code: here something could not be mended or opened for writing.
    throw codeOf(error) === undefined ? error : notWritable(folder, error);
  }
}

async function openAsReader(options: StoreOptions): Promise<Store> {
  const { commonDir, clock, files = realFiles, tables = openSqliteTables } = options;
  const place = { files, folder: await existingHomeOf(commonDir, files) };
  return new ReaderStore(place, await recall(place, tables, clock.now(), 'reader'), clock);
}
