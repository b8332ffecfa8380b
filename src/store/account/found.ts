import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createDurably } from '../../system/durableFile.ts';
import { bytesIfThere } from '../../system/readIfThere.ts';
import { unlinkIfThere } from '../../system/unlinkIfThere.ts';
import type { Place } from '../place.ts';
import { fileMode } from '../records.ts';
import { seal } from '../sealedLine.ts';
import { beginJournal } from './journal.ts';
import { damaged, notWritable } from './problems.ts';
import { accountSchema, deedOf } from './records.ts';

/** Says that the account was made; from then on what is missing is missing. */
export const deedName = 'account.json';

/** Makes the account when there is none, and says by which nonce its turns are named. */
export async function foundAccount(place: Place): Promise<string> {
  const { files, folder } = place;
  const path = join(folder, deedName);
  for (;;) {
    const bytes = await bytesIfThere(path, files).catch((error: unknown) => {
      throw damaged(path, 'it cannot be read', error);
    });
    if (bytes !== null) return deedOf(path, bytes).turn;
    const turn = randomBytes(6).toString('hex');
    const token = join(folder, `turn-${turn}-0-free`);
    await beginJournal(place);
    // Everything is there before the deed says so, and of several who found the account one deed counts.
    const mine = await writing(path, async () => {
      await files.create(token, '', fileMode);
      await files.sync(token);
      return createDurably(path, seal({ schema: accountSchema, turn }), { mode: fileMode, files });
    });
    if (!mine) await unlinkIfThere(files, token);
  }
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw notWritable(path, error);
  }
}
