import type { Vendor } from '../vendor.ts';
import { bypasses } from './bypasses.ts';
import { readHook } from './hook.ts';
import { start } from './launch.ts';
import { watch } from './watch.ts';
import { askRateLimits } from './rateLimits.ts';

/** Codex: OpenAI's command line, told of Rigs by `-c` alone and heard by its hooks and its rollouts. */
export const codex: Vendor = {
  runner: 'codex',
  provider: 'codex',
  name: 'Codex',
  section: 'rigs.codex',
  command: 'codex',
  install: 'npm install -g @openai/codex',
  tried: { from: '0.169.0', to: '0.169.0' },
  versionIn: (printed) => /\bcodex-cli (\d+\.\d+\.\d+\S*)/.exec(printed)?.[1] ?? null,
  // SIGTERM and SIGINT end it at once (143, 130), with everything of the conversation in its rollout.
  quit: 'terminate',
  hears: true,
  bypasses,
  start,
  hook: readHook,
  watch: (session, see, signal) => watch(session, see, signal),
  poll: askRateLimits,
};
