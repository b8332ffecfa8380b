/**
 * The file operations that memory hangs on, one call each, so that a simulator can cut the power between any two of
 * them. Errors carry the system's `code` (`ENOENT`, `EEXIST`, `ENOSPC` …). What is not synced may be lost by a power
 * cut: a file's bytes until `sync` of the file, a name until `syncFolder` of the folder it stands in.
 */
export interface Files {
  read(path: string): Promise<Buffer>;
  /** Names in a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** With those above it; one that is there already is left as it is. */
  makeFolder(folder: string, mode: number): Promise<void>;
  /** Writes a whole new file; rejects with `EEXIST` when there is one. */
  create(path: string, data: string | Uint8Array, mode: number): Promise<void>;
  sync(path: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
  /** A second name for a file; rejects with `EEXIST` when the name is taken, in one step. */
  link(path: string, name: string): Promise<void>;
  /** Takes the place of what bears the new name, in one step. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Removes an empty folder; rejects with `ENOTEMPTY` when there is something in it. */
  removeFolder(folder: string): Promise<void>;
  /** Where a path leads when every symlink is followed. */
  realPath(path: string): Promise<string>;
  truncate(path: string, bytes: number): Promise<void>;
  /** Opens a file to grow at its end, made when it is not there. */
  openTail(path: string, mode: number): Tail;
  /** Whether anything bears this name now. Synchronous, for the look between a sync and its answer. */
  stands(path: string): boolean;
}

/** The growing end of a file. Synchronous: for a lone append a thread pool's round trip costs more than it frees. */
export interface Tail {
  /** Writes all bytes at the end, or throws; after a throw some of them may stand there. */
  write(bytes: Uint8Array): void;
  /** Returns when the file's bytes are on disk, or throws. */
  sync(): void;
  close(): void;
}
