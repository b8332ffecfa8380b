import { randomInt, randomUUID } from 'node:crypto';
import { type CallOptions, call } from '../gateway/client.ts';
import { DoorError } from '../gateway/doorError.ts';
import { type KeptVerb, type Reported, report } from '../gateway/outbox.ts';
import type { ReplyOf, RequestOf, Verb } from '../gateway/protocol.ts';
import type { Usage } from '../town/bead.ts';
import type { AskId } from '../town/ids.ts';
import type { Foreman } from './tools/toolbox.ts';
import type { Show } from './transcript.ts';

/** The door as this agent's session sees it. */
export interface ForemansDoor {
  readonly token: string;
  ask<V extends Verb>(verb: V, body: RequestOf<V>): Promise<ReplyOf<V>>;
  /** Says what must not be lost: what nobody takes is kept on disk. `haste`: asks once and waits for nobody. */
  tell<V extends KeptVerb>(verb: V, body: RequestOf<V>, haste?: boolean): Promise<Reported<V>>;
}

/** The two variables leave the environment, so that nothing started from here finds them there. */
export function openDoor(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  options: Pick<CallOptions, 'patienceMs'> = {},
): ForemansDoor {
  const { RIGS_HOME: home, RIGS_TOKEN: token } = env;
  delete env['RIGS_HOME'];
  delete env['RIGS_TOKEN'];
  if (home === undefined || token === undefined)
    throw new DoorError(
      'unreachable',
      'RIGS_HOME and RIGS_TOKEN must be set: this program is started by Rigs.',
    );
  const usual = { ...options, signal };
  return {
    token,
    ask: (verb, body) => call(home, token, verb, body, usual),
    tell: (verb, body, haste = false) =>
      report(home, token, verb, body, haste ? { ...usual, patienceMs: 0 } : usual),
  };
}

const keptDone =
  'The window does not answer; your report is kept and will be taken up when it is back. End your turn.';

/** What tools reach of it. */
export function foremanAt(door: ForemansDoor): Foreman {
  return {
    done: async (summary) => {
      const said = await door.tell('done', { id: randomUUID(), summary });
      return said.kept ? { accepted: false, message: keptDone, goOn: false } : said.reply;
    },
    permission: async (tool, detail) =>
      (await door.ask('permission', { ask: newAsk(), tool, detail })).answer,
    comment: async (answer) => {
      try {
        await door.ask('comment', { id: randomUUID(), ...answer });
        return null;
      } catch (error) {
        // What it named may be none of its comments; the model can mend that.
        if (error instanceof DoorError && error.reason === 'invalid') return error.message;
        throw error;
      }
    },
  };
}

/** Drawn once for a question, however often it has to be asked. */
function newAsk(): AskId {
  return `ak-${randomInt(36 ** 5)
    .toString(36)
    .padStart(5, '0')}` as AskId;
}

/** The door's reasons that say this session is no longer wanted. */
const takenAway: readonly string[] = ['late', 'unauthorized', 'unknown'];

/**
 * Numbers are those of the whole session, so what is lost is made good by the next report. The window is waited for
 * once; as long as it stays away, the work does not wait for it after every step.
 */
export function usageReporter(
  door: ForemansDoor,
  show: Show,
  signal: AbortSignal,
): (usage: Usage) => Promise<void> {
  let away = false;
  return async (usage) => {
    try {
      const { kept } = await door.tell('usage', { id: randomUUID(), usage }, away);
      if (kept && !away)
        show({ kind: 'note', text: 'The window gives no answer. What is used is kept; the work goes on.' });
      away = kept;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DoorError && takenAway.includes(error.reason)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      show({ kind: 'note', text: `${why} The work goes on.` });
    }
  };
}
