import { randomInt } from 'node:crypto';
import { call } from '../gateway/client.ts';
import { DoorError } from '../gateway/doorError.ts';
import { type KeptVerb, type Reported, report } from '../gateway/outbox.ts';
import type { ReplyOf, RequestOf, Verb } from '../gateway/protocol.ts';
import type { AskId } from '../town/ids.ts';

/** How the tools reach the door. */
export interface Speaker {
  ask<V extends Verb>(verb: V, body: RequestOf<V>, signal: AbortSignal): Promise<ReplyOf<V>>;
  /** What nobody takes is kept on disk. */
  tell<V extends KeptVerb>(verb: V, body: RequestOf<V>, signal: AbortSignal): Promise<Reported<V>>;
}

/** The two variables leave the environment, so that nothing started from here finds them there. */
export function speakerIn(env: NodeJS.ProcessEnv, patienceMs?: number): Speaker {
  const { RIGS_HOME: home, RIGS_TOKEN: token } = env;
  delete env['RIGS_HOME'];
  delete env['RIGS_TOKEN'];
  // Said at each call: a server that does not start is one that its agent never hears of.
  const at = (): { readonly home: string; readonly token: string } => {
    if (home !== undefined && token !== undefined) return { home, token };
    throw new DoorError(
      'unreachable',
      'RIGS_HOME and RIGS_TOKEN are not set: Rigs did not start this agent.',
    );
  };
  const patience = patienceMs === undefined ? {} : { patienceMs };
  return {
    ask: async (verb, body, signal) => call(at().home, at().token, verb, body, { ...patience, signal }),
    tell: async (verb, body, signal) => report(at().home, at().token, verb, body, { ...patience, signal }),
  };
}

/**
 * Ids of what was said and got no answer. A client that lost its patience, or its agent its turn, says it again; then it
 * is the same done, the same question, and has the same answer.
 */
export class Unanswered<Id> {
  readonly #draw: () => Id;
  readonly #ids = new Map<string, Id>();

  constructor(draw: () => Id) {
    this.#draw = draw;
  }

  async say<T>(what: string, say: (id: Id) => Promise<T>): Promise<T> {
    const id = this.#ids.get(what) ?? this.#draw();
    this.#ids.set(what, id);
    const answer = await say(id);
    this.#ids.delete(what);
    return answer;
  }
}

export function newAsk(): AskId {
  return `ak-${randomInt(36 ** 5)
    .toString(36)
    .padStart(5, '0')}` as AskId;
}
