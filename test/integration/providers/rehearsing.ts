import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RehearsalAddress } from '../../../src/providers/rehearsal/address.ts';
import { type RehearsalStart, startRehearsal } from '../../../src/providers/rehearsal/launch.ts';

export const script = path.join(import.meta.dirname, '../../../src/providers/rehearsal/main.ts');

/** A home for rehearsals whose servers end with it. */
export class Rehearsing {
  readonly folder: string;
  readonly #pids = new Set<number>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Rehearsing> {
    return new Rehearsing(await mkdtemp(path.join(tmpdir(), 'rigs rehearsal ')));
  }

  async playbook(book: unknown): Promise<string> {
    const file = path.join(this.folder, 'test.playbook.json');
    await writeFile(file, typeof book === 'string' ? book : JSON.stringify(book));
    return file;
  }

  async start(playbook: string, changes: Partial<RehearsalStart> = {}): Promise<RehearsalAddress> {
    const address = await startRehearsal({
      home: path.join(this.folder, 'home'),
      playbook,
      execPath: process.execPath,
      script,
      env: {},
      speed: 100,
      ...changes,
    });
    this.#pids.add(address.pid);
    return address;
  }

  end(pid: number): void {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }

  async close(): Promise<void> {
    for (const pid of this.#pids) this.end(pid);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Polls until something holds; fails after the deadline. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 25_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('It did not come to pass in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
