import type { PolecatId, Token } from '../town/ids.ts';
import type { ProcessIdentity } from '../town/polecat.ts';
import type { Caller } from './desk.ts';

/** What the shim wrote durably about one session. */
export interface SessionRecord {
  /** Somebody started it, or forbade it; nothing may start it again. */
  readonly claimed: boolean;
  /** The shim that claimed it, also while its agent does not run yet. */
  readonly shim: ProcessIdentity | null;
  /** The agent itself, and the shim that is its terminal's process. */
  readonly started: { readonly agent: ProcessIdentity; readonly shimPid: number } | null;
  readonly exited: { readonly code: number | null; readonly signal: string | null } | null;
}

/** Agents' processes, known by what their shim wrote and never by a name on a screen. */
export interface Processes {
  record(polecat: PolecatId, token: Token): Promise<SessionRecord>;
  /** Resolves when a session's record may have changed, at the latest after `ms`. */
  changed(ms: number, signal: AbortSignal, of: Caller): Promise<void>;
  /** Claims a session that was never started, so that a late start of it does nothing. False: it was started. */
  forbid(polecat: PolecatId, token: Token): Promise<boolean>;
  isAlive(process: ProcessIdentity): Promise<boolean>;
  /** `interrupt`: as Ctrl+C. `terminate`: SIGTERM. `kill`: at once, with everything it started. */
  signal(process: ProcessIdentity, how: 'interrupt' | 'terminate' | 'kill'): Promise<void>;
  /** File and arguments that run a program under the shim. */
  underShim(
    polecat: PolecatId,
    token: Token,
    file: string,
    args: readonly string[],
  ): {
    readonly file: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
}

/** Secrets by which agents prove who they are at the door. */
export interface Tokens {
  /** The secret is told once; only its hash is kept. Issued again, both hold until revoked. */
  issue(caller: Caller): Promise<string>;
  revoke(caller: Caller): Promise<void>;
}
