import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { findProgram } from '../../system/findProgram.ts';
import type { CheckDefinition } from '../../town/check.ts';
import { checkEnvironment } from './environment.ts';
import { hashChecks } from './hash.ts';

/**
 * By what a green run counts for the same tree and for no other: the definitions, and the programs that they start (where
 * each is, how large, and when it was written). What a program reads besides is in the tree, or in its lock file there.
 */
export async function basisOf(definitions: readonly CheckDefinition[]): Promise<string> {
  const programs = await Promise.all(definitions.map(printOf));
  const print = JSON.stringify([hashChecks(definitions), process.platform, process.arch, programs]);
  return createHash('sha256').update(print).digest('hex').slice(0, 32);
}

/** One that is named by a path is in the tree, or where the person says. One that is nowhere says so when it runs. */
async function printOf({ command, env }: CheckDefinition): Promise<readonly (string | number)[]> {
  const found = /[\\/]/.test(command) ? null : await findProgram(command, checkEnvironment(process.env, env));
  if (found === null) return [command];
  const file = await realpath(found);
  const { size, mtimeMs } = await stat(file);
  return [file, size, Math.round(mtimeMs)];
}
