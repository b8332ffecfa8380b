import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createDurably } from '../../system/durableFile.ts';
import { codeOf } from '../../system/errorCode.ts';
import { type RehearsalAddress, addressFileIn, isLive, readAddress, writtenAddress } from './address.ts';

/** Two windows that start at once need one more try each; more than a few means that the folder is odd. */
const tries = 20;

/**
 * Writes our address into the home unless a live server of the same playbook has it; returns the address that holds.
 * Only one of any number of processes wins.
 */
export async function claim(
  home: string,
  mine: RehearsalAddress,
  playbook: string,
): Promise<RehearsalAddress> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  for (let tried = 0; tried < tries; tried += 1) {
    const text = `${JSON.stringify(mine)}\n`;
    if (await createDurably(addressFileIn(home), text, { mode: 0o600 })) return mine;
    const other = await writtenAddress(home);
    if (other !== null && (await isLive(other, playbook))) return other;
    await setAside(home, other, mine.pid);
  }
  throw new Error(`${addressFileIn(home)} cannot be claimed.`);
}

/** Takes a dead server's file away, and puts it back when a live one wrote it in between. */
async function setAside(home: string, dead: RehearsalAddress | null, pid: number): Promise<void> {
  const aside = `${addressFileIn(home)}.${pid}.old`;
  try {
    await rename(addressFileIn(home), aside);
  } catch (error) {
    // Somebody else was quicker.
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const text = await readFile(aside, 'utf8');
  const moved = readAddress(text);
  if (moved !== null && moved.pid !== dead?.pid)
    await createDurably(addressFileIn(home), text, { mode: 0o600 });
  await rm(aside, { force: true });
}

/** Takes our own file away; another's stays. */
export async function giveUp(home: string, pid: number): Promise<void> {
  if ((await writtenAddress(home))?.pid === pid) await rm(addressFileIn(home), { force: true });
}
