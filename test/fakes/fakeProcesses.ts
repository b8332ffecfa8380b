import type { Clock } from '../../src/ports/clock.ts';
import type { Processes, SessionRecord, Tokens } from '../../src/ports/processes.ts';
import type { TerminalClosed, TerminalSpec, Terminals } from '../../src/ports/terminals.ts';
import type { PolecatId, Token } from '../../src/town/ids.ts';
import type { ProcessIdentity } from '../../src/town/polecat.ts';

interface Fake {
  readonly polecat: PolecatId;
  readonly token: Token;
  started: SessionRecord['started'];
  exited: SessionRecord['exited'];
  alive: boolean;
  forbidden: boolean;
}

const none: SessionRecord = { claimed: false, shim: null, started: null, exited: null };

/** Terminals and the processes in them, played by the test. */
export class FakeProcesses implements Processes, Terminals, Tokens {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Fake>();
  readonly #wake = new Set<() => void>();
  readonly #listeners = new Set<(closed: TerminalClosed) => void>();
  readonly opened: TerminalSpec[] = [];
  readonly adopted: PolecatId[] = [];
  readonly signals: string[] = [];
  /** False: terminals open and nothing in them ever starts. */
  startsAgents = true;
  /** True: terminals open and their program cannot be run. */
  failsToStart = false;
  /** False: an interrupt is ignored, as a hanging agent would. */
  heedsInterrupt = true;
  #pid = 100;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(spec: TerminalSpec): Promise<void> {
    this.opened.push(spec);
    if (this.startsAgents) this.#start(spec.polecat, spec.token);
    else if (this.failsToStart) this.#fail(spec.polecat, spec.token);
    return Promise.resolve();
  }

  /** What was typed into terminals. */
  readonly typed: string[] = [];

  type(_polecat: PolecatId, _token: Token, text: string): Promise<'typed'> {
    this.typed.push(text);
    return Promise.resolve('typed');
  }

  /** The newest session's end, as its shim would write it. */
  exit(polecat: PolecatId, code: number | null, signal: string | null = null): void {
    const session = this.#newest(polecat);
    session.alive = false;
    session.exited = { code, signal };
    this.#changed();
  }

  /** The process is gone and nobody wrote why. */
  vanish(polecat: PolecatId): void {
    this.#newest(polecat).alive = false;
    this.#changed();
  }

  closeByPerson(polecat: PolecatId): void {
    const { token } = this.#newest(polecat);
    for (const listener of this.#listeners) listener({ polecat, token, byPerson: true });
    this.exit(polecat, null, 'SIGHUP');
  }

  record(polecat: PolecatId, token: Token): Promise<SessionRecord> {
    const found = this.#sessions.get(key(polecat, token));
    return Promise.resolve(
      found === undefined
        ? none
        : { claimed: true, shim: null, started: found.started, exited: found.exited },
    );
  }

  async changed(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => {
      woken.abort();
    };
    this.#wake.add(wake);
    await this.#clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#wake.delete(wake);
  }

  forbid(polecat: PolecatId, token: Token): Promise<boolean> {
    if (this.#sessions.has(key(polecat, token))) return Promise.resolve(false);
    this.#sessions.set(key(polecat, token), {
      polecat,
      token,
      started: null,
      exited: null,
      alive: false,
      forbidden: true,
    });
    return Promise.resolve(true);
  }

  isAlive(process: ProcessIdentity): Promise<boolean> {
    const found = [...this.#sessions.values()].find((one) => one.started?.agent.pid === process.pid);
    return Promise.resolve(found?.alive === true);
  }

  signal(process: ProcessIdentity, how: 'interrupt' | 'terminate' | 'kill'): Promise<void> {
    this.signals.push(`${how} ${String(process.pid)}`);
    const found = [...this.#sessions.values()].find((one) => one.started?.agent.pid === process.pid);
    if (found?.alive !== true || (how === 'interrupt' && !this.heedsInterrupt)) return Promise.resolve();
    found.alive = false;
    found.exited = how === 'kill' ? { code: null, signal: 'SIGKILL' } : { code: 130, signal: null };
    this.#changed();
    return Promise.resolve();
  }

  underShim(
    _polecat: PolecatId,
    _token: Token,
    file: string,
    args: readonly string[],
  ): ReturnType<Processes['underShim']> {
    return { file, args, env: {} };
  }

  adopt(polecat: PolecatId): Promise<boolean> {
    this.adopted.push(polecat);
    return Promise.resolve(true);
  }

  show(): boolean {
    return true;
  }

  close(polecat: PolecatId): Promise<void> {
    if (this.heedsInterrupt) this.exit(polecat, null, 'SIGHUP');
    return Promise.resolve();
  }

  onClosed(listener: (closed: TerminalClosed) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  issue(): Promise<string> {
    return Promise.resolve('secret');
  }

  revoke(): Promise<void> {
    return Promise.resolve();
  }

  #start(polecat: PolecatId, token: Token): void {
    if (this.#sessions.has(key(polecat, token))) return;
    this.#pid += 1;
    const started = { agent: { pid: this.#pid, startTime: String(this.#pid) }, shimPid: this.#pid + 1000 };
    this.#sessions.set(key(polecat, token), {
      polecat,
      token,
      started,
      exited: null,
      alive: true,
      forbidden: false,
    });
    this.#changed();
  }

  #fail(polecat: PolecatId, token: Token): void {
    const exited = { code: null, signal: null };
    this.#sessions.set(key(polecat, token), {
      polecat,
      token,
      started: null,
      exited,
      alive: false,
      forbidden: false,
    });
    this.#changed();
  }

  #newest(polecat: PolecatId): Fake {
    const found = [...this.#sessions.values()].findLast((one) => one.polecat === polecat);
    if (found === undefined) throw new Error(`no session of ${polecat}`);
    return found;
  }

  #changed(): void {
    for (const wake of this.#wake) wake();
  }
}

function key(polecat: PolecatId, token: Token): string {
  return `${polecat} ${String(token)}`;
}
