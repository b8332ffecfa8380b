import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, WantedSession } from '../../../src/ports/account.ts';
import type { Host, HostIdentity } from '../../../src/ports/host.ts';
import { type AccountOptions, openAccount } from '../../../src/store/account/openAccount.ts';
import type { PolecatId } from '../../../src/town/ids.ts';
import { ManualClock } from '../../fakes/manualClock.ts';

export function session(rig: string, token: number, spool: string | null = null): WantedSession {
  return {
    rig,
    polecat: `nux-${String(token)}` as PolecatId,
    token,
    tank: 'claude',
    model: 'sonnet',
    need: null,
    spool,
  };
}

/** Processes of a machine that live until the test says otherwise, and a clock that nobody sets. */
export class FakeMachine {
  monotonic = 1_000;
  readonly #dead = new Set<string>();
  #processes = 0;

  /** A process of its own. */
  process(where: Partial<HostIdentity> = {}): FakeProcess {
    this.#processes += 1;
    const pid = this.#processes;
    return new FakeProcess(this, {
      ...{ pid, startTime: String(pid), boot: 'boot', pidSpace: 'space', machine: 'machine' },
      ...where,
    });
  }

  kill(startTime: string): void {
    this.#dead.add(startTime);
  }

  isDead(startTime: string): boolean {
    return this.#dead.has(startTime);
  }
}

export class FakeProcess implements Host {
  readonly identity: HostIdentity;
  readonly #machine: FakeMachine;

  constructor(machine: FakeMachine, identity: HostIdentity) {
    this.#machine = machine;
    this.identity = identity;
  }

  me(): Promise<HostIdentity> {
    return Promise.resolve(this.identity);
  }

  isAlive(other: HostIdentity): Promise<'alive' | 'dead' | 'unknown'> {
    if (other.pidSpace !== this.identity.pidSpace) return Promise.resolve('unknown');
    return Promise.resolve(this.#machine.isDead(other.startTime) ? 'dead' : 'alive');
  }

  monotonic(): number {
    return this.#machine.monotonic;
  }

  /** As a crash: whatever it held, it holds on to. */
  die(): void {
    this.#machine.kill(this.identity.startTime);
  }
}

/** A temporary folder with the account of a person, and windows that open it. */
export class AccountFolder {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), 'rigs-account-')));
  readonly folder = join(this.place, 'account');
  readonly clock = new ManualClock();
  readonly machine = new FakeMachine();
  readonly #open: Account[] = [];

  /** What is left open is closed by `remove`. */
  async open(options: Partial<AccountOptions> = {}): Promise<Account> {
    const { folder, clock } = this;
    const account = await openAccount({ folder, clock, host: this.machine.process(), ...options });
    this.#open.push(account);
    return account;
  }

  /** Lets time go by until something is settled. */
  async inTime<T>(something: Promise<T>): Promise<T> {
    const over = new AbortController();
    const watched = something.finally(() => {
      over.abort();
    });
    // Whoever awaits the answer hears of a rejection.
    watched.catch(() => undefined);
    while (!over.signal.aborted) {
      this.machine.monotonic += 20;
      await this.clock.advance(20);
    }
    return watched;
  }

  async remove(): Promise<void> {
    for (const account of this.#open) await account.close();
    rmSync(this.place, { recursive: true, force: true });
  }
}
