import type { Files, Tail } from '../../src/ports/files.ts';
import { realFiles } from '../../src/system/realFiles.ts';

/** An error as the system makes it. */
export function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

/** The real file system, with the growing ends of the journal counted, and failing when it is told to. */
export class WatchedFiles implements Files {
  /** Syncs of growing ends. */
  syncs = 0;
  /** Bytes that still go onto growing ends before the disk is full. */
  room = Infinity;
  failSync = false;
  /** Called before each operation with its first two arguments; what it throws is what the operation fails with. */
  before: (operation: keyof Files, path: string, second?: unknown) => void = () => undefined;

  /** Called when a growing end is closed; what it throws is what the system says, as NFS does, of a file that is closed. */
  closed: (path: string) => void = () => undefined;

  readonly makeFolder = this.#asked('makeFolder');
  readonly create = this.#asked('create');
  readonly sync = this.#asked('sync');
  readonly syncFolder = this.#asked('syncFolder');
  readonly link = this.#asked('link');
  readonly rename = this.#asked('rename');
  readonly unlink = this.#asked('unlink');
  readonly removeFolder = this.#asked('removeFolder');
  readonly truncate = this.#asked('truncate');

  read(path: string): Promise<Buffer> {
    return this.#looked('read', path);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#looked('list', folder);
  }

  realPath(path: string): Promise<string> {
    return this.#looked('realPath', path);
  }

  stands(path: string): boolean {
    this.before('stands', path);
    return realFiles.stands(path);
  }

  openTail(path: string, mode: number): Tail {
    this.before('openTail', path);
    const tail = realFiles.openTail(path, mode);
    const close = (): void => {
      tail.close();
      this.closed(path);
    };
    // The feed's end is never synced and costs nobody a promise.
    if (path.endsWith('feed.jsonl')) return { ...tail, close };
    return {
      write: (bytes) => {
        const fits = bytes.subarray(0, Math.min(bytes.length, this.room));
        tail.write(fits);
        this.room -= fits.length;
        if (fits.length < bytes.length) throw systemError('ENOSPC', 'no space left on device, write');
      },
      sync: () => {
        this.syncs += 1;
        if (this.failSync) throw systemError('EIO', 'i/o error, fdatasync');
        tail.sync();
      },
      close,
    };
  }

  async #looked<K extends 'read' | 'list' | 'realPath'>(
    operation: K,
    path: string,
  ): Promise<Awaited<ReturnType<Files[K]>>> {
    this.before(operation, path);
    return (await realFiles[operation](path)) as Awaited<ReturnType<Files[K]>>;
  }

  #asked<K extends Asked>(operation: K): Files[K] {
    const real = realFiles[operation] as (path: string, ...rest: readonly unknown[]) => Promise<void>;
    return async (path: string, ...rest: readonly unknown[]) => {
      this.before(operation, path, rest[0]);
      await real(path, ...rest);
    };
  }
}

type Asked =
  | 'makeFolder'
  | 'create'
  | 'sync'
  | 'syncFolder'
  | 'link'
  | 'rename'
  | 'unlink'
  | 'removeFolder'
  | 'truncate';
