import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { AgentSession } from '../../ports/agents.ts';
import { codeOf } from '../../system/errorCode.ts';
import { readIfThere } from '../../system/readIfThere.ts';
import type { Doing } from '../../town/polecat.ts';
import { type PersonConfig, readPersonConfig } from './personConfig.ts';
import type { SessionNote } from './sessionNote.ts';

const loginMs = 10_000;

/**
 * What Codex most likely shows instead of beginning, told from what its own files and its own `login status` say, in
 * the order it asks: login, the folder, the hooks. Else some dialog of its own, such as one for a newer model.
 */
export async function obstacle(
  session: Pick<AgentSession, 'worktree' | 'repository'>,
  note: SessionNote,
  signal: AbortSignal,
): Promise<Doing> {
  const config = await personConfig(note);
  const asks = (kind: 'login' | 'dialog', detail: string | null): Doing => ({ kind, until: null, detail });
  if (!note.ownProvider && !config.ownProvider && (await lacksLogin(note, signal)))
    return asks('login', 'Sign in');
  const folders = await Promise.all([session.repository, session.worktree].map(realOf));
  if (!folders.some((one) => config.knowsFolder(one))) return asks('dialog', 'Trust this folder?');
  if (await hooksWait(note, config)) return asks('dialog', 'Hooks need review');
  return asks('dialog', null);
}

/** Whether Rigs' hooks do not run in this session, because nobody has reviewed them as they are now. */
export async function hooksWait(note: SessionNote, config?: PersonConfig): Promise<boolean> {
  const known = config ?? (await personConfig(note));
  return !note.reviews.every((review) => known.reviewed(review));
}

async function personConfig({ home }: SessionNote): Promise<PersonConfig> {
  return readPersonConfig((await readIfThere(path.join(home, 'config.toml'))) ?? '');
}

/** A folder that went meanwhile is compared as it was named. */
async function realOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return folder;
    throw error;
  }
}

/** False also when the program does not say: a login that is there is never doubted. */
function lacksLogin({ program, home }: SessionNote, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { ...process.env, CODEX_HOME: home };
    const options = { env, signal, timeout: loginMs, windowsHide: true };
    execFile(program, ['login', 'status'], options, (error, stdout, stderr) => {
      resolve(error !== null && /^not logged in/im.test(`${stdout}\n${stderr}`));
    });
  });
}
