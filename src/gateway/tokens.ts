import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Caller } from '../ports/desk.ts';
import type { Tokens } from '../ports/processes.ts';
import { type PolecatId, parsePolecatId } from '../town/ids.ts';
import { writeDurably } from '../system/durableFile.ts';
import { readIfThere } from '../system/readIfThere.ts';

/** Who holds which secret; secrets themselves are kept nowhere, and their hashes outlive a reload. */
export interface TokenBook extends Tokens {
  /** Null for a secret that was never issued, or was revoked. */
  callerOf(secret: string): Caller | null;
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
    issue: async (caller) => {
      const secret = newSecret();
      const entry = { ...caller, sha256: hashOf(secret).toString('hex') };
      await change((all) => [...all, entry]);
      return secret;
    },
    revoke: async (caller) => {
      await change((all) => all.filter(isNot(caller)));
    },
    callerOf: (secret) => {
      const hash = hashOf(secret);
      // Every entry is compared, so that the time taken tells nothing about which one came close.
      const [found] = entries.filter(({ sha256 }) => timingSafeEqual(hash, Buffer.from(sha256, 'hex')));
      return found === undefined ? null : { polecat: found.polecat, token: found.token };
    },
  };
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
