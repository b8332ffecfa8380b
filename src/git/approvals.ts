import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readIfThere } from '../system/readIfThere.ts';
import { writeDurably } from '../system/durableFile.ts';

interface Program {
  readonly key: string;
  readonly value: string;
}

/** Which programs of a repository's own configuration the person has approved, each by its very value. */
export interface Approvals {
  holds(commonDir: string, program: Program): Promise<boolean>;
  add(commonDir: string, programs: readonly Program[]): Promise<void>;
}

/** Kept in a folder of the person's, never in the repository: an agent could write them there. */
export function approvalsIn(folder: string): Approvals {
  const fileOf = (commonDir: string): string => path.join(folder, `${hash(commonDir)}.json`);
  return {
    holds: async (commonDir, program) => (await listed(fileOf(commonDir))).includes(hashOf(program)),
    add: async (commonDir, programs) => {
      const before = await listed(fileOf(commonDir));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const after = [...new Set([...before, ...programs.map(hashOf)])];
      await writeDurably(fileOf(commonDir), JSON.stringify(after), { mode: 0o600 });
    },
  };
}

/** For a process that has no folder of the person's; forgotten at its end. */
export function approvalsInMemory(): Approvals {
  const known = new Set<string>();
  const name = (commonDir: string, program: Program): string => `${commonDir}\0${hashOf(program)}`;
  return {
    holds: (commonDir, program) => Promise.resolve(known.has(name(commonDir, program))),
    add: (commonDir, programs) => {
      for (const program of programs) known.add(name(commonDir, program));
      return Promise.resolve();
    },
  };
}

async function listed(file: string): Promise<readonly string[]> {
  const text = await readIfThere(file);
  if (text === null) return [];
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter((one) => typeof one === 'string') : [];
}

function hashOf({ key, value }: Program): string {
  return hash(`${key}\n${value}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
