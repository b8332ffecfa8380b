import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Archive, ArchiveFilter, ArchivedBead, Unreadable } from '../ports/store.ts';
import type { Bead } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';
import type { TownEvent } from '../town/state.ts';
import type { Folded } from './folded.ts';
import type { Place } from './place.ts';
import { unreadable as unreadableFile } from './problems.ts';
import { fileMode } from './records.ts';
import { seal, unseal } from './sealedLine.ts';
import { searchable } from './schema.ts';
import { bytesIfThere } from '../system/readIfThere.ts';
import { realFiles } from '../system/realFiles.ts';

/** What an event is about to take out of the state; null for all events but one. */
export function leaving(folded: Folded, event: TownEvent): ArchivedBead | null {
  if (event.type !== 'bead.archived') return null;
  const { beads, convoys, polecats, requests, asks } = folded.tables;
  const bead = beads.get(event.bead);
  if (bead === undefined) return null;
  const those = <T>(ids: readonly string[], table: ReadonlyMap<string, T>): readonly T[] =>
    ids.flatMap((id) => table.get(id) ?? []);
  return {
    at: event.at,
    bead,
    convoy: convoys.get(bead.convoy ?? '') ?? null,
    polecats: those(event.polecats, polecats),
    requests: those(event.requests, requests),
    asks: those(event.asks, asks),
  };
}

/** The archive in a rig's folder, for those who know what is in its state from elsewhere and only read. */
export function archiveIn(folder: string, inState: (id: BeadId) => boolean): Archive {
  return new ArchiveFiles({ files: realFiles, folder }, inState, () => {
    // Who asks is told; the feed is its owner's.
  });
}

const newline = 0x0a;
/** About 10 ms: thousands of lines in one go would hold up everything else in the editor's extension host. */
const linesAtOnce = 256;
const name = /^archive-(\d{4,})\.jsonl$/;

/**
 * Ended beads on disk, one sealed line each, a file a year of leaving. A line is on disk before the event that takes
 * its bead out of the state; a crash in between lets the same bead leave once more, and its last line counts.
 */
export class ArchiveFiles implements Archive {
  readonly #place: Place;
  readonly #inState: (id: BeadId) => boolean;
  readonly #unreadable: Unreadable;
  /** How many damaged lines of each file were told of: what is searched again is no news. */
  readonly #told = new Map<string, number>();
  /** Files this process has written to: nothing of a crash stands at their end. */
  readonly #sound = new Set<string>();

  /** `unreadable` is told of more damaged lines than before, whoever asks. */
  constructor(place: Place, inState: (id: BeadId) => boolean, unreadable: Unreadable) {
    this.#place = place;
    this.#inState = inState;
    this.#unreadable = unreadable;
  }

  /** Resolves when all of them are on disk. One at a time. */
  async keep(documents: readonly ArchivedBead[]): Promise<void> {
    const { files, folder } = this.#place;
    const byYear = Map.groupBy(documents, ({ at }) => new Date(at).getUTCFullYear());
    for (const [year, those] of byYear) {
      const path = join(folder, `archive-${String(year).padStart(4, '0')}.jsonl`);
      if (!this.#sound.has(path)) await this.#cutTorn(path);
      const tail = files.openTail(path, fileMode);
      try {
        tail.write(Buffer.from(those.map((one) => seal({ ...one })).join('')));
        tail.sync();
      } finally {
        tail.close();
      }
      if (!this.#sound.has(path)) await files.syncFolder(folder);
      this.#sound.add(path);
    }
  }

  async beads(filter: ArchiveFilter, unreadable?: Unreadable): Promise<readonly Bead[]> {
    const { text = '', limit = Infinity, offset = 0 } = filter;
    const sought = searchable(text);
    const found: Bead[] = [];
    const from = Math.max(0, offset);
    for await (const { bead } of this.#newestFirst(() => true, unreadable)) {
      if (found.length >= from + limit) break;
      const words = [bead.id, bead.title, bead.description];
      if (words.some((one) => searchable(one).includes(sought))) found.push(bead);
    }
    return found.slice(from);
  }

  async bead(id: BeadId, unreadable?: Unreadable): Promise<ArchivedBead | null> {
    for await (const archived of this.#newestFirst((line) => line.includes(id), unreadable)) {
      if (archived.bead.id === id) return archived;
    }
    return null;
  }

  /** Each bead once, as it left last; those that are in the state are not in the archive. */
  async *#newestFirst(
    worth: (line: Buffer) => boolean,
    unreadable?: Unreadable,
  ): AsyncGenerator<ArchivedBead> {
    const seen = new Set<string>();
    let looked = 0;
    const { files, folder } = this.#place;
    const names = await files.list(folder).catch((error: unknown) => {
      throw unreadableFile(folder, error);
    });
    const years = names.flatMap((one) => name.exec(one)?.[1] ?? []).sort((a, b) => Number(b) - Number(a));
    for (const year of years) {
      const path = join(folder, `archive-${year}.jsonl`);
      let damaged = 0;
      try {
        for (const line of linesFromTheEnd(await this.#read(path))) {
          if (!worth(line)) continue;
          looked += 1;
          if (looked % linesAtOnce === 0) await setImmediate();
          const archived = unseal(line) as ArchivedBead | undefined;
          if (archived === undefined) damaged += 1;
          else if (!seen.has(archived.bead.id) && !this.#inState(archived.bead.id)) {
            seen.add(archived.bead.id);
            yield archived;
          }
        }
      } finally {
        // Also when enough was found before the end of the file.
        if (damaged > 0) this.#tell(path, damaged, unreadable);
      }
    }
  }

  #tell(path: string, damaged: number, unreadable: Unreadable | undefined): void {
    unreadable?.(path, damaged);
    if (damaged <= (this.#told.get(path) ?? 0)) return;
    this.#told.set(path, damaged);
    this.#unreadable(path, damaged);
  }

  /** What a crash left behind the last whole line was never counted on: its beads are still in the state. */
  async #cutTorn(path: string): Promise<void> {
    const bytes = await this.#read(path);
    const end = bytes.lastIndexOf(newline) + 1;
    if (end < bytes.length) await this.#place.files.truncate(path, end);
  }

  async #read(path: string): Promise<Buffer> {
    const bytes = await bytesIfThere(path, this.#place.files).catch((error: unknown) => {
      throw unreadableFile(path, error);
    });
    return bytes ?? Buffer.alloc(0);
  }
}

/** Whole lines only: one without its newline is torn, or just being written. */
function* linesFromTheEnd(bytes: Buffer): Generator<Buffer> {
  let end = bytes.lastIndexOf(newline);
  while (end > 0) {
    const start = bytes.lastIndexOf(newline, end - 1) + 1;
    yield bytes.subarray(start, end);
    end = start - 1;
  }
}
