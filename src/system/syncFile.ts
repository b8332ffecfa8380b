import { chmod, open } from 'node:fs/promises';

/** Brings a file that nobody may write (git's objects are such) onto the disk; returns its bytes. */
export async function syncReadOnly(file: string): Promise<number> {
  // Windows flushes no file that is open to read only.
  if (process.platform !== 'win32') return syncAt(file, 'r');
  await chmod(file, 0o666);
  try {
    return await syncAt(file, 'r+');
  } finally {
    await chmod(file, 0o444);
  }
}

async function syncAt(file: string, flags: 'r' | 'r+'): Promise<number> {
  const handle = await open(file, flags);
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
