/** A thread of its own that makes one snapshot, ordered by its `workerData`, and says how that went. */
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { type SnapshotOrder, makeSnapshot } from './makeSnapshot.ts';
import { openSqliteTables } from './projection.ts';

/** How it went; `code` is the system's when it was the system that refused. */
export type SnapshotReply =
  { readonly made: true } | { readonly made: false; readonly message: string; readonly code: string | null };

async function reply(): Promise<SnapshotReply> {
  const order = workerData as SnapshotOrder;
  try {
    await makeSnapshot({ files: realFiles, folder: order.folder }, openSqliteTables, order);
    return { made: true };
  } catch (error) {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return { made: false, message, code: typeof code === 'string' ? code : null };
  }
}

void reply().then((said) => parentPort?.postMessage(said));
