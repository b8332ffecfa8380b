/** Who a process is, in words that another process, container or machine can compare with its own. */
export interface HostIdentity {
  readonly pid: number;
  /** A process id is reused by the system; with its start time it is not. */
  readonly startTime: string;
  /** The running boot; empty where the system does not tell. */
  readonly boot: string;
  /** The pid namespace on Linux; empty elsewhere. */
  readonly pidSpace: string;
  /** The machine; empty when nothing names it surely. */
  readonly machine: string;
}

/** What this process can tell of itself and of others, replaceable where a simulator plays several machines. */
export interface Host {
  me(): Promise<HostIdentity>;
  /** `unknown`: it lives, or lived, where this process cannot look. */
  isAlive(other: HostIdentity): Promise<'alive' | 'dead' | 'unknown'>;
  /** Milliseconds of a clock that nobody sets; only differences mean something. */
  monotonic(): number;
}
