import { type OwnerParts, ownerReach } from '../../cli/ownerReach.ts';
import { runCommand } from '../../cli/runCommand.ts';
import type { RunCommand } from '../../gateway/command.ts';
import { systemClock } from '../../system/clock.ts';
import { GitError } from '../../ports/git.ts';
import { entering } from './entering.ts';
import type { Assembled } from './assemble.ts';
import { refreshTanks } from './refreshTanks.ts';
import type { OpenRigParts } from './rigParts.ts';

/** Runs the `rigs` commands that are said at a rig's door. */
export function commandLine(
  parts: Pick<OpenRigParts, 'git' | 'repository' | 'settings' | 'log' | 'commands' | 'account'>,
  { foreman, desk, agents }: Assembled,
): RunCommand {
  const { git, log, commands, account } = parts;
  const worktree: OwnerParts['worktree'] = async (path) => {
    try {
      const { commit } = await git.head(path);
      return { commit, uncommitted: await git.uncommitted(path) };
    } catch (error) {
      if (GitError.is(error)) return null;
      throw error;
    }
  };
  const reach = ownerReach({
    rig: foreman,
    desk,
    agents,
    accounts: account,
    askTanks: (signal) => refreshTanks([{ agents }], account, { signal, onAnswer: () => undefined }),
    configuration: commands.configuration,
    plan: (goal, signal) => commands.plan(foreman, agents, goal, signal),
    person: commands.person,
    worktree,
    entering: entering(parts, foreman),
    now: () => systemClock.now(),
    since: systemClock.now(),
    failed: (error) => {
      log.error('A command failed.', error);
    },
  });
  return (speaker, call, signal) => runCommand(reach, speaker, call, signal);
}
