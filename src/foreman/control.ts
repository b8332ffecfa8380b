import type { Repository } from '../ports/git.ts';
import type { Notice } from '../ports/notices.ts';
import type { Store } from '../ports/store.ts';
import type { Command } from '../town/command.ts';
import type { BeadId } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';

type WithoutInstant<C> = C extends unknown ? Omit<C, 'at'> : never;
/** A command as people and surfaces say it; the foreman adds the instant. */
export type Wish = WithoutInstant<Command>;

/** `ok` is said only after the events are on disk. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly refusal: Reason };

/** One open rig, as every surface (trees, webviews, palette, door) sees it. One writer stands behind it. */
export interface Control {
  readonly repository: Repository;
  readonly store: Pick<Store, 'read' | 'recentFeed' | 'folder'>;
  readonly state: RigState;
  /** Why a bead is where it is, as of the last turn; null for an unknown bead. */
  why(bead: BeadId): Reason | null;
  wish(wish: Wish): Promise<Answer>;
  /** Called after every durable change, at most once a turn. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
}
