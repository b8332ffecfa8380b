import { createHash } from 'node:crypto';
import type { Agents, HookAnswer, HookQuestion } from '../ports/agents.ts';
import type { Caller } from '../ports/desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { AskId } from '../town/ids.ts';
import type { Session } from '../town/polecat.ts';
import type { Control } from './control.ts';
import type { Messages } from './messages.ts';
import type { Sightings } from './sightings.ts';
import { endTurn } from './turnEnd.ts';

export interface HookParts {
  readonly control: Control;
  readonly agents: Pick<Agents, 'hook'>;
  readonly sightings: Sightings;
  readonly messages: Pick<Messages, 'take'>;
  readonly ids: Ids;
  readonly clock: Clock;
}

const nothing: HookAnswer = { kind: 'nothing' };

/** Answers vendor hooks from the town: what they tell is seen, what they ask is decided or put before a person. */
export class Hooks {
  readonly #parts: HookParts;
  readonly #turnEnds = new Map<string, Promise<HookAnswer>>();
  #closing = false;

  constructor(parts: HookParts) {
    this.#parts = parts;
  }

  /** From here on a caller that goes away went because the door closes, not because it has its answer elsewhere. */
  close(): void {
    this.#closing = true;
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
        return this.#turnEnd(caller);
      case 'ear':
        return this.#tell(caller, 'tell');
    }
  }

  #tell({ polecat }: Caller, kind: 'tell' | 'goOn'): HookAnswer {
    const message = this.#parts.messages.take(polecat);
    return message === null ? nothing : { kind, message };
  }

  /** The vendor may call one hook twice at once; one end of a turn costs one reminder. */
  async #turnEnd(caller: Caller): Promise<HookAnswer> {
    const key = `${caller.polecat} ${String(caller.token)}`;
    const running = this.#turnEnds.get(key);
    if (running !== undefined) return running;
    const ending = this.#endTurn(caller).finally(() => this.#turnEnds.delete(key));
    this.#turnEnds.set(key, ending);
    const answer = await ending;
    // No hook tells that it goes on, and at its prompt it would be reminded a second time.
    if (answer.kind === 'goOn') await this.#stands(caller, 'working', null);
    return answer;
  }

  async #endTurn(caller: Caller): Promise<HookAnswer> {
    const { control, ids } = this.#parts;
    const heard = this.#tell(caller, 'goOn');
    if (heard.kind !== 'nothing') return heard;
    const message = await endTurn(
      { ids, state: () => control.state, wish: (wish) => control.wish(wish) },
      caller,
    );
    return message === null ? nothing : { kind: 'goOn', message };
  }

  async #permission(
    caller: Caller,
    { tool, detail, hidesDialogMs }: Extract<HookQuestion, { kind: 'permission' }>,
    body: string,
    signal: AbortSignal,
  ): Promise<HookAnswer> {
    const { control } = this.#parts;
    const ask = this.#askFor(caller, body);
    const asked = await control.wish({ type: 'askPermission', ask, ...callerOf(caller), tool, detail });
    if (!asked.ok) return { kind: 'undecided' };
    await this.#stands(caller, 'permission', ask);
    await this.#answered(ask, hidesDialogMs, signal);
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
  async #stands(caller: Caller, kind: 'permission' | 'working', ask: AskId | null): Promise<void> {
    if (ask !== null && this.#parts.control.state.asks[ask]?.answer !== null) return;
    await this.#parts.sightings.see(caller, { kind: 'doing', doing: { kind, until: null, detail: null } });
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

function callerOf({ polecat, token }: Caller): Caller {
  return { polecat, token };
}
