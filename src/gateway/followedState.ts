import type { Notice } from '../ports/notices.ts';
import { version } from '../system/version.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { BeadId } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';
import { type RigState, emptyRig, fold } from '../town/state.ts';
import { whyAll } from '../town/why.ts';
import { DoorError } from './doorError.ts';
import type { FollowMessage, MessageOf, Noun, NounName } from './followMessages.ts';

/** Lines of the feed that a follower remembers. */
const remembered = 2_000;

interface Begun extends MessageOf<'begin'> {
  readonly nouns: Readonly<Record<NounName, Record<string, Noun>>>;
}

/** What a follower was told of a rig, message by message. */
export class FollowedState {
  state: RigState = emptyRig;
  seq = -1;
  epoch = 0;
  /** The owner's own. */
  readOnly: Reason | null = null;
  facts: DispatchFacts = { seats: [], maxPolecats: 0 };
  #feed: readonly Notice[] = [];
  #begun: Begun | null = null;
  #why: Readonly<Record<BeadId, Reason>> | null = null;

  why(bead: BeadId): Reason | null {
    this.#why ??= whyAll(this.state, this.facts);
    return this.#why[bead] ?? null;
  }

  recentFeed(limit: number): readonly Notice[] {
    return limit > 0 ? this.#feed.slice(-limit) : [];
  }

  /**
   * Gives the lines of the feed that are news. Throws DoorError `failed` when a message is missing, `unreachable`
   * when a former owner tells, `other_version` when another Rigs does.
   */
  take(message: FollowMessage): readonly Notice[] {
    switch (message.type) {
      case 'begin':
        this.#begin(message);
        return [];
      case 'nouns':
        this.#fill(message);
        return [];
      case 'begun':
        return this.#complete();
      case 'entry':
        this.#apply(message);
        return [];
      case 'facts':
        this.facts = message.facts;
        this.#why = null;
        return [];
      case 'notice':
        this.#feed = [...this.#feed, message.notice].slice(-remembered);
        return [message.notice];
      case 'readOnly':
        this.readOnly = message.reason;
        return [];
      case 'ping':
        return [];
    }
  }

  #begin(message: MessageOf<'begin'>): void {
    if (message.rigs !== version)
      throw new DoorError(
        'other_version',
        `The window that runs this rig has Rigs ${message.rigs}, this one ${version}. Reload both, so that they are of one Rigs.`,
      );
    if (message.epoch < this.epoch)
      throw new DoorError('unreachable', 'A former owner of this rig answered.');
    this.#begun = { ...message, nouns: { beads: {}, convoys: {}, polecats: {}, requests: {}, asks: {} } };
  }

  #fill({ of, all }: MessageOf<'nouns'>): void {
    const table = this.#begun?.nouns[of] ?? {};
    for (const noun of all) table[noun.id] = noun;
  }

  #complete(): readonly Notice[] {
    if (this.#begun === null) throw new DoorError('failed', 'The door began without a beginning.');
    const { nouns, rest, seq, epoch, facts, readOnly, feed } = this.#begun;
    const first = this.seq === -1;
    const known = new Set(this.#feed.map((notice) => JSON.stringify(notice)));
    this.#begun = null;
    // Each noun came under the name of its table, and that says which type it has.
    this.state = { ...rest, ...(nouns as unknown as Pick<RigState, NounName>) };
    Object.assign(this, { seq, epoch, readOnly });
    this.facts = facts;
    this.#feed = feed;
    this.#why = null;
    // After a gap: what was said in it.
    return first ? [] : feed.filter((notice) => !known.has(JSON.stringify(notice)));
  }

  #apply({ seq, events }: MessageOf<'entry'>): void {
    if (seq !== this.seq + 1) throw new DoorError('failed', `Number ${String(this.seq + 1)} is missing.`);
    let state = this.state;
    for (const event of events) {
      // An event of a newer town folds to nothing at all.
      const next = fold(state, event) as RigState | undefined;
      if (next === undefined) throw new DoorError('other_version', `There is no event ${event.type} here.`);
      state = next;
    }
    this.state = state;
    this.seq = seq;
    this.#why = null;
  }
}
