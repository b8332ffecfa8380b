import type { Clock } from '../ports/clock.ts';
import type { Notice } from '../ports/notices.ts';
import type { Archive, ReadModel, Store, StoreError } from '../ports/store.ts';
import type { RigId } from '../town/ids.ts';
import type { RigState } from '../town/state.ts';
import { ArchiveFiles } from './archive.ts';
import { Feed, notice } from './feed.ts';
import { readerMayNotWrite } from './problems.ts';
import type { Place } from './place.ts';
import type { Recalled } from './recall.ts';
import type { Tables } from './tables.ts';

export interface ReaderParts {
  readonly place: Place;
  readonly rig: RigId;
  readonly recalled: Recalled;
  readonly clock: Clock;
}

/** The rig as it was when it was opened, for those who only look; whoever owns it is not disturbed. */
export class ReaderStore implements Store {
  readonly initial: RigState;
  readonly folder: string;
  readonly rig: RigId;
  readonly epoch: number;
  readonly damage: StoreError | null;
  /** A reader appends nothing to begin with. */
  readonly ended = new Promise<StoreError>(() => undefined);
  readonly read: ReadModel;
  readonly archive: Archive;
  readonly #tables: Tables;
  readonly #feed: Feed;
  /** What was found on the way in; an owner writes it into the feed, a reader can only say it. */
  readonly #news: Notice[];

  constructor({ place, rig, recalled, clock }: ReaderParts) {
    this.folder = place.folder;
    this.rig = rig;
    this.epoch = recalled.epoch;
    this.damage = recalled.damage;
    this.initial = recalled.folded.state();
    this.read = { ...recalled.tables.queries, seq: () => recalled.seq };
    this.#tables = recalled.tables;
    this.#news = [...recalled.news];
    this.archive = new ArchiveFiles(
      place,
      (id) => recalled.folded.tables.beads.has(id),
      (path, count) => {
        this.#news.push(notice(clock.now(), 'store.archive_unreadable', { path, count }));
      },
    );
    this.#feed = new Feed({ place, clock, maxBytes: Infinity, mayRotate: () => false });
  }

  append(): Promise<number> {
    return Promise.reject(readerMayNotWrite(this.folder));
  }

  hosts(): Promise<void> {
    return Promise.reject(readerMayNotWrite(this.folder));
  }

  feed(): void {
    throw readerMayNotWrite(this.folder);
  }

  async recentFeed(limit: number): Promise<readonly Notice[]> {
    return [...(await this.#feed.recent(limit)), ...this.#news];
  }

  close(): Promise<void> {
    this.#tables.close();
    return Promise.resolve();
  }
}
