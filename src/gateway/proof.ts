import { createHmac, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { sameSecret } from './tokens.ts';

/**
 * A window that was killed leaves its address behind, and the system gives the port to whoever asks next, another
 * user's program too. So before a secret is sent, the other end proves that it wrote `door.json`: it answers a draw
 * of the caller's with a code that only the key in that file makes. Asked on the very connection that then carries
 * the secret, because between two connections the port may change hands.
 *
 * What it costs: one more exchange on an open connection, about as much as a bare HTTP call (bench
 * `door.roundtrip`), on calls that agents make a few times a minute. Signing each request instead would need no
 * exchange, but the door would have to keep what signs, and it keeps only hashes.
 */
export const nonceHeader = 'rigs-nonce';

/** The body of `GET /v1/hello`. */
export const hello = v.object({ proof: v.string() });

const nonceShape = /^[\w-]{22,64}$/;

export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** A key for one opening of a door: 43 characters of base64url. */
export function newDoorKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Null for what is no draw: the door answers nothing it was not meant to. */
export function proofOf(key: string, address: string, nonce: unknown): string | null {
  if (typeof nonce !== 'string' || !nonceShape.test(nonce)) return null;
  // With the address, so that nobody passes the question on to a door that stands elsewhere.
  return createHmac('sha256', key).update(`rigs door\n${address}\n${nonce}`).digest('base64url');
}

export function proves(proof: string, key: string, address: string, nonce: string): boolean {
  const wanted = proofOf(key, address, nonce);
  return wanted !== null && sameSecret(proof, wanted);
}
