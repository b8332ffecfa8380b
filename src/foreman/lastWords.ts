import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readIfThere } from '../system/readIfThere.ts';
import type { PolecatId } from '../town/ids.ts';
import type { Places } from './places.ts';

/** More of it is not quoted. */
const most = 8_000;

/** Keeps what a vendor's agent said last, for a hand-over; lost, it is missed and nothing else. */
export async function keepLastWords(
  places: Pick<Places, 'agent'>,
  polecat: PolecatId,
  text: string,
): Promise<void> {
  const folder = places.agent(polecat);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(fileIn(folder), text.slice(-most), { mode: 0o600 });
}

/** Null: it said nothing. */
export function readLastWords(places: Pick<Places, 'agent'>, polecat: PolecatId): Promise<string | null> {
  return readIfThere(fileIn(places.agent(polecat)));
}

function fileIn(folder: string): string {
  return path.join(folder, 'last-words.txt');
}
