import type { ServerResponse } from 'node:http';
import type { Followed, Follower } from '../foreman/control.ts';
import type { Notice } from '../ports/notices.ts';
import { version } from '../system/version.ts';
import type { RigState } from '../town/state.ts';
import { type FollowMessage, type Noun, type NounName, nounNames, printMessage } from './followMessages.ts';
import { Outflow } from './outflow.ts';

export interface FollowLimits {
  /** How often something is said, in ms. */
  readonly pingMs: number;
  /** A follower that takes nothing for so long, in ms, is dropped. */
  readonly patienceMs: number;
  /** So many characters wait for a follower, then it is dropped. */
  readonly mostWaiting: number;
}

export const usualFollowLimits: FollowLimits = {
  pingMs: 5_000,
  patienceMs: 15_000,
  mostWaiting: 32 * 1024 * 1024,
};

/** Nouns a line: a few hundred KiB, one to two ms of work at either end. */
const nounsALine = 200;
/** What the feed shows of before. */
const recentNotices = 500;

/**
 * Tells a window what happens to a rig, from where it stands now, until the window goes away. One that does not read
 * is dropped and may begin anew; nothing is kept for it without bound, and nothing waits for it.
 */
export function serveFollower(
  rig: Followed,
  epoch: number,
  response: ServerResponse,
  limits: FollowLimits,
): void {
  const out = new Outflow(response, limits);
  /** What is told before the beginning could be. */
  let early: FollowMessage[] | null = [];
  const tell = (message: FollowMessage): void => {
    if (early === null) out.push(printMessage(message));
    else early.push(message);
  };
  const begun = rig.follow(followerOf(tell));
  let said = rig.readOnly;
  const stopListening = rig.onChange(() => {
    if (rig.readOnly === said) return;
    said = rig.readOnly;
    tell({ type: 'readOnly', reason: said });
  });
  const pings = setInterval(() => {
    tell({ type: 'ping' });
  }, limits.pingMs);
  response.on('close', () => {
    clearInterval(pings);
    stopListening();
    begun.stop();
  });
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  response.flushHeaders();
  void rig.store.recentFeed(recentNotices).then(
    (feed) => {
      const { seq, state, facts } = begun;
      const { beads, convoys, polecats, requests, asks, ...rest } = state;
      const since = new Set((early ?? []).flatMap(noticeIn));
      out.flow([
        printMessage({
          type: 'begin',
          rigs: version,
          epoch,
          seq,
          rest,
          facts,
          readOnly: said,
          // What was said since is on disk already, and is told behind this.
          feed: feed.filter((notice) => !since.has(JSON.stringify(notice))),
        }),
      ]);
      out.flow(nounsIn({ beads, convoys, polecats, requests, asks }));
      out.flow([printMessage({ type: 'begun' })]);
      out.flow((early ?? []).map(printMessage));
      early = null;
    },
    // Without its feed the follower would show a gap as if nothing had happened; it begins anew.
    () => response.destroy(),
  );
}

function followerOf(tell: (message: FollowMessage) => void): Follower {
  return {
    entry: ({ seq, at, events }) => {
      tell({ type: 'entry', seq, at, events: [...events] });
    },
    facts: (facts) => {
      tell({ type: 'facts', facts });
    },
    notice: (notice: Notice) => {
      tell({ type: 'notice', notice });
    },
  };
}

function noticeIn(message: FollowMessage): readonly string[] {
  return message.type === 'notice' ? [JSON.stringify(message.notice)] : [];
}

/** Lines of nouns, each made when it is asked for: the state never changes, only what it is replaced by. */
function* nounsIn(state: Pick<RigState, NounName>): Generator<string> {
  for (const of of nounNames) {
    const all: readonly Noun[] = Object.values(state[of]);
    for (let from = 0; from < all.length; from += nounsALine)
      yield printMessage({ type: 'nouns', of, all: all.slice(from, from + nounsALine) });
  }
}
