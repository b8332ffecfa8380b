import { join } from 'node:path';
import { copyInto, makeFolderDurably } from './folders.ts';
import type { Home } from './home.ts';
import { writeDeed } from './home.ts';
import type { Place } from './place.ts';
import { storeSchema } from './records.ts';

/** Files that say what the rig is; the rest (outputs, transcripts, the feed) does not change its shape. */
const copied = /^(rig\.json|journal-\d+\.jsonl|snapshot-\d+\.(json|sqlite))$/;

/**
 * Brings a rig of an older schema to this one's, once it is owned. Older files stay as they are and are read with
 * upcasters, so that all there is to change is the one that older Rigs look at; a copy of them is kept beside.
 */
export async function migrate(place: Place, home: Home): Promise<void> {
  if (home.schema >= storeSchema) return;
  const { files, folder } = place;
  const before = join(folder, `before-schema-${String(storeSchema)}`);
  await makeFolderDurably(files, before);
  for (const name of await files.list(folder)) {
    if (copied.test(name)) await copyInto(files, join(folder, name), before);
  }
  await writeDeed(files, home);
}
