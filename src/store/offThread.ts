import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SnapshotOrder } from './makeSnapshot.ts';
import type { SnapshotReply } from './snapshotWorker.ts';

/** Makes a snapshot without holding up the caller's thread. Rejects with `NotMade`. */
export type MakeSnapshot = (order: SnapshotOrder) => Promise<void>;

/** A snapshot was not made in the background; `code` is the system's when it was the system that refused a file. */
export class NotMade extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotMade';
    this.code = code;
  }
}

/** As a source when run from sources, as a bundle of its own beside the others in the product. */
const script = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'snapshotWorker.ts' : 'snapshot.cjs',
);

/** In a thread that lives as long as the work: what it holds is as large as the rig. */
export function makeOffThread(order: SnapshotOrder, thread = script): Promise<void> {
  return new Promise((resolve, reject) => {
    // Neither the flags nor the environment of the extension host are for this thread.
    const worker = new Worker(thread, { workerData: order, execArgv: [], env: {} });
    let reply: SnapshotReply | null = null;
    worker.once('message', (said: SnapshotReply) => {
      reply = said;
    });
    worker.once('error', (error: Error) => {
      reject(new NotMade(error.message, null, { cause: error }));
    });
    worker.once('exit', (code) => {
      if (reply === null) reject(new NotMade(`its thread ended with ${String(code)}`));
      else if (reply.made) resolve();
      else reject(new NotMade(reply.message, reply.code));
    });
  });
}
