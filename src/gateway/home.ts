import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';
import { DoorError } from './doorError.ts';
import { doorFile, protocolVersion } from './protocol.ts';
import type { DoorFile, WrittenDoor } from './protocol.ts';
import { newSecret } from './tokens.ts';

/** In the folder that `RIGS_HOME` names: where the door is now. */
const doorName = 'door.json';
/**
 * Beside that folder, because every agent is handed it: the person's own secret. An agent that runs as the person can
 * read whatever they can, but it must go and look for this one.
 */
const personFolder = 'person';
const personName = 'token';

/** The state folder that a door's folder stands in. */
export function stateFolderOf(home: string): string {
  return path.dirname(home);
}

/** Makes the folder, for its owner's eyes only. */
export async function prepareHome(home: string): Promise<void> {
  await makePrivate(home);
}

async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // It may stand there from before with wider rights.
  await chmod(folder, 0o700);
}

export async function writeDoor(home: string, door: WrittenDoor): Promise<void> {
  await writeDurably(path.join(home, doorName), `${JSON.stringify(door)}\n`, { mode: 0o600 });
}

/** Null when no door stands open. Throws DoorError `other_version`, and when the file makes no sense. */
export async function readDoor(home: string): Promise<DoorFile | null> {
  const text = await readIfThere(path.join(home, doorName));
  if (text === null) return null;
  const given: unknown = JSON.parse(text);
  const { version } = v.parse(v.looseObject({ version: v.number() }), given);
  if (version !== protocolVersion) throw otherVersion(version);
  return v.parse(doorFile, given);
}

function otherVersion(version: number): DoorError {
  return new DoorError(
    'other_version',
    `The window that runs this rig speaks version ${String(version)} of the door's protocol, this program version ${String(protocolVersion)}. Reload the window, so that both are of one Rigs.`,
  );
}

/** Takes the address back, unless another door has put its own there meanwhile. */
export async function removeDoor(home: string, { key }: Pick<DoorFile, 'key'>): Promise<void> {
  const now = await readDoor(home);
  if (now?.key === key) await rm(path.join(home, doorName), { force: true });
}

/** The person's secret for the door of this home, made at first use. */
export async function ensurePersonToken(home: string): Promise<string> {
  const known = await readPersonToken(home);
  if (known !== null) return known;
  const secret = newSecret();
  const file = personFile(home);
  await makePrivate(path.dirname(file));
  await writeDurably(file, secret, { mode: 0o600 });
  return secret;
}

export async function readPersonToken(home: string): Promise<string | null> {
  const text = (await readIfThere(personFile(home)))?.trim() ?? '';
  return text === '' ? null : text;
}

function personFile(home: string): string {
  return path.join(stateFolderOf(home), personFolder, personName);
}
