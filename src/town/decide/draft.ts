import type { Ask, AskAnswer, AskSubject } from '../ask.ts';
import { type Bead, type BeadStatus, isOpen, mayMove } from '../bead.ts';
import { type Depot, depotOf, follow } from '../depot.ts';
import type { AskId, BeadId, ConvoyId, Instant, PolecatId, Token } from '../ids.ts';
import { openStages } from '../mergeRequest.ts';
import { leaving } from '../offer.ts';
import type { Polecat, Purpose } from '../polecat.ts';
import { type Facts, type Reason, type ReasonCode, reason } from '../reason.ts';
import type { RigState, TownEvent } from '../state.ts';
import { TurnFold } from '../window.ts';

/** A wish that may not be, with why. */
export type Refusal = Reason;

/** Four hours: long enough for a person at lunch or in a meeting, short enough to come up the same day. */
const askPatienceMs = 4 * 60 * 60 * 1000;

/** One turn: events are folded as they are emitted, so each rule sees what the one before it did. */
export class Draft {
  readonly events: TownEvent[] = [];
  readonly at: Instant;
  readonly #fold: TurnFold;

  constructor(state: RigState, at: Instant) {
    this.#fold = new TurnFold(state);
    this.at = at;
  }

  /** As of the last event; its records change with the next one, so nothing of them is kept over an `emit`. */
  get state(): RigState {
    return this.#fold.state;
  }

  /** What of the rig a tick looks at; good until the next `emit`. */
  get depot(): Depot {
    return depotOf(this.state);
  }

  emit(event: TownEvent): void {
    this.events.push(event);
    const before = this.state;
    const changes = this.#fold.apply(event);
    follow(before, this.state, changes);
  }

  /** Moves a bead by the transition table; the only way a bead's status changes. */
  move(bead: BeadId, to: BeadStatus, why: Reason | null = null): Refusal | null {
    const from = this.state.beads[bead]?.status;
    if (from === undefined) return refused('no_such', { what: 'bead', id: bead });
    if (!mayMove(from, to)) return refused('illegal_move', { bead, from, to });
    this.emit({ type: 'bead.moved', bead, to, reason: why, at: this.at });
    if (!isOpen(to)) this.settle(bead);
    else if (!isOpen(from)) this.reopenConvoyOf(bead);
    return null;
  }

  raise(ask: AskId, bead: BeadId | null, subject: AskSubject): void {
    this.emit({ type: 'ask.raised', ask, bead, subject, deadline: this.at + askPatienceMs, at: this.at });
  }

  /** One open entry a bead is enough, however often it comes to stand still. */
  raiseStuck(ask: AskId, polecat: Polecat, why: Reason): void {
    if (this.openStuck(polecat.bead) === undefined)
      this.raise(ask, polecat.bead, { kind: 'stuck', polecat: polecat.id, reason: why });
  }

  openStuck(bead: BeadId): Ask | undefined {
    return Object.values(this.state.asks).find(
      (one) => one.bead === bead && one.subject.kind === 'stuck' && one.answer === null,
    );
  }

  answer(ask: AskId, answer: AskAnswer, reply?: string): void {
    this.emit({ type: 'ask.answered', ask, answer, ...(reply === undefined ? {} : { reply }), at: this.at });
  }

  /** `other`: rather with another vendor. */
  want(polecat: PolecatId, purpose: Purpose, feedback: Reason | null, other = false): void {
    const rather = other ? { other: true as const } : {};
    this.emit({ type: 'polecat.wants', polecat, purpose, feedback, ...rather, at: this.at });
  }

  /** The polecat that holds, or last held, a bead. */
  polecatOf(bead: BeadId): Polecat | undefined {
    const id = this.state.beads[bead]?.polecat ?? null;
    return id === null ? undefined : this.state.polecats[id];
  }

  /** The polecat whose newest session has this token and is still open. */
  live(polecat: PolecatId, token: Token): Polecat | null {
    const found = this.state.polecats[polecat];
    return found?.session?.token === token ? found : null;
  }

  /** An ended bead leaves nothing waiting behind: asks, requests, its polecat, its convoy. */
  private settle(bead: BeadId): void {
    const { at } = this;
    for (const ask of Object.values(this.state.asks)) {
      if (ask.bead === bead && ask.answer === null) this.answer(ask.id, 'dismiss');
    }
    for (const request of Object.values(this.state.requests)) {
      if (request.bead === bead && openStages.includes(request.stage)) {
        const why = leaving(request, reason('ended'));
        this.emit({ type: 'request.moved', request: request.id, to: 'ejected', reason: why, at });
      }
    }
    const polecat = this.polecatOf(bead);
    const isKept = this.state.beads[bead]?.status === 'not_picked';
    if (polecat?.session === null && polecat.state !== 'retired' && !isKept) {
      this.emit({ type: 'polecat.retired', polecat: polecat.id, at });
    }
    this.closeConvoyOf(bead);
  }

  private reopenConvoyOf(bead: BeadId): void {
    const convoy = this.state.convoys[this.state.beads[bead]?.convoy ?? ('' as ConvoyId)];
    if (convoy !== undefined && convoy.closedAt !== null)
      this.emit({ type: 'convoy.reopened', convoy: convoy.id, at: this.at });
  }

  private closeConvoyOf(bead: BeadId): void {
    const convoy = this.state.beads[bead]?.convoy ?? null;
    if (convoy !== null) this.closeConvoy(convoy);
  }

  /** If nothing of it is open any more. */
  closeConvoy(convoy: ConvoyId): void {
    if (this.state.convoys[convoy]?.closedAt !== null) return;
    const open = Object.values(this.state.beads).some(
      (one: Bead) => one.convoy === convoy && isOpen(one.status),
    );
    if (!open) this.emit({ type: 'convoy.closed', convoy, at: this.at });
  }
}

export function refused(code: ReasonCode, facts: Facts = {}): Refusal {
  return reason(code, facts);
}

/** A report under a token that is not the newest, or about a bead that is another's now. */
export function late(polecat: PolecatId, token: Token): Refusal {
  return refused('late_report', { polecat, token });
}
