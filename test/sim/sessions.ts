import type { Processes, SessionRecord, Tokens } from '../../src/ports/processes.ts';
import type { TerminalClosed, TerminalSpec, Terminals } from '../../src/ports/terminals.ts';
import type { PolecatId, Token } from '../../src/town/ids.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** An agent under its shim: a process of its own that outlives every window, and what its shim wrote of it. */
export interface SimSession {
  readonly polecat: PolecatId;
  readonly token: Token;
  readonly bead: string;
  readonly worktree: string;
  readonly actor: Actor;
  record: SessionRecord;
  /** Its shim runs. */
  shimAlive: boolean;
  heedsInterrupt: boolean;
}

export interface SessionParts {
  readonly scheduler: Scheduler;
  readonly newActor: (name: string) => Actor;
  /** Begins what happens in a terminal that was opened. */
  readonly begin: (session: SimSession) => void;
  /** An agent starts; for the invariants. */
  readonly started: (session: SimSession) => void;
}

const none: SessionRecord = { claimed: false, shim: null, started: null, exited: null };

/** All sessions there ever were on this machine, by the records their shims left. */
export class Sessions {
  readonly #parts: SessionParts;
  readonly #all = new Map<string, SimSession>();
  readonly #forbidden = new Set<string>();
  readonly wakers = new Set<() => void>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get all(): readonly SimSession[] {
    return [...this.#all.values()];
  }

  living(): readonly SimSession[] {
    return this.all.filter((one) => one.actor.alive && one.record.started !== null);
  }

  recordOf(polecat: PolecatId, token: Token): SessionRecord {
    if (this.#forbidden.has(key(polecat, token))) return { ...none, claimed: true };
    return this.#all.get(key(polecat, token))?.record ?? none;
  }

  open(spec: TerminalSpec): void {
    const { polecat, token, cwd } = spec;
    const known = this.#all.get(key(polecat, token));
    // A second terminal's shim finds the claim and starts nothing.
    if (known !== undefined) return;
    const session: SimSession = {
      polecat,
      token,
      bead: spec.env['GTR_WORK_ITEM'] ?? '',
      worktree: cwd,
      actor: this.#parts.newActor(`${polecat}.${String(token)}`),
      record: none,
      shimAlive: false,
      heedsInterrupt: true,
    };
    this.#all.set(key(polecat, token), session);
    this.#parts.begin(session);
  }

  /** False when somebody forbade it meanwhile. */
  claim(session: SimSession): boolean {
    if (this.#forbidden.has(key(session.polecat, session.token))) return false;
    session.shimAlive = true;
    session.record = { ...none, claimed: true, shim: identity(session.actor.pid + 1) };
    this.#wake();
    return true;
  }

  start(session: SimSession): void {
    const started = { agent: identity(session.actor.pid), shimPid: session.actor.pid + 1 };
    session.record = { ...session.record, started };
    this.#parts.started(session);
    this.#wake();
  }

  /** Ends its process. `how` null: nobody wrote down how. */
  end(session: SimSession, how: SessionRecord['exited']): void {
    session.shimAlive = false;
    if (how !== null) session.record = { ...session.record, exited: how };
    this.#wake();
    this.#parts.scheduler.kill(session.actor);
  }

  forbid(polecat: PolecatId, token: Token): boolean {
    const id = key(polecat, token);
    if (this.#forbidden.has(id) || this.#all.get(id)?.record.claimed === true) return false;
    this.#forbidden.add(id);
    return true;
  }

  isAlive(pid: number): boolean {
    return this.all.some(
      (one) => (one.actor.pid === pid && one.actor.alive) || (one.actor.pid + 1 === pid && one.shimAlive),
    );
  }

  byPid(pid: number): SimSession | undefined {
    return this.all.find((one) => one.actor.pid === pid);
  }

  find(polecat: PolecatId, token: Token): SimSession | undefined {
    return this.#all.get(key(polecat, token));
  }

  #wake(): void {
    for (const wake of this.wakers) wake();
    this.wakers.clear();
  }
}

/** Terminals, processes and tokens as one window sees them. */
export class WindowSessions implements Processes, Terminals, Tokens {
  readonly #sessions: Sessions;
  readonly #scheduler: Scheduler;
  readonly #actor: Actor;
  readonly #opening: (spec: TerminalSpec) => void;
  readonly #listeners = new Set<(closed: TerminalClosed) => void>();

  constructor(sessions: Sessions, scheduler: Scheduler, actor: Actor, opening: (spec: TerminalSpec) => void) {
    this.#sessions = sessions;
    this.#scheduler = scheduler;
    this.#actor = actor;
    this.#opening = opening;
  }

  open(spec: TerminalSpec): Promise<void> {
    this.#opening(spec);
    return this.#call(`opens a terminal for ${spec.polecat}.${String(spec.token)}`, () => {
      this.#sessions.open(spec);
    });
  }

  adopt(): Promise<boolean> {
    return Promise.resolve(true);
  }

  show(): boolean {
    return true;
  }

  type(): Promise<'gone'> {
    return Promise.resolve('gone');
  }

  close(polecat: PolecatId, token: Token): Promise<void> {
    return this.#call(`closes the terminal of ${polecat}`, () => {
      const session = this.#sessions.find(polecat, token);
      if (session?.actor.alive === true && session.heedsInterrupt)
        this.#sessions.end(session, { code: null, signal: 'SIGHUP' });
    });
  }

  onClosed(listener: (closed: TerminalClosed) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** A person clicks the terminal away. */
  closedByPerson(session: SimSession): void {
    const { polecat, token } = session;
    for (const listener of this.#listeners) listener({ polecat, token, byPerson: true });
    this.#sessions.end(session, { code: null, signal: 'SIGHUP' });
  }

  record(polecat: PolecatId, token: Token): Promise<SessionRecord> {
    return Promise.resolve(this.#sessions.recordOf(polecat, token));
  }

  changed(ms: number, signal: AbortSignal): Promise<void> {
    return this.#scheduler.nap(this.#actor, ms, signal, this.#sessions.wakers);
  }

  forbid(polecat: PolecatId, token: Token): Promise<boolean> {
    return this.#call(`forbids ${polecat}.${String(token)}`, () => this.#sessions.forbid(polecat, token));
  }

  isAlive(process: { readonly pid: number }): Promise<boolean> {
    return Promise.resolve(this.#sessions.isAlive(process.pid));
  }

  signal(process: { readonly pid: number }, how: 'interrupt' | 'terminate' | 'kill'): Promise<void> {
    return this.#call(`sends ${how} to ${String(process.pid)}`, () => {
      const session = this.#sessions.byPid(process.pid);
      if (session?.actor.alive !== true) return;
      if (how === 'kill') this.#sessions.end(session, { code: null, signal: 'SIGKILL' });
      else if (session.heedsInterrupt) this.#sessions.end(session, { code: 130, signal: null });
    });
  }

  underShim(
    _polecat: PolecatId,
    _token: Token,
    file: string,
    args: readonly string[],
  ): ReturnType<Processes['underShim']> {
    return { file, args, env: {} };
  }

  issue(): Promise<string> {
    return this.#call('issues a token', () => 'secret');
  }

  revoke(): Promise<void> {
    return this.#call('revokes a token', () => undefined);
  }

  #call<T>(label: string, effect: () => T): Promise<T> {
    return this.#scheduler.call('port', label, effect, this.#actor);
  }
}

function identity(pid: number): { readonly pid: number; readonly startTime: string } {
  return { pid, startTime: String(pid) };
}

function key(polecat: PolecatId, token: Token): string {
  return `${polecat} ${String(token)}`;
}
