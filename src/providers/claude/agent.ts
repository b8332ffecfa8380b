import type { Vendor } from '../vendor.ts';
import { bypasses } from './agent/bypasses.ts';
import { readHook } from './agent/hook.ts';
import { start } from './agent/start.ts';
import { watch } from './agent/watch.ts';
import { askUsage } from './usage.ts';

/** Claude Code: Anthropic's command line, told of Rigs by files of its own and heard by its hooks and its transcript. */
export const claudeCode: Vendor = {
  runner: 'claude-code',
  provider: 'claude',
  name: 'Claude Code',
  section: 'rigs.claudeCode',
  command: 'claude',
  install: 'npm install -g @anthropic-ai/claude-code',
  tried: { from: '2.1.197', to: '2.1.329' },
  versionIn: (printed) => /^(\d+\.\d+\.\d+\S*) \(Claude Code\)/m.exec(printed)?.[1] ?? null,
  // SIGTERM ends it within 0.2 s at its prompt and 1.6 s while a tool runs, which it ends as well; its own SIGINT takes
  // half as long again, and the first one of a terminal only interrupts the turn.
  quit: 'terminate',
  hears: true,
  bypasses,
  start,
  hook: readHook,
  watch: (session, see, signal) => watch(session, see, signal),
  poll: askUsage,
};
