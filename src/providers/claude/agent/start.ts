import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { AgentMode, AgentProgram, AgentTask } from '../../../ports/agents.ts';
import { systemClock } from '../../../system/clock.ts';
import { writeDurably } from '../../../system/durableFile.ts';
import { hasRow } from '../../hasRow.ts';
import type { RigsProgram, VendorStart } from '../../vendor.ts';
import { asksForKey, readAnswers } from './answers.ts';
import { homeOf, transcriptsOf } from './home.ts';
import { writeNote } from './sessionNote.ts';
import { settingsFor } from './settings.ts';

/**
 * Always said, because without it sessions begin in auto mode, whose check opens a dialog where it does not get
 * through. `manual` is called `default` up to some version after 2.1.197.
 */
const modes: Readonly<Record<AgentMode, string>> = {
  ask: 'manual',
  edits: 'acceptEdits',
  bypass: 'bypassPermissions',
};
const firstWithManual = [2, 1, 329];

/** What a session of Claude Code tells its children of itself, and what ties a terminal to the person's editor. */
export const ownVariables = [
  'AI_AGENT',
  'CLAUDECODE',
  'CLAUDE_CODE_CHILD_NOTES_DIR',
  'CLAUDE_CODE_CHILD_SESSION',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_EXECPATH',
  'CLAUDE_CODE_MESSAGING_SOCKET',
  'CLAUDE_CODE_MESSAGING_TOKEN',
  'CLAUDE_CODE_SESSION_ATTENDED',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_SSE_PORT',
  'CLAUDE_EFFORT',
  'CLAUDE_PID',
];

/** Writes the session's settings into the task's folder, and says how Claude Code is started with them. */
export async function start(task: AgentTask, how: VendorStart): Promise<AgentProgram> {
  const env = { ...process.env, ...task.env };
  const home = homeOf(env);
  const settings = path.join(task.folder, 'claude-settings.json');
  const mcp = path.join(task.folder, 'claude-mcp.json');
  const kept = await keptConversation(home.folder, task);
  const conversation = kept ?? randomUUID();
  const note = {
    conversation,
    startedAt: systemClock.now(),
    home: home.folder,
    answers: home.answers,
    mode: how.settings.mode,
    asksForKey: asksForKey(await readAnswers(home.answers), env['ANTHROPIC_API_KEY'] ?? ''),
  };
  await Promise.all([
    writeJson(settings, settingsFor(how.rigs)),
    writeJson(mcp, serversFor(how.rigs)),
    writeNote(task.folder, note),
  ]);
  const args = [
    ...['--settings', settings, '--mcp-config', mcp],
    ...['--permission-mode', modeFor(how)],
    ...[kept === null ? '--session-id' : '--resume', conversation],
    ...(how.settings.model === '' ? [] : ['--model', how.settings.model]),
    ...how.settings.args,
    // Some flags take all words that follow.
    ...['--', task.prompt],
  ];
  return { file: how.program, args, env: {}, without: ownVariables };
}

function modeFor({ settings, version }: VendorStart): string {
  const mode = modes[settings.mode];
  return settings.mode === 'ask' && version !== null && isOlder(version) ? 'default' : mode;
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  const at = firstWithManual.findIndex((part, index) => parts[index] !== part);
  return at >= 0 && (parts[at] ?? 0) < (firstWithManual[at] ?? 0);
}

/** Rows of its transcript in which somebody says something (2.1.329). */
const spoken = ['user', 'assistant'];

/** Whoever resumes what is not there is turned away; transcripts are cleaned up after a month. */
async function keptConversation(home: string, { conversation, worktree }: AgentTask): Promise<string | null> {
  if (conversation === null || !/^[0-9a-f-]{36}$/i.test(conversation)) return null;
  const folder = await transcriptsOf(home, await realpath(worktree));
  const isKept = folder !== null && (await hasRow(path.join(folder, `${conversation}.jsonl`), spoken));
  return isKept ? conversation : null;
}

/** Token and home come to the server by the environment of the agent, and stand in no file. */
function serversFor({ mcp }: RigsProgram): object {
  const { file: command, args, env } = mcp;
  return { mcpServers: { rigs: { type: 'stdio', command, args, env } } };
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeDurably(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
