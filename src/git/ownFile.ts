import { rm } from 'node:fs/promises';
import path from 'node:path';
import { GitError } from '../ports/git.ts';

/** Locks of git, and indexes of Rigs' own with theirs: nothing that anybody's work is in. */
const own = /^(locked|(index|HEAD|lease)\.lock|rigs-(snapshot|follow)-[\w-]+(\.lock)?)$/;

/** Takes away a file of no worth, if it is there; throws for one of another name, whatever is asked. */
export async function dropOwnFile(file: string): Promise<void> {
  if (!own.test(path.basename(file))) throw new GitError('failed', `${file} is not a file to be dropped.`);
  await rm(file, { force: true });
}
