import type { RigsProgram } from '../../vendor.ts';
import { plainLine } from './shellLine.ts';

/** In s. A person may take a weekend to answer; the others hold the agent up and answer at once. */
const patience = 7 * 24 * 60 * 60;
const moment = 15;

/**
 * The hooks that are needed, since each is paid for: PostToolBatch is called once for all tools of a step, and
 * PreToolUse and SessionEnd tell nothing that another does not.
 */
const hooks: Readonly<Record<string, number>> = {
  SessionStart: moment,
  UserPromptSubmit: moment,
  PostToolBatch: moment,
  PermissionRequest: patience,
  Notification: moment,
  Stop: moment,
  StopFailure: moment,
};

/** Rigs' own tools and verbs never ask; what they may do is decided where they arrive. */
const allow = ['mcp__rigs', 'Bash(rigs:*)'];

/** Questions go to the person by `rigs_ask`; its worktree and its mode are not an agent's to change. */
const deny = ['AskUserQuestion', 'EnterPlanMode', 'EnterWorktree'];

/** What a session is started with by `--settings`; the person's own settings hold beside it. */
export function settingsFor({ hook }: RigsProgram): object {
  const [command = '', ...args] = hook;
  const called = Object.entries(hooks).map(([event, timeout]): readonly [string, readonly object[]] => [
    event,
    // With `args`, it is started without a shell.
    [{ hooks: [{ type: 'command', command, args: [...args, event], timeout }] }],
  ]);
  // Both shells of Windows find `rigs` on the agent's PATH, where its place has a blank.
  const line = plainLine([...hook, 'statusLine']) ?? 'rigs agent-hook statusLine';
  return {
    hooks: Object.fromEntries<readonly object[]>(called),
    statusLine: { type: 'command', command: line },
    permissions: { allow, deny },
    // Rigs decides what goes on where; two agents would else finish the same task.
    autoContinueAtUsageLimit: false,
  };
}
