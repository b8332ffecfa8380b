import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { type Identity, identityOf } from '../../system/processIdentity.ts';
import { killTree } from '../../system/processTree.ts';
import type { CheckDefinition, CheckResult } from '../../town/check.ts';
import { checkEnvironment } from './environment.ts';
import { findingsOf } from './findings.ts';
import { OutputFile } from './output.ts';
import { programOf } from './program.ts';

export interface CheckPlace {
  readonly cwd: string;
  /** Absolute path of the file that gets the output. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onOutput?: ((piece: Buffer) => void) | undefined;
}

type Ended = Pick<CheckResult, 'outcome' | 'exitCode'>;

/** How long output may still trickle in after the program has ended and its tree is gone. */
const drainMs = 1_000;

/** Runs one check to its end. Rejects with the signal's reason when aborted, after the whole process tree is gone. */
export async function runCheck(definition: CheckDefinition, place: CheckPlace): Promise<CheckResult> {
  const began = performance.now();
  await assertFolder(place.cwd);
  const output = await OutputFile.create(place.file);
  let ended: Ended;
  try {
    ended = await outcomeOf(definition, place, output);
  } finally {
    await output.close();
  }
  place.signal.throwIfAborted();
  const durationMs = Math.round(performance.now() - began);
  const findings = ended.outcome === 'failed' ? await findingsOf(place.file, place.cwd) : {};
  return { name: definition.name, ...ended, durationMs, outputFile: place.file, ...findings };
}

/** Without its folder a program fails to start with the same words as when it does not exist. */
async function assertFolder(cwd: string): Promise<void> {
  if (!(await stat(cwd)).isDirectory()) throw new Error(`${cwd} is not a folder.`);
}

async function outcomeOf(definition: CheckDefinition, place: CheckPlace, output: OutputFile): Promise<Ended> {
  const { command, args, timeoutMs, env } = definition;
  const environment = checkEnvironment(process.env, env);
  const program = await programOf(command, args, environment, place.cwd);
  if (program === null) return notRunnable(output, `${command} was not found on PATH.`);
  const child = spawn(program.file, [...program.args], {
    cwd: place.cwd,
    env: environment,
    // The leader of a group of its own, so that what it starts can be ended with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = exitOf(child);
  follow(child, (piece) => {
    output.write(piece);
    place.onOutput?.(piece);
  });
  const leader = child.pid === undefined ? null : await identityOf(child.pid);
  const why = await firstOf(exit, timeoutMs, place.signal);
  // Also after a good end: a server that a test left running would hold the worktree and its port.
  if (child.pid !== undefined) await endTree(child.pid, leader, why.kind === 'exited' ? 0 : undefined);
  await drained(child);
  if (why.kind === 'failed') return notRunnable(output, why.error.message);
  if (why.kind === 'exited') return { outcome: why.code === 0 ? 'passed' : 'failed', exitCode: why.code };
  if (why.kind === 'late') output.write(Buffer.from(`\n... ended after ${String(timeoutMs)} ms ...\n`));
  return { outcome: 'timed_out', exitCode: null };
}

function notRunnable(output: OutputFile, message: string): Ended {
  output.write(Buffer.from(`${message}\n`));
  return { outcome: 'not_runnable', exitCode: null };
}

type Exit =
  | { readonly kind: 'exited'; readonly code: number | null }
  | { readonly kind: 'failed'; readonly error: Error };
type Why = Exit | { readonly kind: 'late' | 'aborted' };

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ kind: 'failed', error });
    });
    child.once('exit', (code) => {
      resolve({ kind: 'exited', code });
    });
  });
}

function follow(child: ChildProcess, told: (piece: Buffer) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', told);
  }
}

async function firstOf(exit: Promise<Exit>, timeoutMs: number, signal: AbortSignal): Promise<Why> {
  let stop = (): void => undefined;
  const stopped = new Promise<Why>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, { kind: 'late' });
    const abort = (): void => {
      resolve({ kind: 'aborted' });
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([exit, stopped]);
  } finally {
    stop();
  }
}

/** A leader that ended at once has no identity any more, but its group may live on under its number. */
async function endTree(pid: number, leader: Identity | null, graceMs: number | undefined): Promise<void> {
  await killTree(leader ?? { pid, startTime: '' }, graceMs);
}

/** A grandchild that escaped may hold the pipe open for ever. */
async function drained(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const ends = streams.map((stream) =>
    stream.closed ? Promise.resolve() : new Promise<void>((resolve) => stream.once('close', resolve)),
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainMs);
  });
  await Promise.race([Promise.all(ends), late]);
  clearTimeout(timer);
  for (const stream of streams) stream.destroy();
}
