import * as v from 'valibot';
import type { CommandResult } from '../../gateway/command.ts';
import { DoorError } from '../../gateway/doorError.ts';
import { StoreError } from '../../ports/store.ts';
import { plainLines } from '../../words/plain.ts';
import { CommandError, exitCodes } from '../commandError.ts';
import type { Parsed } from '../parse.ts';
import type { Reach } from '../reach.ts';
import { parseCommand, runCommand } from '../runCommand.ts';
import { type Asker, ask, askerOf } from './asking.ts';
import { converse, converses } from './converse.ts';
import { type Terminal, callOf } from './terminal.ts';

/** Runs one command line at a terminal. Resolves with the exit code; what there is to say has been said. */
export async function client(terminal: Terminal): Promise<number> {
  try {
    return print(terminal, await resultOf(terminal));
  } catch (error) {
    const { reason, message } = terminal.signal.aborted ? interrupted : failureOf(error);
    terminal.err(plainLines(message));
    return exitCodes[reason];
  }
}

const interrupted = {
  reason: 'interrupted',
  message: 'Interrupted before there was an answer. What it was to change may be changed all the same.',
} as const;

async function resultOf(terminal: Terminal): Promise<CommandResult> {
  const { argv, signal } = terminal;
  const [first = '--help'] = argv;
  const parsed = first === '--help' || first === '-h' ? null : parseCommand(terminal);
  if (parsed === null || parsed.help || parsed.verb.alone === true)
    return runCommand(nowhere, 'person', callOf(terminal, argv), signal);
  if (parsed.verb.words === 'init' && !isAgents(terminal)) {
    const { makeRig } = await import('./makeRig.ts');
    return { exit: exitCodes.ok, out: await makeRig(parsed.given, terminal.cwd) };
  }
  const asker = await askerOf(terminal, parsed.verb);
  const say = (words: readonly string[], stdin = ''): Promise<CommandResult> =>
    ask(asker, parsed.verb, callOf(terminal, words, stdin), terminal);
  if (converses(parsed) && !asker.isAgent) return converse(parsed, terminal, say);
  if (parsed.verb.terminal === 'streams')
    return stream(parsed, asker, terminal, say).catch((error: unknown) => {
      // Ctrl+C is the good end of what goes on until then.
      if (signal.aborted) return { exit: exitCodes.ok, out: '' };
      throw error;
    });
  return say(argv, readsStdin(parsed, argv) ? await terminal.stdin() : '');
}

/** Makes no memory in somebody else's name. */
function isAgents({ env }: Terminal): boolean {
  return (env['RIGS_TOKEN'] ?? '') !== '';
}

function readsStdin({ verb }: Parsed, argv: readonly string[]): boolean {
  return verb.stdin === true && argv.some((word) => word === '-' || word.endsWith('=-'));
}

/** How it stands first, then lines as they come. An agent may read, and only a person may follow. */
async function stream(
  parsed: Parsed,
  asker: Asker,
  terminal: Terminal,
  say: (argv: readonly string[]) => Promise<CommandResult>,
): Promise<CommandResult> {
  const once = parsed.given.is('once') || asker.isAgent;
  const feeds = parsed.verb.words === 'feed';
  const running = await isRunning(asker, say);
  if (once || !running || !feeds) {
    const head = await say(terminal.argv);
    if (head.exit !== exitCodes.ok || once) return head;
    // A stream of JSON is lines of one kind.
    if (!parsed.json || !running) terminal.out(head.out);
  }
  if (!running) {
    terminal.err('No window runs this rig, so nothing more will come.');
    return { exit: exitCodes.ok, out: '' };
  }
  const { followLines } = await import('./followLines.ts');
  await followLines(parsed, asker, terminal);
  return { exit: exitCodes.ok, out: '' };
}

const standing = v.looseObject({ owner: v.unknown() });

async function isRunning(
  { token }: Asker,
  say: (argv: readonly string[]) => Promise<CommandResult>,
): Promise<boolean> {
  if (token === null) return false;
  const { exit, out } = await say(['foreman', 'status', '--json']);
  return exit === exitCodes.ok && v.parse(standing, JSON.parse(out)).owner !== null;
}

function print(terminal: Terminal, { exit, out }: CommandResult): number {
  if (out === '') return exit;
  if (exit === exitCodes.ok) terminal.out(out);
  else terminal.err(out);
  return exit;
}

function failureOf(error: unknown): Pick<CommandError, 'reason' | 'message'> {
  if (error instanceof CommandError) return error;
  if (error instanceof DoorError)
    return { reason: error.reason === 'unreachable' ? 'no_owner' : 'refused', message: error.message };
  if (error instanceof StoreError) return { reason: 'refused', message: error.message };
  return { reason: 'refused', message: error instanceof Error ? error.message : String(error) };
}

/** For commands that are answered without a rig. */
const nowhere = new Proxy({} as Reach, {
  get: (_, name) => {
    throw new Error(`A command that needs no rig asked for its ${String(name)}.`);
  },
});
