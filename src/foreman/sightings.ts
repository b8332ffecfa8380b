import type { Sighting } from '../ports/agents.ts';
import type { Caller } from '../ports/desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { TankNews } from '../town/fuel.ts';
import type { AskId, Instant, PolecatId } from '../town/ids.ts';
import type { RigState } from '../town/state.ts';
import type { Polecat } from '../town/polecat.ts';
import { callerKey, callerOf } from './caller.ts';
import type { Answer, Wish } from './control.ts';
import { keepLastWords } from './lastWords.ts';
import type { Places } from './places.ts';

interface SightingParts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly places: Pick<Places, 'agent'>;
  state(): RigState;
  wish(wish: Wish): Promise<Answer>;
  /** To the person's account. */
  tell(news: readonly TankNews[]): void;
}

/** What was allowed is told of when it is done; for longer, vendors' commands do not run. */
const longestCallMs = 10 * 60 * 1000;
const deniedCallMs = 5_000;

/**
 * Where everything seen of agents comes together, from vendor hooks and from their files. What changes the town becomes
 * a wish; that somebody is alive, and what their account has left, is known here alone and until the window closes.
 */
export class Sightings {
  readonly #parts: SightingParts;
  readonly #lastAlive = new Map<string, Instant>();
  /** Those of which was seen that they are decided. */
  readonly #settledAsks = new Set<AskId>();
  readonly #ears = new Set<(polecat: PolecatId, text: string) => void>();

  constructor(parts: SightingParts) {
    this.#parts = parts;
  }

  /** When a session last gave a sign of life; null: none yet. */
  lastAlive(caller: Caller): Instant | null {
    return this.#lastAlive.get(callerKey(caller)) ?? null;
  }

  forget(caller: Caller): void {
    this.#lastAlive.delete(callerKey(caller));
  }

  /** Told of every prompt that reached an agent. Returns the way to stop. */
  onHeard(ear: (polecat: PolecatId, text: string) => void): () => void {
    this.#ears.add(ear);
    return () => this.#ears.delete(ear);
  }

  /** A refusal is no failure: what is seen of a session that is over changes nothing. */
  async see(caller: Caller, sighting: Sighting): Promise<void> {
    const { polecat, token } = caller;
    if (sighting.kind !== 'reading' && !(sighting.kind === 'doing' && sighting.doing.kind === 'silent'))
      this.#lastAlive.set(callerKey(caller), this.#parts.clock.now());
    switch (sighting.kind) {
      case 'alive':
        return this.#wakes(caller);
      case 'doing': {
        const { doing } = sighting;
        await this.#parts.wish({ type: 'sawAgent', polecat, token, doing, ask: this.#parts.ids.ask() });
        return;
      }
      case 'conversation':
        await this.#parts.wish({ type: 'sawConversation', polecat, token, conversation: sighting.id });
        return;
      case 'usage':
        await this.#parts.wish({ type: 'countUsage', polecat, token, usage: sighting.usage });
        return;
      case 'heard':
        for (const ear of this.#ears) ear(polecat, sighting.text);
        return;
      case 'settled':
        return this.#settled(caller, sighting);
      case 'said':
        return keepLastWords(this.#parts.places, polecat, sighting.text);
      case 'reading':
      case 'refused':
      case 'throttled':
      case 'failed':
        this.#tellAccount(polecat, sighting);
    }
  }

  /**
   * A vendor whose dialog stands beside its waiting hook does not end the hook when a person answers the dialog. Of
   * equal questions each is settled by a call of its own: one that was answered here before one that still stands.
   */
  async #settled(caller: Caller, { tool, detail }: Extract<Sighting, { kind: 'settled' }>): Promise<void> {
    const now = this.#parts.clock.now();
    const equal = Object.values(this.#parts.state().asks)
      .filter(
        ({ subject }) =>
          subject.kind === 'permission' &&
          subject.polecat === caller.polecat &&
          subject.token === caller.token &&
          subject.tool === tool &&
          subject.detail === detail,
      )
      .filter(({ id }) => !this.#settledAsks.has(id))
      .toSorted((a, b) => a.raisedAt - b.raisedAt);
    const answeredHere = equal.find(
      ({ answer, onScreen, answeredAt }) =>
        answer !== null &&
        answer !== 'dismiss' &&
        !onScreen &&
        now - (answeredAt ?? 0) <= (answer === 'deny' ? deniedCallMs : longestCallMs),
    );
    const settled = answeredHere ?? equal.find(({ answer }) => answer === null);
    if (settled === undefined) return;
    this.#settledAsks.add(settled.id);
    if (settled.answer === null)
      await this.#parts.wish({ type: 'leaveToScreen', ask: settled.id, over: true });
  }

  /** Who was taken for silent and gives a sign is at work again. */
  async #wakes(caller: Caller): Promise<void> {
    const session = this.#parts.state().polecats[caller.polecat]?.session;
    if (session?.token !== caller.token || session.doing.kind !== 'silent') return;
    const doing = { kind: 'working', until: null, detail: null } as const;
    await this.#parts.wish({ type: 'sawAgent', ...callerOf(caller), doing, ask: this.#parts.ids.ask() });
  }

  /** What was seen of the account that a polecat draws from. */
  #tellAccount(polecat: PolecatId, seen: OfAccount): void {
    const worker = this.#parts.state().polecats[polecat];
    if (worker !== undefined) this.#parts.tell([newsOf(worker, seen)]);
  }
}

type OfAccount = Extract<Sighting, { kind: 'reading' | 'refused' | 'throttled' | 'failed' }>;

function newsOf({ seat, session }: Polecat, seen: OfAccount): TankNews {
  const { tank, provider, model } = seat;
  switch (seen.kind) {
    case 'reading':
      return { kind: 'read', tank, provider, readings: [seen.reading] };
    case 'refused':
      return { ...seen, tank, provider, ...(session === null ? {} : { since: session.openedAt }) };
    case 'throttled':
      return { ...seen, tank, provider, model };
    case 'failed':
      return { ...seen, tank, provider };
  }
}
