import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';
import { doorFile } from './protocol.ts';
import type { DoorFile } from './protocol.ts';
import { newSecret } from './tokens.ts';

/** The folder `RIGS_HOME` names: where the door is now, and the person's own secret for it. */
const doorName = 'door.json';
const personName = 'person.token';

/** Makes the folder, for its owner's eyes only. */
export async function prepareHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  // It may stand there from before with wider rights.
  await chmod(home, 0o700);
}

export async function writeDoor(home: string, door: DoorFile): Promise<void> {
  await writeDurably(path.join(home, doorName), `${JSON.stringify(door)}\n`, { mode: 0o600 });
}

/** Null when no door stands open. Throws when the file is there and makes no sense. */
export async function readDoor(home: string): Promise<DoorFile | null> {
  const text = await readIfThere(path.join(home, doorName));
  return text === null ? null : v.parse(doorFile, JSON.parse(text));
}

/** Takes the address back, unless another door has put its own there meanwhile. */
export async function removeDoor(home: string, address: string): Promise<void> {
  const now = await readDoor(home);
  if (now?.address === address) await rm(path.join(home, doorName), { force: true });
}

/** The person's secret, made at first use. */
export async function ensurePersonToken(home: string): Promise<string> {
  const known = await readPersonToken(home);
  if (known !== null) return known;
  const secret = newSecret();
  await writeDurably(path.join(home, personName), secret, { mode: 0o600 });
  return secret;
}

export async function readPersonToken(home: string): Promise<string | null> {
  const text = (await readIfThere(path.join(home, personName)))?.trim() ?? '';
  return text === '' ? null : text;
}
