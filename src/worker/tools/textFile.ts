import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';
import type { Place } from './confine.ts';
import { ToolError } from './toolError.ts';

const maxBytes = 10 * 1024 * 1024;
/** As git does: a NUL among the first bytes makes a file binary. */
const looksAt = 8_000;

/** A file's text, exactly as it is (a byte order mark stays). Throws `ToolError` for what is not UTF-8 text. */
export async function readText(place: Place): Promise<string> {
  if (place.kind === 'none') throw new ToolError(`${place.shown}: there is no such file.`);
  if (place.kind === 'folder') throw new ToolError(`${place.shown}: it is a folder.`);
  const text = decode(await bytesOf(place));
  if (text === null) throw new ToolError(`${place.shown}: it is not a text file.`);
  return text;
}

/** Null for bytes that are not UTF-8 text. */
export function decode(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, looksAt).includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder's only complaint is a byte that is not UTF-8.
    return null;
  }
}

async function bytesOf({ path: file, shown }: Place): Promise<Buffer> {
  // Neither follows a link that was put there meanwhile, nor waits for a pipe's other end. (Windows has neither flag.)
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new ToolError(`${shown}: it is not a file.`);
    if (stats.size > maxBytes) throw new ToolError(`${shown}: it is larger than 10 MiB.`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces or creates a file in one step, with the folders above it. Through a new file, so that a link put in its
 * place meanwhile is replaced and not followed, and a name shared with a package store keeps its content there.
 */
export async function writeText(place: Place, content: string): Promise<void> {
  if (place.kind === 'folder') throw new ToolError(`${place.shown}: it is a folder.`);
  const draft = path.join(path.dirname(place.path), `.rigs-${randomBytes(6).toString('hex')}.draft`);
  try {
    await mkdir(path.dirname(place.path), { recursive: true });
    const handle = await open(draft, 'wx');
    try {
      await fill(handle, place, content);
    } finally {
      await handle.close();
    }
    await rename(draft, place.path);
  } catch (error) {
    await rm(draft, { force: true });
    const why = refusals[String(codeOf(error))];
    throw why === undefined ? error : new ToolError(`${place.shown}: ${why}`, { cause: error });
  }
}

async function fill(handle: FileHandle, place: Place, content: string): Promise<void> {
  await handle.writeFile(content, 'utf8');
  if (place.kind === 'file') await handle.chmod((await stat(place.path)).mode & 0o777);
}

const refusals: Readonly<Partial<Record<string, string>>> = {
  EACCES: 'it may not be written.',
  EPERM: 'it may not be written.',
  EROFS: 'it may not be written.',
  ENOSPC: 'the disk is full.',
  ENAMETOOLONG: 'its name is too long.',
  ENOTDIR: 'a part of this path is a file, not a folder.',
};
