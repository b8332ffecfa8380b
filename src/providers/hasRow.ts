import { open } from 'node:fs/promises';
import { codeOf } from '../system/errorCode.ts';

/**
 * Whether a conversation's file holds a row of one of these types. Vendors begin it with notes of their own, and one
 * that was killed at once left no more; to go on with that one they refuse. False for no file; a torn row is none.
 */
export async function hasRow(file: string, types: readonly string[]): Promise<boolean> {
  let handle;
  try {
    handle = await open(file);
    for await (const line of handle.readLines({ autoClose: false }))
      if (types.includes(typeOf(line))) return true;
    return false;
  } catch (error) {
    if (missing.includes(codeOf(error))) return false;
    throw error;
  } finally {
    await handle?.close();
  }
}

const missing: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

function typeOf(line: string): string {
  try {
    const { type } = Object(JSON.parse(line)) as { readonly type?: unknown };
    return typeof type === 'string' ? type : '';
  } catch (error) {
    if (error instanceof SyntaxError) return '';
    throw error;
  }
}
