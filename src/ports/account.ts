import type {
  KnownRig,
  Owner,
  Reservation,
  ReserveAnswer,
  ReservedSession,
  SessionKey,
} from '../town/account.ts';
import type { ProcessIdentity } from '../town/polecat.ts';
import type { Budgets } from '../town/budgets.ts';
import type { FuelAccount } from './fuel.ts';

/** A session that is to be launched. */
export type WantedSession = Omit<ReservedSession, 'agent'>;

/** A session that its rig's owner finds; its rig is said beside it. */
export type LiveSession = Omit<ReservedSession, 'rig'>;

/**
 * What is remembered of a person and not of a rig, shared by all their windows. Each call is one step on the newest
 * state, durable when it resolves; all but `close` may reject with `AccountError`, and `changed` never does.
 */
export interface Account extends FuelAccount {
  /**
   * A place for a session, before it is launched: granted if fewer than `limit` others hold one and its account's
   * newest tanks carry its need beside all others', and none of the person's budgets for it is used up or promised. May be asked again for the same session. A place counts while the window that asked or the agent lives, and 20 s longer while it is not
   * known whether the agent began.
   */
  reserve(session: WantedSession, limit: number, budgets?: Budgets): Promise<ReserveAnswer>;
  /** Tells the process that took the place. False: nothing is reserved for it any more; reconcile the rig. */
  confirm(key: SessionKey, agent: ProcessIdentity): Promise<boolean>;
  /** Gives a place back. Without one, nothing happens. */
  release(key: SessionKey): Promise<void>;
  /**
   * To be called by the owner of a rig at its start: `live` are all its sessions that run or may still begin. They have
   * a place from then on and are this window's; what else the rig held is free.
   * A former owner's word changes nothing.
   */
  reconcile(owner: Owner, live: readonly LiveSession[]): Promise<void>;
  /** Every place that is taken; those that the next `reserve` would drop are not. A process's end shows within 2 s. */
  held(): Promise<readonly Reservation[]>;
  /** Writes a rig into the person's register, so that their other windows know its name. */
  rigSeen(rig: Omit<KnownRig, 'at'>): Promise<void>;
  /** Takes a rig off that register; its state stays where it lies. */
  forgetRig(rig: string): Promise<void>;
  rigs(): Promise<readonly KnownRig[]>;
  /** Resolves when another window may have changed something, at the latest after `ms` or when aborted. */
  changed(ms: number, signal: AbortSignal): Promise<void>;
  /** Lets go of files; places stay as they are. */
  close(): Promise<void>;
}

export type AccountErrorReason =
  | 'damaged'
  | 'newer_schema'
  | 'not_writable'
  /** It is not known whether the step took effect; ask again. */
  | 'append_failed'
  /** Another process holds the account's turn for longer than a step takes. */
  | 'busy'
  | 'closed';

/** The person's account could not be read or written; `path` names the file and nothing was lost. */
export class AccountError extends Error {
  readonly reason: AccountErrorReason;
  readonly path: string;

  constructor(reason: AccountErrorReason, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AccountError';
    this.reason = reason;
    this.path = path;
  }

  static is(error: unknown, reason?: AccountErrorReason): error is AccountError {
    return error instanceof AccountError && (reason === undefined || error.reason === reason);
  }
}
