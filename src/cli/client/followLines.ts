import { FollowedRig } from '../../gateway/followedRig.ts';
import type { DoorError } from '../../gateway/doorError.ts';
import type { Archive } from '../../ports/store.ts';
import type { Notice } from '../../ports/notices.ts';
import type { BeadId, PolecatId } from '../../town/ids.ts';
import { CommandError } from '../commandError.ts';
import { noticeJsonLine, noticeLine } from '../commands/feed.ts';
import { findPolecat } from '../find.ts';
import type { Parsed } from '../parse.ts';
import type { Reading } from '../reach.ts';
import { limitOf } from '../values.ts';
import type { Terminal } from './terminal.ts';
import type { Asker } from './asking.ts';

/** Nobody who follows lines looks into the archive. */
const noArchive: Archive = {
  beads: () => Promise.resolve([]),
  bead: () => Promise.resolve(null),
};

/** Lines of before that `attach` begins with. */
const attachedLines = 10;
const feedLines = 40;

/** Prints what happens until Ctrl+C, which is its good end, or until the agent is through. Throws `CommandError`. */
export async function followLines(parsed: Parsed, asker: Asker, terminal: Terminal): Promise<void> {
  const { commonDir, home } = asker;
  const repository = { commonDir, root: commonDir, branch: null, remote: null };
  const rig = new FollowedRig({ home, repository, archive: () => noArchive });
  const close = (): void => {
    rig.close();
  };
  terminal.signal.addEventListener('abort', close, { once: true });
  if (terminal.signal.aborted) close();
  const lost: { why: DoorError | null } = { why: null };
  rig.onLost((why) => {
    lost.why = why;
  });
  const lines = new Lines(parsed, rig, terminal);
  rig.onChange(() => {
    if (rig.connected) lines.begin();
    if (lines.through) close();
  });
  rig.onNotice((notice) => {
    lines.tell(notice);
  });
  await rig.run();
  if (lost.why !== null)
    throw new CommandError('no_owner', `${lost.why.message} What lies on disk is shown with --once.`);
}

class Lines {
  readonly #parsed: Parsed;
  readonly #rig: FollowedRig;
  readonly #terminal: Terminal;
  /** Lines of before. */
  readonly #limit: number;
  #begun = false;
  /** Whose lines alone are shown; null: all. */
  #only: { readonly polecat: PolecatId; readonly bead: BeadId } | null = null;

  constructor(parsed: Parsed, rig: FollowedRig, terminal: Terminal) {
    this.#parsed = parsed;
    this.#rig = rig;
    this.#terminal = terminal;
    this.#limit = parsed.verb.words === 'attach' ? attachedLines : limitOf(parsed, feedLines);
  }

  /** Once it is known where the rig stands: the lines of before. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const agent = this.#parsed.given.maybe('agent');
    if (agent !== null) {
      const { id, bead } = findPolecat({ rig: this.#reading() }, agent);
      this.#only = { polecat: id, bead };
    }
    void this.#rig.store.recentFeed(Number.MAX_SAFE_INTEGER).then((all) => {
      const those = all.filter((notice) => this.#isMeant(notice));
      for (const notice of those.slice(-this.#limit)) this.#print(notice);
    });
  }

  tell(notice: Notice): void {
    if (this.#begun && this.#isMeant(notice)) this.#print(notice);
  }

  /** The agent that is followed has nothing more to do. */
  get through(): boolean {
    return this.#only !== null && this.#rig.state.polecats[this.#only.polecat]?.state === 'retired';
  }

  #isMeant({ polecat, bead }: Notice): boolean {
    return this.#only === null || polecat === this.#only.polecat || bead === this.#only.bead;
  }

  #print(notice: Notice): void {
    const { json, given } = this.#parsed;
    const columns = given.is('verbose') ? null : this.#terminal.columns;
    this.#terminal.out(
      json
        ? noticeJsonLine({ rig: this.#reading() }, notice)
        : noticeLine(Date.now(), notice, { columns, colours: this.#terminal.colours }),
    );
  }

  #reading(): Reading {
    const rig = this.#rig;
    return {
      folder: rig.store.folder,
      state: rig.state,
      why: (id) => rig.why(id),
      bead: (id) => Promise.resolve(rig.state.beads[id] ?? null),
      feed: (limit) => rig.store.recentFeed(limit),
    };
  }
}
