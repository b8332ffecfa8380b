import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AgentMode, AgentProgram, AgentTask } from '../../ports/agents.ts';
import { writeDurably } from '../../system/durableFile.ts';
import { hasRow } from '../hasRow.ts';
import { newestFile } from '../tail.ts';
import type { VendorStart } from '../vendor.ts';
import { type GeminiHome, homeIn, makeHome } from './home.ts';
import { GeminiError } from './error.ts';
import type { Json } from './json.ts';
import { type SessionNote, printNote } from './sessionNote.ts';
import { readSettings } from './settingsFile.ts';
import { asksForTrust, hasTelemetry, hooksAreOff, selectedType, settingsFor } from './settings.ts';
import { type Trust, trustOfWork } from './trust.ts';

const approvalModes: Readonly<Record<AgentMode, string>> = {
  ask: 'default',
  edits: 'auto_edit',
  bypass: 'yolo',
};

/** A socket's path may have 104 characters (macOS): tests an agent runs must be able to make theirs in here. */
const longestTemporary = 60;

/** By these the program would attach itself to the editor that Rigs runs in, which shows another folder. */
const editorsOwn = [
  'GEMINI_CLI_IDE_SERVER_PORT',
  'GEMINI_CLI_IDE_WORKSPACE_PATH',
  'GEMINI_CLI_IDE_AUTH_TOKEN',
  'GEMINI_CLI_IDE_PID',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the agent's home in `task.folder` and says how the program is started with it. Throws `GeminiError`. */
export async function start(task: AgentTask, how: VendorStart): Promise<AgentProgram> {
  const env: Environment = { ...process.env, ...task.env };
  const home = homeIn(task.folder, env);
  const person = await readSettings(path.join(home.persons, 'settings.json'));
  const trust = await trustFor(task, person, home, env);
  refuseBlindness(person, trust);
  await makeHome(home);
  const settings = settingsFor(person, {
    rigs: how.rigs,
    platform: process.platform,
    hasKey: (env['GEMINI_API_KEY'] ?? '') !== '',
  });
  await writeDurably(path.join(home.folder, 'settings.json'), JSON.stringify(settings, null, 2), {
    mode: 0o600,
  });
  // What an earlier session was refused says nothing of this one.
  await writeFile(home.telemetry, '', { mode: 0o600 });
  const note: SessionNote = {
    token: task.caller.token,
    since: Date.now(),
    trustIn: trust === null ? home.trustedFolders : null,
    asksLogin: selectedType(settings) === null,
  };
  await writeDurably(home.session, printNote(note), { mode: 0o600 });
  const listens = !hasTelemetry(person) && env['GEMINI_TELEMETRY_ENABLED'] === undefined;
  return {
    file: how.program,
    args: await argumentsOf(task, how, home, trust),
    env: {
      GEMINI_CLI_HOME: home.home,
      // Theirs: what they answer to the program's question is theirs as well.
      GEMINI_CLI_TRUSTED_FOLDERS_PATH: home.trustedFolders,
      // Else the program starts itself a second time, for more memory, and the first one is deaf to SIGTERM (0.61.0).
      GEMINI_CLI_NO_RELAUNCH: 'true',
      ...(trust === 'trusted' ? { GEMINI_CLI_TRUST_WORKSPACE: 'true' } : {}),
      ...(listens ? telemetryTo(home.telemetry) : {}),
      ...(home.temporary.length <= longestTemporary ? { TMPDIR: home.temporary } : {}),
    },
    without: editorsOwn,
  };
}

/** The variables decide before the file does, as in the program. */
async function trustFor(task: AgentTask, person: Json, home: GeminiHome, env: Environment): Promise<Trust> {
  if (env['GEMINI_RESTRICTED_MODE'] === 'true' || env['GEMINI_CLI_TRUST_WORKSPACE'] === 'false')
    return 'distrusted';
  if (env['GEMINI_CLI_TRUST_WORKSPACE'] === 'true' || !asksForTrust(person)) return 'trusted';
  return trustOfWork(task.worktree, task.repository, await readSettings(home.trustedFolders));
}

/** Without hooks nobody would see what it does, nor could tell it anything. */
function refuseBlindness(person: Json, trust: Trust): void {
  if (hooksAreOff(person))
    throw new GeminiError(
      'hooks_off',
      'Hooks are turned off in the settings of Gemini CLI ("hooksConfig.enabled"), and Rigs works through them.',
    );
  if (trust === 'distrusted')
    throw new GeminiError(
      'distrusted',
      'Gemini CLI was told not to trust this repository, and runs no hooks there. "/permissions trust" in it changes that.',
    );
}

/**
 * With the question whether to trust the worktree open, the program already works on its prompt, without hooks and with
 * its permission dialogs hidden behind that question (0.61.0). So it gets none: answered, it ends (with 199), and the
 * next session begins the work.
 */
async function argumentsOf(
  { prompt, conversation }: AgentTask,
  { settings }: VendorStart,
  home: GeminiHome,
  trust: Trust,
): Promise<readonly string[]> {
  const asks = trust === null;
  return [
    '--approval-mode',
    approvalModes[settings.mode],
    ...(settings.model === '' ? [] : ['--model', settings.model]),
    ...(conversation === null || asks || !(await isThere(home, conversation))
      ? []
      : ['--resume', conversation]),
    ...settings.args,
    // One word, so that no beginning of the prompt is taken for an option.
    ...(asks ? [] : [`--prompt-interactive=${prompt}`]),
  ];
}

/** Rows of a chat in which somebody says something (0.61.0). */
const spoken = ['user', 'gemini'];

/**
 * The program ends at once (42) when told to go on with a session it does not find, or in which nothing was said. Each
 * time it goes on with one, it begins a further file of it.
 */
async function isThere(home: GeminiHome, conversation: string): Promise<boolean> {
  const folder = path.join(home.folder, 'tmp');
  const ending = `-${conversation.slice(0, 8)}.jsonl`;
  const passed = new Set<string>();
  for (;;) {
    const wanted = (name: string): boolean => name.endsWith(ending) && !passed.has(path.join(folder, name));
    const chat = await newestFile(folder, wanted, 2);
    if (chat === null) return false;
    if (await hasRow(chat, spoken)) return true;
    passed.add(chat);
  }
}

/** It is the only place where a refused request is told of in time: no hook says so (0.61.0). */
function telemetryTo(file: string): Readonly<Record<string, string>> {
  return {
    GEMINI_TELEMETRY_ENABLED: 'true',
    GEMINI_TELEMETRY_TARGET: 'local',
    GEMINI_TELEMETRY_OUTFILE: file,
    GEMINI_TELEMETRY_LOG_PROMPTS: 'false',
    GEMINI_TELEMETRY_TRACES_ENABLED: 'false',
  };
}
