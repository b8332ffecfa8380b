import { dirname, basename } from 'node:path';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Files, Tail } from '../../../src/ports/files.ts';
import type { Host, HostIdentity } from '../../../src/ports/host.ts';
import { systemError } from '../../fakes/watchedFiles.ts';

interface Turn {
  readonly window: SimWindow;
  readonly at: number;
  /** What it asked for is done, and only not yet heard. */
  readonly isAnswer: boolean;
  readonly effect: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Windows on one disk in memory, whose calls come one at a time in an order drawn from the seed. */
export class AccountSim {
  now = 1_000;
  readonly files = new Map<string, { bytes: Buffer }>();
  /** Start times of processes that ended. */
  readonly dead = new Set<string>();
  readonly #random: () => number;
  #turns: Turn[] = [];
  #windows = 0;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  window(pidSpace = 'space'): SimWindow {
    this.#windows += 1;
    return new SimWindow(this, `w${String(this.#windows)}`, this.#windows, pidSpace);
  }

  add(turn: Turn): void {
    this.#turns.push(turn);
  }

  drop(window: SimWindow): void {
    this.#turns = this.#turns.filter((turn) => turn.window !== window);
  }

  without(turn: Turn): void {
    this.#turns = this.#turns.filter((one) => one !== turn);
  }

  /** Takes turns until `isOver`; `between` may kill windows and put them to sleep. Throws after too many. */
  async run(isOver: () => boolean, between: () => void = () => undefined): Promise<void> {
    for (let step = 0; ; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) return;
      if (step > 60_000) throw new Error('it comes to no end');
      between();
      this.#takeTurn();
    }
  }

  #takeTurn(): void {
    const dueAt = (turn: Turn): number => Math.max(turn.at, turn.window.asleepUntil);
    const next = Math.min(...this.#turns.map(dueAt));
    // Everybody was killed just now.
    if (next === Infinity) return;
    this.now = Math.max(this.now, next);
    const due = this.#turns.filter((turn) => dueAt(turn) <= this.now);
    const turn = due[this.below(due.length)];
    if (turn === undefined) return;
    this.without(turn);
    let answer: () => void;
    if (turn.isAnswer) {
      turn.effect();
      return;
    }
    try {
      const value = turn.effect() as never;
      answer = () => {
        turn.resolve(value);
      };
    } catch (error) {
      answer = () => {
        turn.reject(error);
      };
    }
    // What it is told may be old by the time it hears it.
    this.add({ ...turn, isAnswer: true, effect: answer });
  }
}

/** One window: its files, its clock and what it knows of processes. Killed, it never gets another answer. */
export class SimWindow implements Files, Host, Clock {
  readonly name: string;
  readonly identity: HostIdentity;
  asleepUntil = 0;
  /** In how many writes to a growing file it is killed once. */
  dyingWrites = Infinity;
  readonly #sim: AccountSim;

  constructor(sim: AccountSim, name: string, pid: number, pidSpace: string) {
    this.#sim = sim;
    this.name = name;
    this.identity = { pid, startTime: name, boot: 'boot', pidSpace, machine: 'machine' };
  }

  get isDead(): boolean {
    return this.#sim.dead.has(this.name);
  }

  die(): void {
    this.#sim.dead.add(this.name);
    this.#sim.drop(this);
  }

  now(): number {
    return this.#sim.now;
  }

  monotonic(): number {
    return this.#sim.now;
  }

  me(): Promise<HostIdentity> {
    return Promise.resolve(this.identity);
  }

  isAlive(other: HostIdentity): Promise<'alive' | 'dead' | 'unknown'> {
    return this.#turn(() => {
      if (other.pidSpace !== this.identity.pidSpace) return 'unknown';
      return this.#sim.dead.has(other.startTime) ? 'dead' : 'alive';
    });
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#turn(() => undefined, this.#sim.now + ms, signal);
  }

  read(path: string): Promise<Buffer> {
    return this.#turn(() => Buffer.from(this.#node(path).bytes));
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#turn(() =>
      [...this.#sim.files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path)),
    );
  }

  makeFolder(): Promise<void> {
    return this.#turn(() => undefined);
  }

  create(path: string, data: string | Uint8Array): Promise<void> {
    return this.#turn(() => {
      if (this.#sim.files.has(path)) throw systemError('EEXIST', path);
      this.#sim.files.set(path, { bytes: Buffer.from(data as string) });
    });
  }

  sync(path: string): Promise<void> {
    return this.#turn(() => {
      this.#node(path);
    });
  }

  syncFolder(): Promise<void> {
    return this.#turn(() => undefined);
  }

  link(path: string, name: string): Promise<void> {
    return this.#turn(() => {
      if (this.#sim.files.has(name)) throw systemError('EEXIST', name);
      this.#sim.files.set(name, this.#node(path));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#turn(() => {
      const node = this.#node(from);
      this.#sim.files.delete(from);
      this.#sim.files.set(to, node);
    });
  }

  unlink(path: string): Promise<void> {
    return this.#turn(() => {
      this.#node(path);
      this.#sim.files.delete(path);
    });
  }

  removeFolder(): Promise<void> {
    return Promise.reject(new Error('nobody removes folders here'));
  }

  truncate(): Promise<void> {
    return Promise.reject(new Error('nobody truncates here'));
  }

  realPath(path: string): Promise<string> {
    return Promise.resolve(path);
  }

  stands(path: string): boolean {
    return this.#sim.files.has(path);
  }

  openTail(path: string): Tail {
    const node = this.#sim.files.get(path) ?? { bytes: Buffer.alloc(0) };
    if (!this.isDead) this.#sim.files.set(path, node);
    return {
      write: (bytes) => {
        this.#append(node, bytes);
      },
      sync: () => undefined,
      close: () => undefined,
    };
  }

  /** A kill may come in the middle of a write. */
  #append(node: { bytes: Buffer }, bytes: Uint8Array): void {
    if (this.isDead) throw systemError('ESRCH', 'dead');
    const killed = this.#sim.below(this.dyingWrites) === 0;
    const written = killed ? bytes.subarray(0, this.#sim.below(bytes.length + 1)) : bytes;
    node.bytes = Buffer.concat([node.bytes, written]);
    if (!killed) return;
    this.die();
    throw systemError('ESRCH', 'killed');
  }

  #node(path: string): { bytes: Buffer } {
    const node = this.#sim.files.get(path);
    if (node === undefined) throw systemError('ENOENT', path);
    return node;
  }

  #turn<T>(effect: () => T, at = 0, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.isDead) return;
      const turn = { window: this, at, isAnswer: false, effect, resolve, reject };
      this.#sim.add(turn);
      signal?.addEventListener('abort', () => {
        this.#sim.without(turn);
        reject(new Error('aborted'));
      });
    });
  }
}

/** mulberry32, a small generator of the public domain. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
