import type { Host } from '../ports/host.ts';
import { type OwnerRecord, printRecord } from './records.ts';

/**
 * Claims that a process let go without being able to write it down (a full disk, a permission that was lost). It
 * knows of them itself, so that it can open the rig again; others see that it is gone when its process ends. Known by
 * their very words: under the same name another process may have claimed.
 */
const unwritten = new WeakMap<Host, Set<string>>();

export function letGo(host: Host, path: string, claim: OwnerRecord): void {
  const claims = unwritten.get(host) ?? new Set();
  unwritten.set(host, claims.add(key(path, claim)));
}

/** The same claim was made after all. */
export function holdsOn(host: Host, path: string, claim: OwnerRecord): void {
  unwritten.get(host)?.delete(key(path, claim));
}

export function hasLetGo(host: Host, path: string, claim: OwnerRecord): boolean {
  return unwritten.get(host)?.has(key(path, claim)) === true;
}

function key(path: string, claim: OwnerRecord): string {
  return `${path}\n${printRecord(claim)}`;
}
