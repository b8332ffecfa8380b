import { type FileNode, type SimDisk, SystemError } from './disk.ts';
import type { Random } from './random.ts';
import { Killed, type Scheduler } from './scheduler.ts';

/** What hits a write or sync that cannot wait for a turn of its own. */
export type Blow =
  /** Killed in the middle of it, a part written. */
  | { readonly kind: 'kill' }
  /** This many writing operations fail with this code. */
  | { readonly kind: 'fail'; readonly code: string; count: number };

export interface MachineParts {
  readonly scheduler: Scheduler;
  readonly disk: SimDisk;
  readonly random: Random;
  /** False: a sync of an append is none. */
  readonly syncs: boolean;
  readonly kill: () => void;
  readonly faulted: () => void;
}

/** The computer that every simulated process runs on: what the file system calls of `src/` end up at. */
export class Machine {
  readonly disk: SimDisk;
  readonly #parts: MachineParts;
  /** Waits for the next operation that writes. */
  blow: Blow | null = null;
  /** Draft names and ids that code draws from the system. */
  readonly draws: Random;

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.disk = parts.disk;
    this.draws = parts.random;
  }

  pid(): number {
    return this.#parts.scheduler.acting().pid;
  }

  now(): number {
    return this.#parts.scheduler.now();
  }

  reading<T>(label: string, effect: () => T): Promise<T> {
    return this.#parts.scheduler.call('file', label, effect);
  }

  writing<T>(label: string, effect: () => T): Promise<T> {
    return this.#parts.scheduler.call('file', label, () => {
      this.refuse(label);
      return effect();
    });
  }

  /** Throws what is the matter with the disk just now. */
  refuse(label: string): void {
    const { blow } = this;
    if (blow?.kind !== 'fail') return;
    blow.count -= 1;
    if (blow.count <= 0) this.blow = null;
    this.#parts.faulted();
    throw new SystemError(blow.code, label);
  }

  /** A synchronous write: all of it, or a part and a throw. */
  append(node: FileNode, bytes: Uint8Array, label: string): void {
    this.#parts.scheduler.assertAlive();
    const { blow } = this;
    if (blow === null) {
      this.disk.append(node, bytes);
      return;
    }
    this.disk.append(node, bytes.subarray(0, this.#parts.random.below(bytes.length + 1)));
    this.#strike(label);
  }

  sync(node: FileNode, label: string): void {
    this.#parts.scheduler.assertAlive();
    // A sync that fails may have brought everything down, or a part, or nothing.
    if (this.#parts.syncs && (this.blow === null || this.#parts.random.chance(30))) node.durable = node.live;
    if (this.blow !== null) this.#strike(label);
  }

  /** A short synchronous call that is no append. */
  immediate<T>(label: string, writes: boolean, effect: () => T): T {
    this.#parts.scheduler.assertAlive();
    if (writes) this.refuse(label);
    return effect();
  }

  #strike(label: string): void {
    if (this.blow?.kind === 'fail') this.refuse(label);
    this.blow = null;
    this.#parts.kill();
    throw new Killed(this.#parts.scheduler.acting());
  }
}

let bound: Machine | null = null;

/** One machine at a time: a thread plays its seeds one after the other. */
export function bindMachine(machine: Machine): void {
  bound = machine;
}

export function machine(): Machine {
  if (bound === null) throw new Error('no machine is being simulated');
  return bound;
}
