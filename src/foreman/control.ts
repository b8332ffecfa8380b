import type { Repository } from '../ports/git.ts';
import type { Notice } from '../ports/notices.ts';
import type { Store } from '../ports/store.ts';
import type { Command } from '../town/command.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { BeadId, Instant } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';
import type { RigState, TownEvent } from '../town/state.ts';

type WithoutInstant<C> = C extends unknown ? Omit<C, 'at'> : never;
/** A command as people and surfaces say it; the foreman adds the instant. */
export type Wish = WithoutInstant<Command>;

/** `ok` is said only after the events are on disk. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly refusal: Reason };

/** One durable transaction of the rig, as followers get it. */
export interface Entry {
  readonly seq: number;
  readonly at: Instant;
  readonly events: readonly TownEvent[];
}

/** Who follows a rig live, told in this order, each entry exactly once and after it is on disk. */
export interface Follower {
  entry(entry: Entry): void;
  /** What dispatch works with changed: seats, limits. */
  facts(facts: DispatchFacts): void;
  notice(notice: Notice): void;
}

/** Where a follower begins: the state that is true at `seq`; the first entry it is told has `seq + 1`. */
export interface Beginning {
  readonly seq: number;
  readonly state: RigState;
  readonly facts: DispatchFacts;
  stop(): void;
}

/** One open rig, as every surface (trees, webviews, palette, door) sees it. One writer stands behind it. */
export interface Control {
  readonly repository: Repository;
  readonly store: Pick<Store, 'read' | 'archive' | 'recentFeed' | 'folder'>;
  readonly state: RigState;
  /** What dispatch works with, as last looked at: seats, places, what accounts can give. */
  readonly facts: DispatchFacts;
  /** Why a bead is where it is, as of the last turn; null for an unknown bead. */
  why(bead: BeadId): Reason | null;
  wish(wish: Wish): Promise<Answer>;
  /** Called after every durable change, at most once a turn. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Why nothing can be changed here now; null as long as wishes are taken. */
  readonly readOnly: Reason | null;
}

/** A rig that others can follow: the owner's. */
export interface Followed extends Control {
  follow(follower: Follower): Beginning;
}
