import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RehearsalError } from './error.ts';
import { type Playbook, parsePlaybook } from './playbook.ts';

/** Local git config key of a repository in which Rigs rehearses. No clone brings it along. */
export const rehearsalConfigKey = 'rigs.rehearsal';

/**
 * File of the playbook that a repository's `rigs.rehearsal` names: one of ours by its name, or any by an absolute
 * path. `mediaFolder` is where ours lie. Throws `RehearsalError` `playbook_unknown`.
 */
export function playbookFor(value: string, mediaFolder: string): string {
  if (path.isAbsolute(value)) return value;
  if (/^[a-z][a-z0-9-]*$/.test(value)) return path.join(mediaFolder, `${value}.playbook.json`);
  throw new RehearsalError(
    'playbook_unknown',
    `git config ${rehearsalConfigKey} is "${value}"; it has to be the name of a playbook or the absolute path of one.`,
  );
}

export interface ReadPlaybook {
  readonly playbook: Playbook;
  /** Over the file's bytes, so that a changed playbook is another one. */
  readonly hash: string;
}

/** Reads and validates a playbook. Throws `RehearsalError`. */
export async function readPlaybook(file: string): Promise<ReadPlaybook> {
  const json = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RehearsalError('playbook_unreadable', `The playbook ${file} cannot be read.`, { cause: error });
  });
  return { playbook: parsePlaybook(json), hash: createHash('sha256').update(json).digest('hex') };
}
