import { basename, join } from 'node:path';
import type { Notice } from '../ports/notices.ts';
import { notice } from './feed.ts';
import { copyInto, freeName, makeFolderDurably } from './folders.ts';
import type { Place } from './place.ts';
import type { Recalled } from './recall.ts';
import { segmentNumbers, segmentPath } from './segment.ts';

/**
 * Keeps the files of a damaged journal in a folder `damaged-<at>`: copies of those that count, from the damaged one or
 * else the last one on, and those behind them themselves. Cut short anywhere, it can be done again. Returns what the
 * feed should say.
 */
export async function clearTheWay({ files, folder }: Place, recalled: Recalled, at: number): Promise<Notice> {
  const { segments, firstSegment } = recalled;
  const last = segments.at(-1);
  const numbers = segmentNumbers(await files.list(folder));
  const behind = numbers.filter((number) => number > (last?.number ?? firstSegment - 1));
  const kept = freeName(files, folder, 'damaged-', at);
  await makeFolderDurably(files, kept);
  for (const { path } of segments.slice(firstToKeep(recalled))) await copyInto(files, path, kept);
  for (const number of behind) {
    const path = segmentPath(folder, number);
    await files.rename(path, join(kept, basename(path)));
  }
  await files.syncFolder(kept);
  await files.syncFolder(folder);
  const path = basename(recalled.damage?.path ?? folder);
  return notice(at, 'store.went_on', { path, keptAs: basename(kept), seq: recalled.seq });
}

/** A number that cannot be applied may stand in any of them, and from there on they will be superseded. */
function firstToKeep({ segments, damage }: Recalled): number {
  const harmed = segments.findIndex(({ path }) => path === damage?.path);
  return harmed === -1 ? Math.max(0, segments.length - 1) : harmed;
}
