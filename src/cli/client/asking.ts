import path from 'node:path';
import type { CommandCall, CommandResult } from '../../gateway/command.ts';
import { DoorError } from '../../gateway/doorError.ts';
import { readPersonToken, stateFolderOf } from '../../gateway/home.ts';
import { Leaving, isAnswer } from '../../gateway/outbox.ts';
import { runAtDoor } from '../../gateway/runAtDoor.ts';
import { openTokenBook } from '../../gateway/tokens.ts';
import type { Speaker } from '../../gateway/verbs.ts';
import { systemClock } from '../../system/clock.ts';
import { plainLines } from '../../words/plain.ts';
import { CommandError, exitCodes, refused } from '../commandError.ts';
import { type Place, findPlace } from '../findHome.ts';
import { runCommand } from '../runCommand.ts';
import { storeReach } from '../storeReach.ts';
import type { Verb } from '../verb.ts';
import { mustBePersons, mustBePersonsFolder } from './person.ts';
import type { Terminal } from './terminal.ts';

/** Who asks which rig. */
export interface Asker extends Place {
  /** Null: a person at whose rig no window stood yet. */
  readonly token: string | null;
  readonly isAgent: boolean;
}

/** An agent asks with its own token or not at all. Throws `CommandError` where it would be taken for the person. */
export async function askerOf({ cwd, env }: Terminal, verb: Verb): Promise<Asker> {
  const { RIGS_TOKEN: own = '' } = env;
  const isAgent = own !== '';
  if (!isAgent) mustBePersons(env);
  const place = await findPlace(cwd, env).catch((error: unknown) => placeOfWindow(error, verb, env));
  if (isAgent) return { ...place, isAgent, token: own };
  await mustBePersonsFolder(cwd);
  return { ...place, isAgent, token: await readPersonToken(place.home) };
}

/**
 * What is asked of a person's window and no rig needs no rig around: `RIGS_WINDOW`, which windows set in their own
 * terminals, names one of theirs.
 */
function placeOfWindow(
  error: unknown,
  { anywhere }: Verb,
  { RIGS_WINDOW: home = '' }: NodeJS.ProcessEnv,
): Promise<Place> {
  if (anywhere !== true || home === '' || !CommandError.is(error, 'not_found')) throw error;
  return findPlace('', { RIGS_HOME: home });
}

/** A window that reloads is back within this time; longer a person does not wait for an answer. */
const readPatienceMs = 1_500;
const wishPatienceMs = 4_000;
/** What an agent reached is worth waiting for, and is kept after that. */
const workPatienceMs = 30_000;

/** Answered by the window that runs the rig; where there is none, from what lies on disk. */
export async function ask(
  asker: Asker,
  verb: Verb,
  call: CommandCall,
  terminal: Pick<Terminal, 'env' | 'signal' | 'err'>,
): Promise<CommandResult> {
  const { token, home } = asker;
  if (token !== null) {
    const patienceMs = patienceOf(terminal.env) ?? usualPatience(verb, asker);
    try {
      const result = await runAtDoor(home, token, call, { patienceMs, signal: terminal.signal });
      // Its memory cannot be written now: what an agent reached is kept for when it can.
      if (result.exit !== exitCodes.no_owner || !isAgents(verb, asker)) return result;
    } catch (error) {
      if (!goesOn(error, verb, asker, terminal.signal)) throw error;
    }
  }
  const result = await askOnDisk(asker, call, terminal);
  return terminal.signal.aborted ? { ...result, exit: exitCodes.interrupted } : result;
}

/** Whether a command whose answer did not come is seen to on disk. */
function goesOn(error: unknown, verb: Verb, asker: Asker, signal: AbortSignal): boolean {
  const keeps = isAgents(verb, asker);
  if (signal.aborted) return keeps && signal.reason instanceof Leaving;
  if (error instanceof DoorError && error.reason === 'unreachable') return true;
  return keeps && error instanceof DoorError && !isAnswer(error);
}

function usualPatience(verb: Verb, asker: Asker): number {
  if (isAgents(verb, asker)) return workPatienceMs;
  return verb.who === 'reader' ? readPatienceMs : wishPatienceMs;
}

/** What an agent says of its own bead. */
function isAgents({ who }: Verb, { isAgent }: Asker): boolean {
  return isAgent && (who === 'agent' || who === 'both');
}

/** `RIGS_PATIENCE`: seconds to wait for a window that may be reloading. */
function patienceOf(env: NodeJS.ProcessEnv): number | null {
  const seconds = Number(env['RIGS_PATIENCE'] ?? '');
  return (env['RIGS_PATIENCE'] ?? '') === '' || !Number.isFinite(seconds)
    ? null
    : Math.max(0, seconds) * 1_000;
}

async function askOnDisk(
  asker: Asker,
  call: CommandCall,
  { signal, err }: Pick<Terminal, 'signal' | 'err'>,
): Promise<CommandResult> {
  const { commonDir, home, token } = asker;
  const speaker = await speakerOf(asker);
  // Late: most commands are answered by a window.
  const { openStore } = await import('../../store/open.ts');
  const store = await openStore({
    commonDir,
    storageRoot: '',
    clock: systemClock,
    mode: 'reader',
    tolerant: true,
  });
  try {
    if (store.damage !== null) err(plainLines(`Shown up to the last good entry: ${store.damage.message}`));
    const parts = { store, home, token, patienceMs: 0, signal, now: Date.now };
    return await runCommand(storeReach(parts), speaker, call, signal);
  } finally {
    await store.close();
  }
}

/** Without a door nobody else checks the token. */
async function speakerOf({ isAgent, token, home }: Asker): Promise<Speaker> {
  if (!isAgent || token === null) return 'person';
  const book = await openTokenBook(path.join(stateFolderOf(home), 'tokens.json'));
  const agent = book.holderOf(token);
  if (agent === null) throw refused('This token is not known here any more: the session it was for is over.');
  return agent;
}
