import { rm } from 'node:fs/promises';
import path from 'node:path';
import { exists } from './place.ts';
import { textIn } from './worktrees.ts';

/** Rigs' own: lies there from before a person's merge begins until it is over, and names where it began. */
export const beganName = 'rigs-merge';

/** Git's notes on a merge, pick or revert that waits for its commit. */
const waiting = [
  beganName,
  'MERGE_HEAD',
  'MERGE_MODE',
  'MERGE_MSG',
  'AUTO_MERGE',
  'SQUASH_MSG',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
];
/** Git's notes on commits that are still to be replayed. */
const replaying = ['rebase-merge', 'rebase-apply', 'sequencer'];

/** The commits that a merge under way brings in. */
export async function mergedIn(admin: string): Promise<readonly string[]> {
  const lines = ((await textIn(path.join(admin, 'MERGE_HEAD'))) ?? '').split('\n');
  return lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
}

/** Called once the commit is made that they waited for. */
export async function endWaiting(admin: string): Promise<void> {
  await dropNotes(admin, waiting);
}

/** Whether commits are still to be replayed there. */
export async function isReplaying(admin: string): Promise<boolean> {
  const there = await Promise.all(replaying.map((name) => exists(path.join(admin, name))));
  return there.includes(true);
}

/** Ends a replay where it stands; files and index stay. */
export async function endReplay(admin: string): Promise<void> {
  await dropNotes(admin, replaying);
}

async function dropNotes(admin: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(path.join(admin, name), { recursive: true, force: true });
}
