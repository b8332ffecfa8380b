import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Tail } from '../../ports/files.ts';
import type { Host } from '../../ports/host.ts';
import type { Holder } from '../../town/account.ts';
import { bytesIfThere } from '../../system/readIfThere.ts';
import { unlinkIfThere } from '../../system/unlinkIfThere.ts';
import type { Place } from '../place.ts';
import { fileMode } from '../records.ts';
import { seal } from '../sealedLine.ts';
import { accountSchema, cardOf } from './records.ts';

/** Writes down who this process is, before it takes a turn under the id. */
export async function writeCard({ files, folder }: Place, host: Host): Promise<Holder> {
  const holder = { id: randomBytes(6).toString('hex'), ...(await host.me()) };
  const path = cardPath(folder, holder.id);
  await files.create(path, seal({ schema: accountSchema, ...holder }), fileMode);
  await files.sync(path);
  return holder;
}

/** Null: nothing is known of who has this id. */
export async function readCard({ files, folder }: Place, id: string): Promise<Holder | null> {
  const bytes = await bytesIfThere(cardPath(folder, id), files);
  return bytes === null ? null : cardOf(bytes);
}

export async function removeCard({ files, folder }: Place, id: string): Promise<void> {
  await unlinkIfThere(files, beatPath(folder, id));
  await unlinkIfThere(files, cardPath(folder, id));
}

/** Removes the cards of processes that are surely dead, unless a turn still bears their id. */
export async function removeDeadCards(place: Place, host: Host): Promise<void> {
  for (const id of idsIn(await place.files.list(place.folder))) {
    const card = await readCard(place, id);
    if (card === null || (await host.isAlive(card)) !== 'dead') continue;
    // Looked at after its death, when it can take no turn any more.
    const bearsTurn = (await place.files.list(place.folder)).some((name) => name.endsWith(`-${id}`));
    if (!bearsTurn) await removeCard(place, id);
  }
}

/** A file that grows while a holder lives, for those who cannot see its process. */
export function openBeat({ files, folder }: Place, id: string): Tail {
  return files.openTail(beatPath(folder, id), fileMode);
}

/** How often a holder's beat moved; 0 when it never did. */
export async function beatsOf({ files, folder }: Place, id: string): Promise<number> {
  return (await bytesIfThere(beatPath(folder, id), files))?.length ?? 0;
}

function idsIn(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => /^holder-([0-9a-f]{12})\.json$/.exec(name)?.[1] ?? []);
}

function cardPath(folder: string, id: string): string {
  return join(folder, `holder-${id}.json`);
}

function beatPath(folder: string, id: string): string {
  return join(folder, `holder-${id}.beat`);
}
