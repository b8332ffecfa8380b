import {
  type KeyObject,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Caller } from '../ports/desk.ts';
import type { Tokens } from '../ports/processes.ts';
import { type PolecatId, parsePolecatId } from '../town/ids.ts';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';
import { Batches } from '../system/batches.ts';

/** One who holds a secret. `role` is `polecat`, or what else may come to hold one. */
export interface Agent extends Caller {
  readonly role: string;
}

/** Who holds which secret; secrets themselves are kept nowhere, and their hashes outlive a reload. */
export interface TokenBook extends Tokens {
  issue(caller: Caller, role?: string): Promise<string>;
  /** Null for a secret that was never issued, or was revoked. */
  holderOf(secret: string): Agent | null;
  /** Whose secret sealed this text (`sealWith`); null when nobody's did who holds one now. */
  sealerOf(text: string, seal: string): Agent | null;
}

const bookFile = v.object({
  version: v.literal(1),
  entries: v.array(
    v.object({
      polecat: v.pipe(
        v.string(),
        v.check((text) => parsePolecatId(text) !== null),
        v.transform((text) => text as PolecatId),
      ),
      token: v.pipe(v.number(), v.integer()),
      // Books of before there were roles know polecats only.
      role: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{1,20}$/)), 'polecat'),
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      /** The public half of what it seals with, SPKI as base64. Books of before there were pairs have none. */
      seals: v.optional(v.pipe(v.string(), v.base64()), ''),
    }),
  ),
});
type Entry = v.InferOutput<typeof bookFile>['entries'][number];

/** Opens the book in a file of the rig's state folder. A damaged one throws: it is never taken for an empty one. */
export async function openTokenBook(file: string): Promise<TokenBook> {
  let entries: readonly Entry[] = await readEntries(file);
  /** Known to the door only once it is on disk; agents that start together are written together. */
  const changes = new Batches<(entries: readonly Entry[]) => readonly Entry[]>(async (batch) => {
    const next = batch.reduce((all, change) => change(all), entries);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(file, `${JSON.stringify({ version: 1, entries: next })}\n`, { mode: 0o600 });
    entries = next;
  });

  return {
    issue: async ({ polecat, token }, role = 'polecat') => {
      const secret = newSecret();
      const entry = {
        polecat,
        token,
        role,
        sha256: hashOf(secret).toString('hex'),
        seals: publicHalf(secret),
      };
      await changes.add((all) => [...all, entry]);
      return secret;
    },
    revoke: async (caller) => {
      await changes.add((all) => all.filter(isNot(caller)));
    },
    holderOf: (secret) => {
      const hash = hashOf(secret);
      return find(({ sha256 }) => timingSafeEqual(hash, Buffer.from(sha256, 'hex')));
    },
    sealerOf: (text, seal) => find(({ seals }) => seals !== '' && sealed(seals, text, seal)),
  };

  /** Every entry is looked at, so that the time taken tells nothing about which one came close. */
  function find(fits: (entry: Entry) => boolean): Agent | null {
    const [found] = entries.filter(fits);
    return found === undefined ? null : { polecat: found.polecat, token: found.token, role: found.role };
  }
}

/**
 * Marks a text as said by the holder of a secret, for the outbox. By a pair of keys that is drawn from the secret,
 * because the book lies where agents can read it: what it keeps tells who sealed, and seals nothing.
 */
export function sealWith(secret: string, text: string): string {
  return sign(null, sealedText(text), pairOf(secret)).toString('base64url');
}

/** Whether this secret sealed that text. */
export function isSealOf(secret: string, text: string, seal: string): boolean {
  return sealed(publicHalf(secret), text, seal);
}

function sealed(publicKey: string, text: string, seal: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verify(null, sealedText(text), key, Buffer.from(seal, 'base64url'));
}

function publicHalf(secret: string): string {
  return createPublicKey(pairOf(secret)).export({ format: 'der', type: 'spki' }).toString('base64');
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const keyHead = Buffer.from('302e020100300506032b657004220420', 'hex');

function pairOf(secret: string): KeyObject {
  // Not the secret's hash itself: that one is in the book.
  const seed = createHmac('sha256', secret).update('rigs outbox').digest();
  return createPrivateKey({ key: Buffer.concat([keyHead, seed]), format: 'der', type: 'pkcs8' });
}

function sealedText(text: string): Buffer {
  return Buffer.from(`rigs outbox\n${text}`);
}

/** 32 random bytes as base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether two secrets are the same, in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b));
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function isNot(caller: Caller): (entry: Entry) => boolean {
  return ({ polecat, token }) => polecat !== caller.polecat || token !== caller.token;
}

async function readEntries(file: string): Promise<readonly Entry[]> {
  const text = await readIfThere(file);
  return text === null ? [] : v.parse(bookFile, JSON.parse(text)).entries;
}
