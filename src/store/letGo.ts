import type { Host } from '../ports/host.ts';

/**
 * Claims that a process let go without being able to write it down (a full disk, a permission that was lost). It
 * knows of them itself, so that it can open the rig again; others see that it is gone when its process ends.
 */
const unwritten = new WeakMap<Host, Set<string>>();

export function letGo(host: Host, claim: string): void {
  const claims = unwritten.get(host) ?? new Set();
  unwritten.set(host, claims.add(claim));
}

export function hasLetGo(host: Host, claim: string): boolean {
  return unwritten.get(host)?.has(claim) === true;
}
