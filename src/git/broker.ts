import { codeOf } from '../system/errorCode.ts';
import type { Order, Report } from './brokerMessages.ts';
import { type Call, type Running, startHere } from './running.ts';

/**
 * A process that does nothing but run git for its host. Node starts a program by copying the page tables of the whole
 * process (a plain clone, still in Node 24): 27 ms of standing still at 560 MB, in which an editor's extensions stand
 * still too. This one stays small. Lives as long as the channel to its host.
 */
const pieceLimit = 1 << 16;
const wordsLimit = 1 << 16;
const running = new Map<number, Running>();
/** Ended before it was begun. */
const unwanted = new Set<number>();

let orphaned = false;

process.on('disconnect', () => {
  orphaned = true;
  // Each is in a session of its own and would go on: changing files that by now are another owner's.
  void Promise.all([...running.keys()].map(end)).finally(() => process.exit());
});
process.on('message', (order: Order) => {
  if (orphaned) return;
  if (order.kind === 'run') void run(order.id, order.call);
  else void end(order.id);
});

async function run(id: number, call: Call): Promise<void> {
  await tell({ kind: 'starting', id });
  if (orphaned) return;
  let pieces: Buffer[] = [];
  let bytes = 0;
  const words: Buffer[] = [];
  let wordBytes = 0;
  try {
    const started = startHere(call, {
      output: (piece) => {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes < pieceLimit) return undefined;
        const output = Buffer.concat(pieces);
        pieces = [];
        bytes = 0;
        return tell({ kind: 'output', id, output });
      },
      words: (piece) => {
        if (wordBytes < wordsLimit) words.push(piece);
        wordBytes += piece.length;
      },
    });
    running.set(id, started);
    if (unwanted.delete(id)) await started.end();
    const code = await started.ended;
    await tell({ kind: 'ended', id, code, output: Buffer.concat(pieces), words: Buffer.concat(words) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await tell({ kind: 'failed', id, code: String(codeOf(error) ?? ''), message });
  } finally {
    unwanted.delete(id);
    running.delete(id);
  }
}

async function end(id: number): Promise<void> {
  const one = running.get(id);
  if (one === undefined) unwanted.add(id);
  // What cannot be ended ends by itself, and is reported then.
  else await one.end().catch(() => undefined);
}

/** Fulfilled once the system has taken it, also when nobody is left to read it: then this process ends anyway. */
function tell(report: Report): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => {
      resolve();
    });
  });
}
