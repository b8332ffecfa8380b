import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { AgentMode, AgentProgram, AgentTask } from '../../ports/agents.ts';
import { systemClock } from '../../system/clock.ts';
import type { VendorStart } from '../vendor.ts';
import { commitFolders } from './gitFolders.ts';
import { threadId } from './hook.ts';
import { hooksOf, reviewOf } from './hooks.ts';
import { writeNote } from './sessionNote.ts';
import { type Toml, toml } from './toml.ts';

/** In seconds: a question to a person is answered by a tool of Rigs, and may wait for days. */
const toolTimeout = 30 * 24 * 3600;

/** In its sandbox Codex edits the worktree freely and asks for what leads out of it, so edits need no mode of their own. */
const sandboxed = ['-a', 'on-request', '-s', 'workspace-write'];
const modes: Readonly<Record<AgentMode, readonly string[]>> = {
  ask: sandboxed,
  edits: sandboxed,
  bypass: ['--dangerously-bypass-approvals-and-sandbox'],
};

/** Only for this session; nothing is written into the person's own configuration. */
function settings({ rigs }: VendorStart): Readonly<Record<string, Toml>> {
  const hooks = hooksOf(rigs).map(({ event, command, timeout }): [string, Toml] => [
    `hooks.${event}`,
    [{ hooks: [{ type: 'command', command, timeout }] }],
  ]);
  return {
    check_for_update_on_startup: false,
    // Without both, a server in the background would run the commands, in the environment of whoever started it.
    'features.daemon_auto_start': false,
    // A dialog that would stand over a session at its limit.
    'notice.hide_rate_limit_model_nudge': true,
    ...Object.fromEntries(hooks),
    'mcp_servers.rigs': {
      command: rigs.mcp.file,
      args: rigs.mcp.args,
      env: rigs.mcp.env,
      // Its environment is otherwise empty but for a few names.
      env_vars: ['RIGS_HOME', 'RIGS_TOKEN'],
      default_tools_approval_mode: 'approve',
      startup_timeout_sec: 30,
      tool_timeout_sec: toolTimeout,
    },
  };
}

/** The arguments of one session. Throws for a conversation that is none of Codex'. */
export function argumentsFor(
  task: Pick<AgentTask, 'prompt' | 'conversation'>,
  how: VendorStart,
  writable: readonly string[],
): readonly string[] {
  const { conversation, prompt } = task;
  if (conversation !== null && !threadId.test(conversation))
    throw new Error('The conversation to go on with is none of Codex.');
  const { mode, model, args } = how.settings;
  return [
    ...(conversation === null ? [] : ['resume']),
    '--no-daemon',
    ...Object.entries(settings(how)).flatMap(([key, value]) => ['-c', `${key}=${toml(value)}`]),
    ...modes[mode],
    ...(mode === 'bypass' ? [] : writable.flatMap((folder) => ['--add-dir', folder])),
    ...(model === '' ? [] : ['-m', model]),
    ...args,
    '--',
    ...(conversation === null ? [] : [conversation]),
    prompt,
  ];
}

/** What a session that is started inside another one must not take for its own. */
export const ownVariables = [
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CODEX_THREAD_ID',
  'CODEX_INTERNAL_ORIGINATOR_OVERRIDE',
];

export async function start(task: AgentTask, how: VendorStart): Promise<AgentProgram> {
  const { args } = how.settings;
  await writeNote(task.folder, {
    startedAt: systemClock.now(),
    program: how.program,
    home: await homeOf(task.env),
    ownProvider: args.some((one) => /^(?:model_provider\s*=|--oss$|--config=model_provider=)/.test(one)),
    reviews: args.includes('--dangerously-bypass-hook-trust') ? [] : hooksOf(how.rigs).map(reviewOf),
  });
  return {
    file: how.program,
    args: argumentsFor(task, how, await commitFolders(task)),
    env: {},
    without: ownVariables,
  };
}

/** As the session's own environment says, else the editor's, which its terminal inherits. */
async function homeOf(env: Readonly<Record<string, string>>): Promise<string> {
  const said = env['CODEX_HOME'] ?? process.env['CODEX_HOME'];
  const home = said === undefined || said === '' ? path.join(homedir(), '.codex') : said;
  return realpath(home).catch(() => path.resolve(home));
}
