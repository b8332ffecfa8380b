/** Terminals without an editor: each program is a process of its own, and what it prints is kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { TerminalClosed, TerminalSpec, Terminals } from '../../src/ports/terminals.ts';
import type { PolecatId, Token } from '../../src/town/ids.ts';
import { answering, onTerminal } from './terminalProgram.ts';

export interface SpawnedOptions {
  /** Gives every program a real terminal, as full-screen programs need it. */
  readonly tty?: boolean;
  /** What the programs inherit; by default this process's own environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export class SpawnedTerminals implements Terminals {
  readonly #children = new Map<PolecatId, ChildProcess>();
  readonly #listeners = new Set<(closed: TerminalClosed) => void>();
  readonly printed = new Map<PolecatId, string>();
  readonly specs: TerminalSpec[] = [];
  readonly #options: SpawnedOptions;

  constructor(options: SpawnedOptions = {}) {
    this.#options = options;
  }

  open(spec: TerminalSpec): Promise<void> {
    this.specs.push(spec);
    const { tty = false, env: inherited = process.env } = this.#options;
    const { file, args } = tty ? onTerminal(spec) : spec;
    const without = Object.fromEntries((spec.without ?? []).map((name) => [name, undefined]));
    const env = {
      ...inherited,
      ...without,
      ...spec.env,
      ...(tty ? { SHELL: '/bin/sh', TERM: 'xterm-256color' } : {}),
    };
    const child = spawn(file, [...args], { cwd: spec.cwd, env, stdio: 'pipe', detached: true });
    this.#children.set(spec.polecat, child);
    const answers = answering();
    // What it asks in its last moment nobody hears the answer to.
    child.stdin.on('error', () => undefined);
    if (tty) child.stdout.on('data', (bytes: Buffer) => child.stdin.write(answers(bytes.toString())));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        this.printed.set(spec.polecat, (this.printed.get(spec.polecat) ?? '') + bytes.toString());
      });
    }
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  }

  /** What a person does with the bin icon: the terminal goes, and with it its process is hung up. */
  closeByPerson(polecat: PolecatId, token: Token): void {
    for (const listener of this.#listeners) listener({ polecat, token, byPerson: true });
    this.#children.get(polecat)?.kill('SIGHUP');
  }

  adopt(): Promise<boolean> {
    return Promise.resolve(true);
  }

  show(polecat: PolecatId): boolean {
    return this.#children.has(polecat);
  }

  type(polecat: PolecatId, _token: Token, text: string): Promise<'typed' | 'gone'> {
    const child = this.#children.get(polecat);
    child?.stdin?.write(`${text}\n`);
    return Promise.resolve(child === undefined ? 'gone' : 'typed');
  }

  /** Keys of a person at that terminal, as they are sent: Enter is `\\r`. */
  press(polecat: PolecatId, keys: string): void {
    this.#children.get(polecat)?.stdin?.write(keys);
  }

  close(polecat: PolecatId): Promise<void> {
    this.#children.get(polecat)?.kill('SIGHUP');
    return Promise.resolve();
  }

  onClosed(listener: (closed: TerminalClosed) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }
}
