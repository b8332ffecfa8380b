import { link, lstat, mkdir, readdir, readlink, rename, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { createDurably, draftSuffix } from '../../system/durableFile.ts';
import { codeOf } from '../../system/errorCode.ts';

/**
 * Why an agent has a home of its own: Gemini CLI reads hooks and tools from its home alone. The other ways are closed:
 * what `GEMINI_CLI_SYSTEM_SETTINGS_PATH` names is passed over without a word unless root owns it and every folder above
 * it (0.61.0), and the worktree's own `.gemini` is the repository's.
 */
export interface GeminiHome {
  /** For `GEMINI_CLI_HOME`. */
  readonly home: string;
  /** Its `.gemini`, with settings, sessions and history of this agent. */
  readonly folder: string;
  /** The person's own `.gemini`; nothing is written there. */
  readonly persons: string;
  readonly trustedFolders: string;
  readonly telemetry: string;
  /** For files the program leaves when a request failed. */
  readonly temporary: string;
  /** What Rigs notes of the session it started. */
  readonly session: string;
}

/** Places of one agent. `env`: of the person. */
export function homeIn(folder: string, env: Readonly<Record<string, string | undefined>>): GeminiHome {
  const own = path.join(folder, 'gemini');
  const persons = path.join(filled(env['GEMINI_CLI_HOME']) ?? homedir(), '.gemini');
  return {
    home: path.join(own, 'home'),
    folder: path.join(own, 'home', '.gemini'),
    persons,
    trustedFolders:
      filled(env['GEMINI_CLI_TRUSTED_FOLDERS_PATH']) ?? path.join(persons, 'trustedFolders.json'),
    telemetry: path.join(own, 'telemetry.json'),
    temporary: path.join(own, 'tmp'),
    session: path.join(own, 'session.json'),
  };
}

/** An empty variable counts as none, for the program too. */
function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** Of the agent itself, so that ten of them do not write into one file and a person's list of sessions stays theirs. */
const own: ReadonlySet<string> = new Set([
  'settings.json',
  'settings.json.orig',
  'tmp',
  'history',
  'projects.json',
  'state.json',
]);

/** Where a login is kept. It must be found, and one made in an agent's terminal must be kept where the others are. */
const logins = [
  'oauth_creds.json',
  'google_accounts.json',
  'gemini-credentials.json',
  'mcp-oauth-tokens.json',
  'mcp-oauth-tokens-v2.json',
] as const;

/**
 * In a home where it never ran, it offers over the first session's own dialogs to change the keys of the editor. An
 * agent's home is always such a one; whoever wants the keys is asked in a session of their own.
 */
const shownBefore = `${JSON.stringify({ terminalSetupPromptShown: true })}\n`;

/** Makes the agent's home, with everything of the person's that is not the agent's own as links. */
export async function makeHome({ folder, home, persons, temporary }: GeminiHome): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await createDurably(path.join(folder, 'state.json'), shownBefore, { mode: 0o600 });
  const there = await namesIn(persons);
  if (there !== null)
    for (const name of new Set([...logins, ...there]))
      if (!own.has(name) && !name.endsWith('.lock'))
        await linked(path.join(persons, name), path.join(folder, name));
  const around = path.dirname(persons);
  for (const name of ['.env', '.agents'])
    if ((await kindOf(path.join(around, name))) !== null)
      await linked(path.join(around, name), path.join(home, name));
}

/** Null: they never used the program. */
async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function linked(target: string, at: string): Promise<void> {
  const there = await kindOf(at);
  // A folder the program made itself stays.
  if (there === 'folder' || (there === 'link' && (await readlink(at)) === target)) return;
  if (process.platform === 'win32') {
    if (there === null) await linkedOnWindows(target, at);
    return;
  }
  // What the program put in the place of a link is older than what the link leads to.
  const draft = `${at}${draftSuffix}`;
  if ((await kindOf(draft)) === null) await symlink(target, draft);
  await rename(draft, at);
}

/** Windows lets everybody make junctions and hard links, and symbolic links only some. */
async function linkedOnWindows(target: string, at: string): Promise<void> {
  const kind = await kindOf(target);
  if (kind === 'folder') await symlink(target, at, 'junction');
  else if (kind !== null) await link(target, at);
}

async function kindOf(file: string): Promise<'link' | 'folder' | 'file' | null> {
  try {
    const found = await lstat(file);
    if (found.isSymbolicLink()) return 'link';
    return found.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
