import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Caller } from '../ports/desk.ts';
import type { Tokens } from '../ports/processes.ts';
import { type PolecatId, parsePolecatId } from '../town/ids.ts';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';

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
    }),
  ),
});
type Entry = v.InferOutput<typeof bookFile>['entries'][number];

/** Opens the book in a file of the rig's state folder. A damaged one throws: it is never taken for an empty one. */
export async function openTokenBook(file: string): Promise<TokenBook> {
  let entries: readonly Entry[] = await readEntries(file);
  let writing: Promise<void> = Promise.resolve();

  /** Known to the door only once it is on disk; writes follow each other. */
  async function change(to: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
    const turn = writing.then(async () => {
      const next = to(entries);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await writeDurably(file, `${JSON.stringify({ version: 1, entries: next })}\n`, { mode: 0o600 });
      entries = next;
    });
    writing = turn.catch(() => undefined);
    await turn;
  }

  return {
    issue: async ({ polecat, token }, role = 'polecat') => {
      const secret = newSecret();
      const entry = { polecat, token, role, sha256: hashOf(secret).toString('hex') };
      await change((all) => [...all, entry]);
      return secret;
    },
    revoke: async (caller) => {
      await change((all) => all.filter(isNot(caller)));
    },
    holderOf: (secret) => {
      const hash = hashOf(secret);
      return find((sha256) => timingSafeEqual(hash, sha256));
    },
    sealerOf: (text, seal) => find((sha256) => sameSecret(sealBy(sha256, text), seal)),
  };

  /** Every entry is looked at, so that the time taken tells nothing about which one came close. */
  function find(fits: (sha256: Buffer) => boolean): Agent | null {
    const [found] = entries.filter(({ sha256 }) => fits(Buffer.from(sha256, 'hex')));
    return found === undefined ? null : { polecat: found.polecat, token: found.token, role: found.role };
  }
}

/**
 * Marks a text as said by the holder of a secret, for the outbox: whoever reads the seal learns neither the secret
 * nor how to seal another text. The key is the secret's hash, because that is what the book keeps.
 */
export function sealWith(secret: string, text: string): string {
  return sealBy(hashOf(secret), text);
}

function sealBy(sha256: Buffer, text: string): string {
  return createHmac('sha256', sha256).update(`rigs outbox\n${text}`).digest('hex');
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
