import { createHash } from 'node:crypto';
import type { Agents, HookAnswer, HookQuestion } from '../ports/agents.ts';
import type { Caller } from '../ports/desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { AskId } from '../town/ids.ts';
import { type Session, builtIn } from '../town/polecat.ts';
import { callerKey, callerOf } from './caller.ts';
import type { Control } from './control.ts';
import type { Carried, Messages } from './messages.ts';
import type { Sightings } from './sightings.ts';
import { endTurn } from './turnEnd.ts';

export interface HookParts {
  readonly control: Control;
  readonly agents: Pick<Agents, 'hook'>;
  readonly sightings: Sightings;
  readonly messages: Pick<Messages, 'take' | 'remind' | 'findings'>;
  readonly ids: Ids;
  readonly clock: Clock;
}

const nothing: HookAnswer = { kind: 'nothing' };

/** Answers vendor hooks from the town: what they tell is seen, what they ask is decided or put before a person. */
export class Hooks {
  readonly #parts: HookParts;
  readonly #turnEnds = new Map<string, Promise<Carried | null>>();
  /** How many calls wait for an answer. */
  readonly #waiting = new Map<AskId, number>();
  #closing = false;

  constructor(parts: HookParts) {
    this.#parts = parts;
  }

  /** From here on a caller that goes away went because the door closes, not because it has its answer elsewhere. */
  close(): void {
    this.#closing = true;
  }

  /**
   * Leaves to the vendor's screen what no hook waits for here: its hook went while nobody was there to see it go, as
   * when the process of the extensions crashes. To be called once every hook that is still there had time to come back.
   */
  async leaveUnawaited(): Promise<void> {
    const { control } = this.#parts;
    for (const { id, answer, onScreen, subject } of Object.values(control.state.asks)) {
      if (answer !== null || onScreen || subject.kind !== 'permission' || this.#waiting.has(id)) continue;
      const session = control.state.polecats[subject.polecat]?.session;
      // The built-in agent has no screen of its own to ask on, and asks again.
      if (session?.token !== subject.token || session.seat.runner === builtIn) continue;
      await control.wish({ type: 'leaveToScreen', ask: id });
    }
  }

  /** Resolves with what the hook prints. Throws `HookError`. */
  async call(
    caller: Caller,
    session: Session,
    event: string,
    body: string,
    signal: AbortSignal,
  ): Promise<string> {
    const meaning = this.#parts.agents.hook(session.seat, event, body);
    for (const sighting of meaning.sightings) await this.#parts.sightings.see(caller, sighting);
    if (meaning.question === null) return meaning.print(nothing);
    return meaning.print(await this.#answer(caller, meaning.question, body, signal));
  }

  async #answer(
    caller: Caller,
    question: HookQuestion,
    body: string,
    signal: AbortSignal,
  ): Promise<HookAnswer> {
    switch (question.kind) {
      case 'permission':
        return this.#permission(caller, question, body, signal);
      case 'turnEnd':
        return this.#turnEnd(caller, signal);
      case 'ear':
        return this.#tell(caller, signal);
    }
  }

  #tell({ polecat }: Caller, signal: AbortSignal): HookAnswer {
    const carried = signal.aborted ? null : this.#parts.messages.take(polecat);
    if (carried === null) return nothing;
    carried.heard();
    return { kind: 'tell', message: carried.message };
  }

