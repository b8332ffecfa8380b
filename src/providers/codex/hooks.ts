import { createHash } from 'node:crypto';
import type { RigsProgram } from '../vendor.ts';

/**
 * What Rigs is told of, and no more: each is one more line in the review that Codex asks of a person. There is no event
 * for a turn that failed or was interrupted; the rollout file tells of those.
 */
export const hookEvents = {
  SessionStart: 'session_start',
  UserPromptSubmit: 'user_prompt_submit',
  PermissionRequest: 'permission_request',
  PostToolUse: 'post_tool_use',
  Stop: 'stop',
} as const;
export type HookEvent = keyof typeof hookEvents;

/** In seconds. Longer than a hook ever waits: a permission leaves for the screen after 20 s. */
const timeout = 90;

/** A hook as Codex is told of it for one session. */
export interface CodexHook {
  readonly event: HookEvent;
  readonly command: string;
  readonly timeout: number;
}

export function hooksOf(
  { hook }: Pick<RigsProgram, 'hook'>,
  platform: NodeJS.Platform = process.platform,
): readonly CodexHook[] {
  return Object.keys(hookEvents).map((event) => ({
    event: event as HookEvent,
    command: commandLine([...hook, event], platform),
    timeout,
  }));
}

/** Codex hands it to a shell: every word is quoted, so that the shell has nothing to decide. */
function commandLine(words: readonly string[], platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? words.map((word) => `"${word.replaceAll('"', '')}"`).join(' ')
    : words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

/**
 * By what Codex knows a hook again that a person has reviewed, as a key and a value of its `hooks.state`. Measured with
 * 0.169.0: the hash covers the command and its time limit, the key has no path of the session's.
 */
export function reviewOf({ event, command, timeout: seconds }: CodexHook): {
  readonly key: string;
  readonly hash: string;
} {
  const snake = hookEvents[event];
  const handler = { async: false, command, timeout: seconds, type: 'command' };
  const written = JSON.stringify({ event_name: snake, hooks: [handler] });
  return {
    key: `/<session-flags>/config.toml:${snake}:0:0`,
    hash: `sha256:${createHash('sha256').update(written).digest('hex')}`,
  };
}
