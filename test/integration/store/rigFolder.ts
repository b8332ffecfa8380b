import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { type StoreOptions, openStore } from '../../../src/store/open.ts';
import { ManualClock } from '../../fakes/manualClock.ts';

/** A temporary place with the common git directory of a repository and a storage of the editor's. */
export class RigFolder {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), 'rigs-store-')));
  readonly commonDir = join(this.place, 'repo', '.git');
  readonly storageRoot = join(this.place, 'storage');
  readonly pointer = join(this.commonDir, 'rigs', 'home.json');
  readonly clock = new ManualClock();
  readonly #open: Store[] = [];

  async make(): Promise<this> {
    await mkdir(this.commonDir, { recursive: true });
    return this;
  }

  /** Opens the repository, or another one that shares the storage; what is left open is closed by `remove`. */
  async open(options: Partial<StoreOptions> = {}): Promise<Store> {
    const { commonDir, storageRoot, clock } = this;
    const store = await openStore({ commonDir, storageRoot, clock, ...options });
    return this.keep(store);
  }

  /** Closes it too in the end. */
  keep(store: Store): Store {
    this.#open.push(store);
    return store;
  }

  async closeAll(): Promise<void> {
    for (const store of this.#open.splice(0)) await store.close();
  }

  async remove(): Promise<void> {
    await this.closeAll();
    rmSync(this.place, { recursive: true, force: true });
  }
}

/** Names in a folder that match, sorted. */
export async function namesIn(folder: string, pattern: RegExp): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
}

/** Every file of a folder with its bytes, to see that nothing was touched. */
export async function bytesIn(folder: string, pattern = /./): Promise<Readonly<Record<string, string>>> {
  const names = await namesIn(folder, pattern);
  const entries = names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Changes one bit of a file; `at` counts bytes, from the end when negative. */
export async function flipBit(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
