/**
 * Runs an agent of a person's own that knows nothing of Rigs: on the terminal it was given itself, with its task on
 * standard input if that is how it reads, and says done in its name when it ends with exit code 0. Ends with 76 when that
 * done was not accepted.
 *
 * `thenDone.cjs [--done <summary>] [--stdin <file>] -- <file> <args…>`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { DoorError } from '../gateway/doorError.ts';
import { shimExit, thenDoneExit, workerExit } from './exitCodes.ts';
import { foremanAt, openDoor } from './foremansDoor.ts';

interface Job {
  readonly done: string | null;
  readonly stdin: string | null;
  readonly file: string;
  readonly args: readonly string[];
}

function parse(argv: readonly string[]): Job | null {
  const dashes = argv.indexOf('--');
  const [file, ...args] = argv.slice(dashes + 1);
  const flags = argv.slice(0, Math.max(dashes, 0));
  const rest = new Map<string, string>();
  for (let at = 0; at < flags.length; at += 2) rest.set(flags[at] ?? '', flags[at + 1] ?? '');
  const [done = null, stdin = null] = [rest.get('--done'), rest.get('--stdin')];
  const flagsKnown = rest.size === Number(done !== null) + Number(stdin !== null);
  return dashes < 0 || file === undefined || !flagsKnown ? null : { done, stdin, file, args };
}

/** What ends one of them ends both: keys reach the agent from the terminal, and what is sent to this process is passed on. */
function passSignals(child: ChildProcess): void {
  for (const name of ['SIGINT', 'SIGQUIT'] as const) process.on(name, () => undefined);
  for (const name of ['SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      child.kill(name);
    });
}

interface End {
  readonly code: number;
  readonly startError: string | null;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), startError: null });
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      // The same event tells of a signal that could not be sent; then the child still runs.
      if (child.pid !== undefined) return;
      const code = error.code === 'ENOENT' ? shimExit.notFound : shimExit.notRunnable;
      resolve({ code, startError: error.message });
    });
  });
}

async function run({ stdin, file, args }: Job): Promise<End> {
  const input = stdin === null ? null : openSync(stdin, 'r');
  const { ELECTRON_RUN_AS_NODE: _node, ...env } = process.env;
  const child = spawn(file, [...args], { stdio: [input ?? 'inherit', 'inherit', 'inherit'], env });
  if (input !== null) closeSync(input);
  passSignals(child);
  return endOf(child);
}

async function sayDone(summary: string): Promise<number> {
  const door = openDoor(process.env, new AbortController().signal);
  try {
    const { accepted, message } = await foremanAt(door).done(summary);
    say(message);
    return accepted ? workerExit.ended : thenDoneExit.notAccepted;
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    say(error.message);
    return workerExit.noDoor;
  }
}

function say(message: string): void {
  try {
    writeSync(2, `${message}\n`);
  } catch {
    // The terminal is gone; the exit code still tells.
  }
}

async function main(): Promise<number> {
  const job = parse(process.argv.slice(2));
  if (job === null) {
    say('usage: [--done <summary>] [--stdin <file>] -- <file> <args>');
    return shimExit.usage;
  }
  const { code, startError } = await run(job);
  if (startError !== null) say(startError);
  if (code === 0 && job.done !== null) return sayDone(job.done);
  return code === thenDoneExit.notAccepted ? thenDoneExit.failed : code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(String(error));
    process.exit(shimExit.failed);
  },
);
