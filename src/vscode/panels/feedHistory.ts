import type { Notice } from '../../ports/notices.ts';
import { type FeedRow, feedLimit, feedPage } from '../messages/feed.ts';
import { feedLine } from '../../words/feed.ts';
import { plain } from '../../words/plain.ts';
import { maxText } from '../messages/fields.ts';
import type { PanelDeps } from './deps.ts';
import { type RowPage, feedRow, merged, newestPage, olderPage } from './feedRows.ts';
import { type KeyedRig, closedNotes, openRigs } from './rigs.ts';

export interface FeedPage extends RowPage {
  /** What could not be read. */
  readonly notes: readonly string[];
}

type Deps = Pick<PanelDeps, 'town' | 'translate' | 'log'>;

/** Reads what the open rigs' stores remember of their feeds. */
export interface FeedHistory {
  /** The newest page, together with rows that were heard live and may not be on disk yet. */
  newest(live: readonly FeedRow[]): Promise<FeedPage>;
  older(before: number): Promise<FeedPage>;
  rowOf(rig: KeyedRig, notice: Notice): FeedRow;
}

export function createFeedHistory(deps: Deps): FeedHistory {
  const rowOf = (rig: KeyedRig, notice: Notice): FeedRow =>
    feedRow(rig, notice, feedLine(notice, deps.translate));

  async function read(limit: number): Promise<FeedPage> {
    const pages = await Promise.all(openRigs(deps.town).map((rig) => readRig(rig, limit)));
    return {
      rows: merged(...pages.map(({ rows }) => rows)),
      more: pages.some(({ more }) => more),
      notes: [...closedNotes(deps.town, deps.translate), ...pages.flatMap(({ notes }) => notes)],
    };
  }

  async function readRig(rig: KeyedRig, limit: number): Promise<FeedPage> {
    try {
      const notices = await rig.rig.control.store.recentFeed(limit);
      return { rows: notices.map((notice) => rowOf(rig, notice)), more: notices.length >= limit, notes: [] };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      deps.log.error(`The feed of ${rig.name} could not be read: ${problem}`);
      return {
        rows: [],
        more: false,
        notes: [
          plain(
            deps.translate('The feed of {rig} could not be read: {problem}', { rig: rig.name, problem }),
            maxText,
          ),
        ],
      };
    }
  }

  return {
    rowOf,
    async newest(live) {
      const { rows, more, notes } = await read(feedPage);
      return { ...newestPage(merged(rows, live), more), notes };
    },
    async older(before) {
      // The store reads from its end only, so reach further back until a page of older rows is full.
      for (let limit = feedPage * 2; ; limit *= 2) {
        const { rows, more, notes } = await read(limit);
        const enough = rows.filter((row) => row.at < before).length >= feedPage;
        if (enough || !more || limit > feedLimit * 100) return { ...olderPage(rows, before, more), notes };
      }
    },
  };
}
