import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { type Memory, MemoryStore } from '../../fakes/memoryStore.ts';
import { type Subject, storeContract } from './contract.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

storeContract('in memory, for tests', () => {
  const memory: Memory = { journal: [], feed: [] };
  return Promise.resolve({
    store: new MemoryStore(memory),
    reopen: () => Promise.resolve(new MemoryStore(memory)),
    remove: () => Promise.resolve(),
  });
});

const onDisk = (between: (store: Store) => Promise<void>) => async (): Promise<Subject> => {
  const rig = await new RigFolder().make();
  const store = await rig.open();
  const reopen = async (): Promise<Store> => {
    await store.close();
    await between(store);
    return rig.open();
  };
  return { store, reopen, remove: () => rig.remove() };
};

storeContract(
  'on disk',
  onDisk(() => Promise.resolve()),
);
storeContract(
  'on disk, its journal alone',
  onDisk(async ({ folder }) => {
    for (const name of await namesIn(folder, /^snapshot-/)) await rm(join(folder, name));
  }),
);
