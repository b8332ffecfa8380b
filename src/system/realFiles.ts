import { closeSync, fdatasyncSync, lstatSync, openSync, writeSync } from 'node:fs';
import {
  link,
  mkdir,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rmdir,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import type { Files, Tail } from '../ports/files.ts';

/** The machine's own file system. */
export const realFiles: Files = {
  read: (path) => readFile(path),
  list: (folder) => readdir(folder),
  makeFolder: async (folder, mode) => {
    await mkdir(folder, { recursive: true, mode });
  },
  create: (path, data, mode) => writeFile(path, data, { flag: 'wx', mode }),
  // Opened to write: Windows flushes no file that is open to read only.
  sync: (path) => syncAt(path, 'r+'),
  // Windows has no such call and needs none.
  syncFolder: (folder) => (process.platform === 'win32' ? Promise.resolve() : syncAt(folder, 'r')),
  link,
  rename,
  unlink,
  removeFolder: rmdir,
  realPath: (path) => realpath(path),
  truncate,
  openTail,
  stands: (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
};

async function syncAt(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function openTail(path: string, mode: number): Tail {
  const fd = openSync(path, 'a', mode);
  return {
    write: (bytes) => {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    },
    sync: () => {
      fdatasyncSync(fd);
    },
    close: () => {
      closeSync(fd);
    },
  };
}
