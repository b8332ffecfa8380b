import { firstVersion } from '../find.ts';
import type { Vendor } from '../vendor.ts';
import { bypasses } from './bypasses.ts';
import { hook } from './hooks.ts';
import { start } from './start.ts';
import { watch } from './watch.ts';

/** Gemini CLI. */
export const gemini: Vendor = {
  runner: 'gemini-cli',
  provider: 'gemini',
  name: 'Gemini CLI',
  section: 'rigs.gemini',
  command: 'gemini',
  install: 'npm install -g @google/gemini-cli',
  tried: { from: '0.61.0', to: '0.61.0' },
  versionIn: firstVersion,
  // SIGTERM ends it in a second, working or not (0.61.0, without its launcher: see start.ts).
  quit: 'terminate',
  hears: true,
  bypasses,
  start,
  hook,
  watch,
};
