import { join } from 'node:path';
import type { HostIdentity } from '../ports/host.ts';
import type { Place } from './place.ts';
import { type OwnerRecord, storeSchema } from './records.ts';

/**
 * What an owner leaves in the folder beside its claim. A claim is never written again, so nobody brings one back that
 * a successor removed: what changes has a file of its own.
 */
export type OwnerFile = 'owner' | 'released' | 'hosting' | 'pulse';

const endings: Readonly<Record<OwnerFile, string>> = {
  owner: '.json',
  released: '.json',
  hosting: '',
  pulse: '',
};
const pattern = /^(owner|released|hosting|pulse)-(\d+)(\.json)?$/;

export function ownerFile({ folder }: Place, which: OwnerFile, epoch: number): string {
  return join(folder, `${which}-${String(epoch)}${endings[which]}`);
}

/** Epochs of the files of a kind among the names of a folder, ascending. */
export function epochsAmong(names: readonly string[], which: OwnerFile): readonly number[] {
  const epochs = names.flatMap((name) => {
    const match = pattern.exec(name);
    return match?.[1] === which && (match[3] ?? '') === endings[which] ? [Number(match[2])] : [];
  });
  return epochs.sort((a, b) => a - b);
}

/** Stands before the first claim: a claim counts only while the one stands that it was made upon. */
export function nobody(at: number): OwnerRecord {
  const identity: HostIdentity = { pid: 0, startTime: '', boot: '', pidSpace: '', machine: '' };
  return { schema: storeSchema, ...identity, window: '', released: true, at };
}
