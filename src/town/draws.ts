import type { Usage } from './bead.ts';
import type { Draw, Need } from './fuel.ts';
import type { Instant, PolecatId, Token } from './ids.ts';

/** A session that has a place, as far as accounts go. */
export interface Drawing {
  readonly rig: string;
  readonly polecat: PolecatId;
  readonly token: Token;
  readonly tank: string;
  readonly model: string;
  readonly need: Need | null;
  readonly convoy?: string | null;
  readonly at: Instant;
}

/** What was counted of a session on one model. */
export interface Counted {
  /** By `sessionKey`. */
  readonly session: string;
  readonly tank: string;
  readonly usage: Usage;
  readonly requests: number;
  readonly at: Instant;
}

/** Who still runs though it has drawn what most do is no small one: the longer it took, the longer it still takes. */
const restOfLong = 1;

/** What sessions may still draw: what each needs, less what was counted of it and the time it has run. */
export function drawsOf(
  sessions: readonly Drawing[],
  counted: Readonly<Record<string, Counted>>,
  at: Instant,
): readonly Draw[] {
  const done = drawnBySession(counted);
  return sessions.flatMap((one): readonly Draw[] => {
    const { rig, polecat, token, tank, model, need, at: since } = one;
    if (need === null) return [];
    const { tokens, requests } = done.get(sessionKey(one)) ?? nothing;
    const share = need.tokens > 0 ? Math.min(1, tokens / need.tokens) : 0;
    const rest = {
      tokens: Math.max(need.tokens - tokens, tokens * restOfLong),
      requests: Math.max(0, need.requests - requests),
      // Money is not counted here; it goes as the tokens go.
      usd: need.usd === null ? null : need.usd * (1 - share),
      ms: Math.max(0, need.ms - Math.max(0, at - since)),
    };
    const even = need.ms > 0 ? (need.tokens * rest.ms) / need.ms : 0;
    const overdue = rest.tokens > 0 ? Math.max(0, 1 - even / rest.tokens) : 0;
    const part = one.convoy == null ? {} : { convoy: one.convoy };
    return [{ rig, polecat, token, tank, model, rest, overdue, ...part, since }];
  });
}

const nothing = { tokens: 0, requests: 0 };

function drawnBySession(counted: Readonly<Record<string, Counted>>): ReadonlyMap<string, typeof nothing> {
  const sum = new Map<string, typeof nothing>();
  for (const { session, usage, requests } of Object.values(counted)) {
    const before = sum.get(session) ?? nothing;
    const tokens = before.tokens + usage.input + usage.output;
    sum.set(session, { tokens, requests: before.requests + requests });
  }
  return sum;
}

/** Neither a rig's id, a polecat's nor a token holds a blank. */
export function sessionKey({ rig, polecat, token }: Pick<Drawing, 'rig' | 'polecat' | 'token'>): string {
  return `${rig} ${polecat} ${String(token)}`;
}
