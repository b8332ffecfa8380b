import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { GitError } from '../ports/git.ts';
import { codeOf } from '../system/errorCode.ts';
import { BrokerEnded } from './brokered.ts';
import { gitEnvironment } from './environment.ts';
import { type Call, type StartProgram, startHere } from './running.ts';

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Exit codes that are an answer; every other one throws. */
  readonly answers?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** Output is cut here and git ended; without it more than 256 MB is an error. */
  readonly maxBytes?: number;
  /** False for a command that leaves something behind when it loses the race between worktrees. */
  readonly retryRace?: boolean;
}

export interface Ran {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly cut: boolean;
}

/** Runs git with arguments in a folder, under Rigs' environment. Throws `GitError`. */
export interface RunGit {
  (args: readonly string[], options: RunOptions): Promise<Ran>;
  /** The object the lease must lead to for a ref to move in that repository; null when none was taken. */
  readonly leaseOf?: (commonDir: string) => string | null;
}

/**
 * Git lists all worktrees in many commands and dies on a sibling's half-written entry. Seen 45 times in 1200 concurrent
 * adds on ext4; any version does it. Another process may cause it, so that a lock of ours alone is not enough.
 */
const raceWords =
  /failed to read \S*[\\/]worktrees[\\/].*commondir|not a git repository: .*[\\/]worktrees[\\/]/;
const lockWords = /Unable to create '.*\.lock': File exists|Unable to create '.*\.lock': Permission denied/;
export const raceTries = 6;
const lockTries = 10;
const outputLimit = 256 << 20;

export function isRace(error: unknown): boolean {
  return GitError.is(error) && raceWords.test(error.detail);
}

/** A moment longer each time, so that the sibling finishes writing. */
export async function breathe(attempt: number): Promise<void> {
  await wait(15 * attempt);
}

export function createRunGit(file: string, start: StartProgram = startHere): RunGit {
  return async (args, options) => {
    for (let attempt = 1; ; attempt += 1) {
      options.signal?.throwIfAborted();
      const ran = await runOnce(start, file, args, options);
      if (ran.cut || (options.answers ?? [0]).includes(ran.code)) return ran;
      const raced = raceWords.test(ran.stderr) && options.retryRace !== false && attempt < raceTries;
      const locked = lockWords.test(ran.stderr);
      if (!raced && !(locked && attempt < lockTries)) throw failure(args, ran, locked);
      await (raced ? breathe(attempt) : wait(100));
    }
  };
}

function failure(args: readonly string[], ran: Ran, locked: boolean): GitError {
  const detail = ran.stderr.trim().slice(-4000);
  // Options of git itself, and what they take, come before it.
  const command = args.find((one) => /^[a-z][a-z-]*$/.test(one)) ?? '';
  return new GitError(
    locked ? 'locked' : 'failed',
    locked ? 'Another git command is at work there.' : `git ${command} ended with ${String(ran.code)}.`,
    detail,
  );
}

async function runOnce(
  start: StartProgram,
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ran> {
  const { cwd, input = '' } = options;
  const call = { file, args: ['--no-pager', ...args], cwd, env: gitEnvironment(options.env), input };
  try {
    return await resultOf(start, call, options);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw await missing(file, cwd);
    if (error instanceof BrokerEnded) throw new GitError('failed', error.message, '', { cause: error });
    throw error;
  }
}

function resultOf(start: StartProgram, call: Call, { signal, maxBytes }: RunOptions): Promise<Ran> {
  const limit = maxBytes ?? outputLimit;
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let bytes = 0;
  return new Promise<Ran>((resolve, reject) => {
    const running = start(call, {
      output: (piece) => {
        if (bytes >= limit) return undefined;
        stdout.push(piece);
        bytes += piece.length;
        if (bytes >= limit) void running.end().catch(reject);
        return undefined;
      },
      words: (piece) => {
        if (stderr.length < 1000) stderr.push(piece);
      },
    });
    const aborted = (): void => {
      void running.end().catch(reject);
      const why: unknown = signal?.reason;
      reject(why instanceof Error ? why : new Error('aborted', { cause: why }));
    };
    signal?.addEventListener('abort', aborted, { once: true });
    const ended = (code: number): void => {
      signal?.removeEventListener('abort', aborted);
      const cut = bytes > limit || (bytes === limit && code !== 0);
      if (cut && maxBytes === undefined) {
        reject(new GitError('failed', 'Git printed more than 256 MB.'));
        return;
      }
      const output = Buffer.concat(stdout).subarray(0, limit);
      resolve({ code, stdout: output, stderr: Buffer.concat(stderr).toString(), cut });
    };
    running.ended.then(ended, reject);
  });
}

async function missing(file: string, cwd: string): Promise<GitError> {
  const folder = await stat(cwd).catch(() => null);
  if (folder?.isDirectory() !== true) return new GitError('failed', `There is no folder ${cwd}.`);
  return new GitError('git_missing', `The program ${file} was not found.`);
}

/** What git printed, as text. */
export async function textOf(git: RunGit, args: readonly string[], options: RunOptions): Promise<string> {
  return (await git(args, options)).stdout.toString('utf8');
}

/** What git printed, without the line end. */
export async function lineOf(git: RunGit, args: readonly string[], options: RunOptions): Promise<string> {
  return (await textOf(git, args, options)).replace(/\r?\n$/, '');
}

/** NUL-separated output as a list. */
export async function listOf(git: RunGit, args: readonly string[], options: RunOptions): Promise<string[]> {
  const parts = (await textOf(git, args, options)).split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

/** A yes or no by exit code 0 or 1. */
export async function holds(git: RunGit, args: readonly string[], options: RunOptions): Promise<boolean> {
  return (await git(args, { ...options, answers: [0, 1] })).code === 0;
}
