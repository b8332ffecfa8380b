import type { StoreError } from '../ports/store.ts';
import type { Place } from './place.ts';
import { damaged } from './problems.ts';
import {
  type Segment,
  type Unread,
  openSegment,
  parseSegment,
  segmentNumbers,
  segmentPath,
} from './segment.ts';
import { isDamage } from './snapshot.ts';

/** Where reading the journal begins: its first file, and the number after which that one goes on. */
export interface Beginning {
  readonly segment: number;
  readonly after: number;
}

/** The journal's files that count, each beginning where the one before ends. */
export interface Chain {
  readonly segments: readonly Segment[];
  /** Last number that counts and can be read. */
  readonly seq: number;
  /** Epoch of the last file that counts. */
  readonly epoch: number;
  /** Highest number among the names, whether the file counts or not. */
  readonly newest: number;
  readonly damage: StoreError | null;
}

/**
 * Puts the journal's files in a row. Each owner has files of its own, and its first one says how much of what was
 * before it counts: lines behind that number, and whole files that begin behind it, are a former owner's who did not
 * know yet, and are passed over. Damage ends the row. Throws StoreError for what is newer or may not be read.
 */
export async function readChain(
  place: Place,
  names: readonly string[],
  beginning: Beginning,
): Promise<Chain> {
  const numbers = segmentNumbers(names).filter((number) => number >= beginning.segment);
  const newest = numbers.at(-1) ?? beginning.segment - 1;
  const { found, damage } = await openAll(place, numbers, beginning);
  const row = new Row(beginning.after);
  for (const [index, unread] of found.entries()) {
    const late = limitOf(found, index);
    if (unread.header.after > late || unread.header.epoch < row.epoch) continue;
    row.add(unread, late, numbers);
    if (row.damage !== null) break;
  }
  const { segments, seq, epoch } = row;
  return { segments, seq, epoch, newest, damage: row.damage ?? damage };
}

/** Opens files until one is damaged. */
async function openAll(
  place: Place,
  numbers: readonly number[],
  { segment }: Beginning,
): Promise<{ readonly found: readonly Unread[]; readonly damage: StoreError | null }> {
  const found: Unread[] = [];
  if (numbers[0] !== segment)
    return { found, damage: damaged(segmentPath(place.folder, segment), 'it is missing') };
  for (const number of numbers) {
    try {
      found.push(await openSegment(place, number));
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { found, damage: error };
    }
  }
  return { found, damage: null };
}

/** The least of what later owners said to count of the files before them. */
function limitOf(found: readonly Unread[], index: number): number {
  const epoch = found[index]?.header.epoch ?? 0;
  const later = found.slice(index + 1).filter(({ header }) => header.epoch > epoch);
  return Math.min(Infinity, ...later.map(({ header }) => header.after));
}

class Row {
  readonly segments: Segment[] = [];
  seq: number;
  epoch = 0;
  damage: StoreError | null = null;

  constructor(after: number) {
    this.seq = after;
  }

  add(unread: Unread, limit: number, numbers: readonly number[]): void {
    this.damage = this.#misfit(unread, numbers);
    if (this.damage !== null) return;
    const segment = parseSegment(unread, limit);
    this.segments.push(segment);
    this.seq = segment.last;
    this.epoch = segment.header.epoch;
    this.damage = segment.damage;
  }

  #misfit({ path, header }: Unread, numbers: readonly number[]): StoreError | null {
    const before = this.segments.at(-1);
    if (before !== undefined && !numbers.includes(header.previous))
      return damaged(path, `journal-${header.previous}.jsonl, which it follows, is missing`);
    if (header.after > this.seq && before !== undefined)
      return damaged(before.path, `it ends at number ${this.seq}, and ${header.after} were acknowledged`);
    if (header.after !== this.seq)
      return damaged(path, `it goes on after ${header.after}, and what is before it ends at ${this.seq}`);
    if (before?.header.epoch === header.epoch && before.torn !== null)
      return damaged(before.path, 'its end is torn');
    return null;
  }
}
