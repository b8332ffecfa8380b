import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { identityOf } from '../../system/processIdentity.ts';
import { killTree, signalGroup } from '../../system/processTree.ts';
import { plainLines } from '../../words/plain.ts';
import { commandEnvironment } from './environment.ts';
import { HeadTail } from './headTail.ts';
import type { ToolResult } from './result.ts';
import { ToolError } from './toolError.ts';

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

const tenMinutes = 10 * 60_000;
const headCharacters = 8_000;
const tailCharacters = 16_000;
const shownLines = 8;
/** For output that is still on its way when the command has ended. */
const drainMs = 500;

/** Groups of commands that run now, so that none outlives the worker. */
const groups = new Set<number>();

/** For the very end of the process, where nothing can be waited for. */
export function endRunningCommands(): void {
  for (const group of groups) signalGroup(group, 'SIGKILL');
}

/** Runs one program without a shell, in a group of its own that ends with it. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, signal, timeoutMs = tenMinutes }: RunOptions,
): Promise<ToolResult> {
  signal.throwIfAborted();
  const began = performance.now();
  const output = new HeadTail(headCharacters, tailCharacters);
  const child = start(command, args, cwd, env);
  collect(child, output);
  const end = await ended(child, command, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  signal.throwIfAborted();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const how = wordsFor(end, timeoutMs);
  const text = plainLines(output.text());
  const last = text.trimEnd().split('\n').slice(-shownLines);
  return {
    text: text.trim() === '' ? `${how}, no output` : `${how}\n${text}`,
    shown: [`${how}, ${seconds} s`, ...(text.trim() === '' ? [] : last.map((line) => `| ${line}`))],
  };
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stopped: boolean;
}

function wordsFor({ code, signal, stopped }: End, timeoutMs: number): string {
  if (stopped)
    return `stopped after ${String(Math.round(timeoutMs / 1000))} s with everything it had started`;
  return code === null ? `ended by ${signal ?? 'a signal'}` : `exit code ${String(code)}`;
}

function start(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  try {
    return spawn(command, [...args], {
      cwd,
      env: commandEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: it can be ended whole, and Ctrl+C in the terminal is the worker's to handle.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    throw notStarted(command, error);
  }
}

function collect(child: ChildProcess, output: HeadTail): void {
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    stream?.on('data', (piece: Buffer) => {
      output.push(decoder.write(piece));
    });
  }
}

async function ended(child: ChildProcess, command: string, stop: AbortSignal): Promise<End> {
  const exit = new Promise<Pick<End, 'code' | 'signal'>>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
    child.once('error', (error) => {
      reject(notStarted(command, error));
    });
  });
  const closed = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const { pid } = child;
  if (pid === undefined) return { ...(await exit), stopped: false };
  groups.add(pid);
  const identity = await identityOf(pid);
  const end = (): void => {
    if (identity !== null) void killTree(identity, 1_000).catch(() => signalGroup(pid, 'SIGKILL'));
  };
  if (stop.aborted) end();
  else stop.addEventListener('abort', end, { once: true });
  const how = await exit;
  stop.removeEventListener('abort', end);
  await leaveNothingBehind(child, closed, pid);
  return { ...how, stopped: stop.aborted };
}

/** What a command left running in its group ends with it; a server that should go on has no place here. */
async function leaveNothingBehind(child: ChildProcess, closed: Promise<void>, group: number): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, drainMs));
  await Promise.race([closed, late]);
  if (process.platform !== 'win32') signalGroup(group, 'SIGKILL');
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, drainMs))]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  groups.delete(group);
}

function notStarted(command: string, error: unknown): ToolError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const hint =
    code === 'ENOENT'
      ? ' There is no such program. There is no shell here: give the program as "command" and each argument on its own in "args".'
      : '';
  return new ToolError(`${command} could not be started (${code}).${hint}`, { cause: error });
}