  /** The vendor may call one hook twice at once; one end of a turn costs one reminder. */
  async #turnEnd(caller: Caller, signal: AbortSignal): Promise<HookAnswer> {
    if (signal.aborted) return nothing;
    const key = callerKey(caller);
    const running =
      this.#turnEnds.get(key) ?? this.#endTurn(caller).finally(() => this.#turnEnds.delete(key));
    this.#turnEnds.set(key, running);
    const carried = await running;
    if (carried === null) return nothing;
    // No hook tells that it goes on, and at its prompt it would be reminded a second time.
    if (!isGone(signal)) await this.#stands(caller, 'working', null);
    if (!isGone(signal)) {
      carried.heard();
      return { kind: 'goOn', message: carried.message };
    }
    carried.back();
    await this.#stands(caller, 'idle', null);
    return nothing;
  }

  /** A reminder waits like any other words: counted once, it is said once, whatever becomes of the hook. */
  async #endTurn(caller: Caller): Promise<Carried | null> {
    const { control, ids, messages } = this.#parts;
    const waiting = messages.take(caller.polecat);
    if (waiting !== null) return waiting;
    const { findings } = messages;
    const message = await endTurn(
      { ids, findings, state: () => control.state, wish: (wish) => control.wish(wish) },
      caller,
    );
    if (message !== null) messages.remind(caller.polecat, message);
    return messages.take(caller.polecat);
  }

  async #permission(
    caller: Caller,
    { tool, detail, hidesDialogMs }: Extract<HookQuestion, { kind: 'permission' }>,
    body: string,
    signal: AbortSignal,
  ): Promise<HookAnswer> {
    const { control } = this.#parts;
    const ask = this.#askFor(caller, body);
    const wish = { type: 'askPermission', ask, ...callerOf(caller), tool, detail } as const;
    const asked = await this.#waits(ask, async () => {
      const put = await control.wish(wish);
      if (!put.ok) return put;
      await this.#stands(caller, 'permission', ask);
      await this.#answered(ask, hidesDialogMs, signal);
      return put;
    });
    if (!asked.ok) return { kind: 'undecided' };
    const answer = control.state.asks[ask]?.answer ?? null;
    if (answer !== null) await this.#stands(caller, 'working', null);
    if (answer === 'allow' || answer === 'always') return { kind: 'allow' };
    if (answer === 'deny')
      return { kind: 'deny', message: 'Your person does not allow this. Find another way.' };
    // Answered on the vendor's own screen, or to be answered there from now on.
    if (answer === null && !this.#closing) await control.wish({ type: 'leaveToScreen', ask });
    return { kind: 'undecided' };
  }

  /** What its hook waits for is what the agent does; said after the question stands, or it would be taken for a dialog. */
  async #stands(caller: Caller, kind: 'permission' | 'working' | 'idle', ask: AskId | null): Promise<void> {
    if (ask !== null && this.#parts.control.state.asks[ask]?.answer !== null) return;
    await this.#parts.sightings.see(caller, { kind: 'doing', doing: { kind, until: null, detail: null } });
  }

  async #waits<T>(ask: AskId, until: () => Promise<T>): Promise<T> {
    this.#waiting.set(ask, (this.#waiting.get(ask) ?? 0) + 1);
    try {
      return await until();
    } finally {
      const left = (this.#waiting.get(ask) ?? 1) - 1;
      if (left > 0) this.#waiting.set(ask, left);
      else this.#waiting.delete(ask);
    }
  }

  /** A hook that asks again after its window reloaded finds its question; a later one of the same words does not. */
  #askFor({ polecat, token }: Caller, body: string): AskId {
    const { asks } = this.#parts.control.state;
    for (let nth = 0; ; nth += 1) {
      const text = `${polecat}\n${String(token)}\n${String(nth)}\n${body}`;
      const drawn = createHash('sha256').update(text).digest().readUIntBE(0, 6) % 36 ** 5;
      const id = `ak-${drawn.toString(36).padStart(5, '0')}` as AskId;
      const known = asks[id];
      if (known === undefined || (known.answer === null && !known.onScreen)) return id;
    }
  }

  /** Until a person answered, the caller went away or the vendor's own dialog may be hidden no longer. */
  async #answered(ask: AskId, atMostMs: number | null, signal: AbortSignal): Promise<void> {
    const { control, clock } = this.#parts;
    const open = (): boolean => control.state.asks[ask]?.answer === null;
    if (!open() || signal.aborted) return;
    const over = new AbortController();
    const waiting = AbortSignal.any([signal, over.signal]);
    const stop = control.onChange(() => {
      if (!open()) over.abort();
    });
    try {
      await clock.sleep(atMostMs ?? longestWaitMs, waiting).catch(() => undefined);
    } finally {
      stop();
    }
  }
}

/** As long as a timer can be set for: about 24 days. */
const longestWaitMs = 2 ** 31 - 1;

/** Asked anew each time: while something is waited for, callers go away. */
function isGone(signal: AbortSignal): boolean {
  return signal.aborted;
}
