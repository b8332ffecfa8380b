import type { Notice } from '../ports/notices.ts';
import { notice } from './feed.ts';
import { Folded } from './folded.ts';
import type { Place } from './place.ts';
import { damaged } from './problems.ts';
import { databasePath, isDamage, readSnapshot, setSnapshotAside, snapshotSeqs } from './snapshot.ts';
import { Misfit, type OpenTables, type Tables } from './tables.ts';

/** What the newest good snapshot holds; nothing yet when there is none. */
export interface Remembered {
  readonly tables: Tables;
  readonly folded: Folded;
  /** The number it is true for, and the journal file that goes on after it. */
  readonly seq: number;
  readonly segment: number;
  /** What there is to tell of others that were not good. */
  readonly news: readonly Notice[];
}

/**
 * Opens the newest snapshot whose bytes and content are those that were written. A damaged one is passed over in
 * favour of the one before and a longer journal; its owner also renames it. Throws StoreError `newer_schema`.
 */
export async function remember(
  place: Place,
  names: readonly string[],
  openTables: OpenTables,
  at: number,
  role: 'owner' | 'reader',
): Promise<Remembered> {
  const news: Notice[] = [];
  for (const seq of snapshotSeqs(names)) {
    try {
      return { ...(await openSnapshot(place, seq, openTables)), news };
    } catch (error) {
      if (!isDamage(error)) throw error;
      const path = databasePath(place.folder, seq);
      const keptAs = role === 'owner' ? await setSnapshotAside(place, seq, at) : path;
      news.push(notice(at, 'store.snapshot_damaged', { path, keptAs }));
    }
  }
  return { tables: await openTables(null), folded: new Folded(), seq: 0, segment: 1, news };
}

async function openSnapshot(
  place: Place,
  seq: number,
  openTables: OpenTables,
): Promise<Omit<Remembered, 'news'>> {
  const { manifest, bytes } = await readSnapshot(place, seq);
  const path = databasePath(place.folder, seq);
  const tables = await openTables(bytes).catch((error: unknown) => {
    throw misfitting(path, error);
  });
  try {
    const loaded = tables.load();
    if (loaded.seq !== seq) throw new Misfit(`it ends at number ${String(loaded.seq)}`);
    return { tables, folded: loaded.folded, seq, segment: manifest.segment };
  } catch (error) {
    tables.close();
    throw misfitting(path, error);
  }
}

function misfitting(path: string, error: unknown): unknown {
  return error instanceof Misfit ? damaged(path, error.message, error) : error;
}
