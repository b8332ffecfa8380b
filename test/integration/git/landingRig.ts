import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LandingMessage, LandingStyle, MergeResult, ToMerge } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, id } from './sandbox.ts';

export const message: LandingMessage = {
  subject: 'Sort the shelves',
  body: 'By weight.',
  trailers: [
    ['Bead', 'gt-00001'],
    ['Agent', 'nux'],
  ],
};
/** Some instant. */
export const at = 1_800_000_000_000;

export function wanted(head: CommitId, style: LandingStyle = 'merge', more: Partial<ToMerge> = {}): ToMerge {
  return { head, style, message, at, ...more };
}

export type Merged = Extract<MergeResult, { readonly ok: true }>;
export type Conflict = Extract<MergeResult, { readonly ok: false }>;

/** Somebody's commit of a tree with a message of their own, on any parents. */
export async function written(
  box: Sandbox,
  tree: string,
  parents: readonly CommitId[],
  text: string,
): Promise<CommitId> {
  const from = parents.flatMap((parent) => ['-p', parent]);
  return id(await box.person('commit-tree', tree, ...from, '-m', text));
}

/** A commit whose tree is the parent's and these entries, `<mode> <object>` by name; null takes one away. */
export async function withEntries(
  box: Sandbox,
  parent: CommitId,
  entries: Readonly<Record<string, string | null>>,
): Promise<CommitId> {
  const env = { ...process.env, GIT_INDEX_FILE: path.join(box.folder, 'index of a tree') };
  const run = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', [...args], { cwd: box.root, env })).stdout.trim();
  await run('read-tree', parent);
  for (const [name, entry] of Object.entries(entries)) {
    if (entry === null) await run('update-index', '--force-remove', '--', name);
    else await run('update-index', '--add', '--cacheinfo', `${entry.replace(' ', ',')},${name}`);
  }
  return written(box, await run('write-tree'), [parent], 'entries');
}
