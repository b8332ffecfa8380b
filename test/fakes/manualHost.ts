import type { Host, HostIdentity } from '../../src/ports/host.ts';
import { visibility } from '../../src/system/realHost.ts';

/** Processes that live, wherever they are. */
export class Living {
  readonly #alive = new Set<string>();

  get size(): number {
    return this.#alive.size;
  }

  born(identity: HostIdentity): void {
    this.#alive.add(JSON.stringify(identity));
  }

  dies(identity: HostIdentity): void {
    this.#alive.delete(JSON.stringify(identity));
  }

  has(identity: HostIdentity): boolean {
    return this.#alive.has(JSON.stringify(identity));
  }
}

let pids = 100;

/** A process of a test's own machines, containers and boots; its clock stands still until the test moves it. */
export class ManualHost implements Host {
  readonly identity: HostIdentity;
  readonly #living: Living;
  #now = 5;

  constructor(living: Living, place: Partial<HostIdentity> = {}) {
    this.#living = living;
    pids += 1;
    this.identity = {
      pid: pids,
      startTime: `start ${String(pids)}`,
      boot: 'boot 1',
      pidSpace: 'space 1',
      machine: 'machine 1',
      ...place,
    };
    living.born(this.identity);
  }

  me(): Promise<HostIdentity> {
    return Promise.resolve(this.identity);
  }

  isAlive(other: HostIdentity): Promise<'alive' | 'dead' | 'unknown'> {
    const { pid, startTime, boot, pidSpace, machine } = other;
    const seen = visibility(other, this.identity);
    const alive = this.#living.has({ pid, startTime, boot, pidSpace, machine }) ? 'alive' : 'dead';
    return Promise.resolve(seen === 'here' ? alive : seen);
  }

  monotonic(): number {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  /** As `kill -9` or a power cut ends it. */
  die(): void {
    this.#living.dies(this.identity);
  }
}
