import type { CheckDefinition } from './check.ts';
import type { AskId, BeadId, ConvoyId, Instant, PolecatId, Token } from './ids.ts';
import type { Reason } from './reason.ts';

/** Something only a person can answer. */
export type AskSubject =
  | {
      readonly kind: 'permission';
      readonly polecat: PolecatId;
      readonly token: Token;
      /** The worker's tool, `run` for a command. */
      readonly tool: string;
      /** Exactly what would be done, as the person reads it. */
      readonly detail: string;
    }
  | { readonly kind: 'checks'; readonly definitions: readonly CheckDefinition[]; readonly hash: string }
  | { readonly kind: 'stuck'; readonly polecat: PolecatId; readonly reason: Reason }
  | {
      readonly kind: 'question';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly question: string;
    }
  /** A person is needed at the agent's terminal; it goes by itself once the agent goes on. */
  | {
      readonly kind: 'attention';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly reason: Reason;
    }
  /** Its account is empty; whether work of its convoy, or of its bead alone, may go on elsewhere. */
  | {
      readonly kind: 'moveOn';
      readonly polecat: PolecatId;
      readonly convoy: ConvoyId | null;
      /** Whose account is empty, until when (null: nobody knows), and who could go on. */
      readonly from: string;
      readonly until: Instant | null;
      readonly to: string;
    }
  /** A budget is used up: whether it is raised. `day`: the person's own, of a day's and a provider's. */
  | {
      readonly kind: 'budget';
      readonly scope: 'bead' | 'convoy' | 'day' | 'provider';
      readonly of: string | null;
      readonly day: string | null;
      readonly unit: 'tokens' | 'usd';
      readonly limit: number;
      readonly used: number;
    };

/** What *Always* remembers: a command line as it stands; of another tool also which one it was. */
export function grantOf(tool: string, detail: string): string {
  return tool === 'run' ? detail : `${tool}: ${detail}`;
}

export type AskAnswer = 'allow' | 'always' | 'deny' | 'retry' | 'dismiss' | 'reply';

export interface Ask {
  readonly id: AskId;
  readonly bead: BeadId | null;
  readonly subject: AskSubject;
  readonly raisedAt: Instant;
  /** When it counts as overdue and is brought forward again. */
  readonly deadline: Instant;
  readonly answer: AskAnswer | null;
  /** What a person wrote, with the answer `reply`. */
  readonly reply: string | null;
  readonly answeredAt: Instant | null;
  /** The vendor asks on its own screen by now: it can be answered in its terminal alone. */
  readonly onScreen: boolean;
}

export type AskEvent =
  | {
      readonly type: 'ask.raised';
      readonly ask: AskId;
      readonly bead: BeadId | null;
      readonly subject: AskSubject;
      readonly deadline: Instant;
      readonly at: Instant;
    }
  | {
      readonly type: 'ask.answered';
      readonly ask: AskId;
      readonly answer: AskAnswer;
      readonly reply?: string;
      readonly at: Instant;
    }
  | { readonly type: 'ask.onScreen'; readonly ask: AskId; readonly at: Instant };

export type Asks = Readonly<Record<AskId, Ask>>;

export function foldAsk(asks: Asks, event: AskEvent): Asks {
  if (event.type === 'ask.raised') {
    const { ask: id, bead, subject, deadline, at } = event;
    const open = { answer: null, reply: null, answeredAt: null, onScreen: false };
    return { ...asks, [id]: { id, bead, subject, raisedAt: at, deadline, ...open } };
  }
  const ask = asks[event.ask];
  if (ask === undefined) return asks;
  if (event.type === 'ask.onScreen') return { ...asks, [event.ask]: { ...ask, onScreen: true } };
  const { answer, reply = null, at: answeredAt } = event;
  return { ...asks, [event.ask]: { ...ask, answer, reply, answeredAt } };
}
