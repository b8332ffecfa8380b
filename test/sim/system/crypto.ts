/** What `src/` uses of `node:crypto`: hashes as they are, draws from the seed. */
import { machine } from '../machine.ts';

export { createHash, timingSafeEqual } from 'node:crypto';

export function randomBytes(count: number): Buffer {
  return Buffer.from(machine().draws.hex(count * 2), 'hex');
}

export function randomInt(limit: number): number {
  return machine().draws.below(limit);
}

export function randomUUID(): string {
  const hex = machine().draws.hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
