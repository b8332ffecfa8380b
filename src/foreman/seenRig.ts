import type { Repository } from '../ports/git.ts';
import type { Store } from '../ports/store.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { BeadId } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { whyAll } from '../town/why.ts';
import type { Answer, Control } from './control.ts';

/** A rig that can be looked at and not worked with: nothing moves, and every wish is refused with the same reason. */
export class SeenRig implements Control {
  readonly repository: Repository;
  readonly store: Store;
  readonly state: RigState;
  readonly readOnly: Reason;
  readonly facts: DispatchFacts = { seats: [], maxPolecats: 0 };
  readonly #why: Readonly<Record<BeadId, Reason>>;

  constructor(repository: Repository, store: Store, readOnly: Reason) {
    this.repository = repository;
    this.store = store;
    this.state = store.initial;
    this.readOnly = readOnly;
    this.#why = whyAll(store.initial, this.facts);
  }

  why(bead: BeadId): Reason | null {
    return this.#why[bead] ?? null;
  }

  wish(): Promise<Answer> {
    return Promise.resolve({ ok: false, refusal: this.readOnly });
  }

  onChange(): () => void {
    return nothing;
  }

  onNotice(): () => void {
    return nothing;
  }
}

function nothing(): void {
  // Nothing ever changes here, so there is nothing to stop.
}
