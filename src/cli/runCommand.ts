import type { CommandCall, CommandResult } from '../gateway/command.ts';
import { DoorError } from '../gateway/doorError.ts';
import type { Speaker } from '../gateway/verbs.ts';
import { AccountError } from '../ports/account.ts';
import { DeskError } from '../ports/desk.ts';
import { StoreError } from '../ports/store.ts';
import { plainLines } from '../words/plain.ts';
import { CommandError, type CommandFailure, exitCodes, refused } from './commandError.ts';
import { helpAll, helpOf } from './help.ts';
import { type Parsed, parse } from './parse.ts';
import type { Reach } from './reach.ts';
import { fromRgt } from './rgt.ts';
import type { Verb } from './verb.ts';
import { verbs } from './verbs.ts';

/** A command line as a verb. Throws `CommandError` `usage`. */
export function parseCommand({ program, argv }: Pick<CommandCall, 'program' | 'argv'>): Parsed {
  return parse(verbs, program === 'rgt' ? fromRgt(argv) : argv);
}

/** Runs a command with what it can reach; never rejects for what was asked. */
export async function runCommand(
  reach: Reach,
  speaker: Speaker,
  call: CommandCall,
  signal: AbortSignal,
): Promise<CommandResult> {
  try {
    return { exit: exitCodes.ok, out: await run(reach, speaker, call, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const { reason, message } = failureOf(reach, error);
    // It may quote what somebody else wrote.
    return { exit: exitCodes[reason], out: plainLines(message) };
  }
}

async function run(reach: Reach, speaker: Speaker, call: CommandCall, signal: AbortSignal): Promise<string> {
  if (asksForHelp(call.argv)) return helpAll(verbs);
  const { verb, given, help, json } = parseCommand(call);
  if (help) return helpOf(verb);
  admit(verb, speaker);
  const columns = given.is('verbose') ? null : call.columns;
  const is = (name: string): boolean => (name === 'json' ? json : given.is(name));
  return verb.run(reach, { ...call, columns, verb, given: { ...given, is }, speaker }, signal);
}

function asksForHelp([first]: readonly string[]): boolean {
  return first === undefined || first === '--help' || first === '-h';
}

/** An agent reads, and speaks for its own bead; what is a person's to decide is not an agent's. */
function admit({ words, who }: Verb, speaker: Speaker): void {
  if (who === 'person' && speaker !== 'person')
    throw refused(
      `\`rigs ${words}\` is a person’s to say, not an agent’s. You may read, and say done, checkpoint, handoff, comment and bead create.`,
    );
}

/** Errors of others that say already what to do; the rest is a mistake of ours. */
function failureOf(
  reach: Reach,
  error: unknown,
): { readonly reason: CommandFailure; readonly message: string } {
  if (error instanceof CommandError) return error;
  if (error instanceof DeskError)
    return { reason: error.reason === 'unavailable' ? 'no_owner' : 'refused', message: error.message };
  if (error instanceof DoorError)
    return { reason: error.reason === 'unreachable' ? 'no_owner' : 'refused', message: error.message };
  if (error instanceof StoreError || error instanceof AccountError)
    return { reason: 'refused', message: error.message };
  reach.failed(error);
  const said = error instanceof Error ? error.message : String(error);
  return { reason: 'refused', message: `This did not work: ${said}` };
}
