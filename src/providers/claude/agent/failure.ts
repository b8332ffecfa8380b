import type { Instant } from '../../../town/ids.ts';
import type { Doing, DoingKind } from '../../../town/polecat.ts';

/** After a moment the vendor may well answer again, and the agent waits at its prompt for somebody to say so. */
const overloadMs = 60_000;

type Meaning = { readonly kind: DoingKind; readonly forMs?: number };

/**
 * Why a turn failed (`error` of StopFailure and of the transcript's rows, as 2.1.329 has them) → what the agent does.
 * What is not here needs a person at its terminal.
 */
const meanings: Readonly<Partial<Record<string, Meaning>>> = {
  rate_limit: { kind: 'limited' },
  overloaded: { kind: 'overloaded', forMs: overloadMs },
  server_error: { kind: 'overloaded', forMs: overloadMs },
  // Of connections that could not be made, too. Whoever only waits may wait for ever; a reminder goes on, and is counted.
  unknown: { kind: 'idle' },
  authentication_failed: { kind: 'login' },
  oauth_org_not_allowed: { kind: 'login' },
  account_on_hold: { kind: 'login' },
  verification_required: { kind: 'login' },
  cloud_credential_error: { kind: 'login' },
};

const waits: readonly DoingKind[] = ['limited', 'overloaded'];

export interface Failure {
  readonly error: string;
  readonly at: Instant;
  /** When the vendor gives again, if it said so. */
  readonly resetsAt: Instant | null;
  readonly said: string | null;
}

/** What an agent does after its turn failed. */
export function doingAfter({ error, at, resetsAt, said }: Failure): Doing {
  const { kind, forMs } = meaningOf(error);
  const until = waits.includes(kind) ? (resetsAt ?? (forMs === undefined ? null : at + forMs)) : null;
  return { kind, until, detail: said ?? error };
}

/** Whether the session makes way because of it: then only who knows until when may say so. */
export function makesWay(error: string): boolean {
  return waits.includes(meaningOf(error).kind);
}

function meaningOf(error: string): Meaning {
  return (Object.hasOwn(meanings, error) ? meanings[error] : undefined) ?? { kind: 'dialog' };
}
