import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { longestConfig } from '../../config/configFile.ts';
import { codeOf } from '../../system/errorCode.ts';

export type ConfigText =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** outside: it leads out of its repository · not_a_file: a pipe, a folder · error: as the disk says. */
  | {
      readonly kind: 'unread';
      readonly why: 'outside' | 'not_a_file' | 'too_long' | 'not_text' | 'error';
      readonly message: string;
    };

/** Reads a configuration file that anybody may have put there. `within`: the folder it must really lie in. */
export async function readConfigFile(file: string, within: string | null): Promise<ConfigText> {
  try {
    if (within !== null && !(await liesWithin(file, within))) return unread('outside');
    // A pipe would else keep whoever opens it waiting for ever.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return unread('not_a_file');
      if (found.size > longestConfig) return unread('too_long');
      return textOf(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'none' };
    return unread('error', error instanceof Error ? error.message : String(error));
  }
}

async function liesWithin(file: string, folder: string): Promise<boolean> {
  const inside = path.relative(await realpath(folder), await realpath(file));
  return inside !== '' && !path.isAbsolute(inside) && inside.split(path.sep)[0] !== '..';
}

function textOf(bytes: Buffer): ConfigText {
  // It may have grown since it was looked at.
  if (bytes.length > longestConfig) return unread('too_long');
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return unread('not_text');
    throw error;
  }
}

function unread(why: Extract<ConfigText, { kind: 'unread' }>['why'], message = ''): ConfigText {
  return { kind: 'unread', why, message };
}
