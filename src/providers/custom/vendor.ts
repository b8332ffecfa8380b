import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type AgentProgram, type AgentTask, HookError } from '../../ports/agents.ts';
import { writeDurably } from '../../system/durableFile.ts';
import { notAsked } from '../find.ts';
import type { Vendor, VendorStart } from '../vendor.ts';
import type { CustomAgent, Placeholder } from './definition.ts';
import { filled } from './placeholders.ts';
import { watch } from './watch.ts';

/**
 * A command line of a person's own as a vendor. `launcher`: how `thenDone` is run, for an agent that reads its task from
 * its standard input or says by its exit code that it is done.
 */
export function customVendor(agent: CustomAgent, launcher: AgentProgram): Vendor {
  return {
    runner: agent.name,
    provider: agent.name,
    name: agent.name,
    section: null,
    command: agent.command,
    install: null,
    tried: { from: '0', to: '0' },
    versionIn: notAsked,
    quit: 'terminate',
    hears: false,
    // What its own words mean, its person alone knows.
    bypasses: () => false,
    start: (task, how) => start(agent, launcher, task, how),
    hook: () => {
      throw new HookError(`${agent.name} has no hooks.`);
    },
    watch: (session, see, signal) => watch(session, see, signal),
  };
}

async function start(
  agent: CustomAgent,
  launcher: AgentProgram,
  task: AgentTask,
  { program, settings }: VendorStart,
): Promise<AgentProgram> {
  const promptFile = path.join(task.folder, 'task.md');
  await mkdir(task.folder, { recursive: true, mode: 0o700 });
  await writeDurably(promptFile, task.prompt, { mode: 0o600 });
  const values: Readonly<Record<Placeholder, string>> = {
    prompt: task.prompt,
    promptFile,
    worktree: task.worktree,
    repository: task.repository,
    bead: task.bead,
    title: task.title,
  };
  const args = [...agent.args, ...settings.args].map((arg) => filled(arg, values));
  const env = Object.fromEntries(
    Object.entries(agent.env).map(([name, value]) => [name, filled(value, values)]),
  );
  const flags = [
    ...(agent.done === 'exit' ? ['--done', `${agent.name} ended with exit code 0.`] : []),
    ...(agent.prompt === 'stdin' ? ['--stdin', promptFile] : []),
  ];
  if (flags.length === 0) return { file: program, args, env };
  return {
    file: launcher.file,
    args: [...launcher.args, ...flags, '--', program, ...args],
    env: { ...env, ...launcher.env },
    ...(launcher.without === undefined ? {} : { without: launcher.without }),
  };
}
