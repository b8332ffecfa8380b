import { type ChildProcess, spawn } from 'node:child_process';
import { identityOf } from '../system/processIdentity.ts';
import { killTree } from '../system/processTree.ts';

/** A program to run, as plain data: it may be another process that runs it. */
export interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
}

/** Who reads what the program prints. */
export interface Reader {
  /** More comes once the promise is fulfilled, if there is one. */
  output(piece: Buffer): Promise<void> | undefined;
  words(piece: Buffer): void;
}

export interface Running {
  /** Exit code, 128 after a signal. Rejects with the system's error when it could not be started. */
  readonly ended: Promise<number>;
  /** Ends it with everything it started; what it prints from now on is nobody's. */
  end(): Promise<void>;
}

export type StartProgram = (call: Call, reader: Reader) => Running;

/**
 * Runs it as a child of this process, in a session of its own. It outlives this process if that is killed: who would end
 * it is gone. It reads no terminal, so it comes to its own end (one that prints, at the broken pipe), and no ref moves
 * without the lease. Where the broker runs git, the broker ends it.
 */
export function startHere(call: Call, reader: Reader): Running {
  const child = spawn(call.file, call.args, {
    cwd: call.cwd,
    env: call.env,
    // A session of its own has no terminal to ask on, and ends together with the ssh it started.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (piece: Buffer) => {
    const read = reader.output(piece);
    if (read === undefined) return;
    child.stdout.pause();
    void read.then(() => child.stdout.resume());
  });
  child.stderr.on('data', (piece: Buffer) => {
    reader.words(piece);
  });
  // Git may end before it has read everything; its exit code says what that means.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 128);
    });
  });
  const end = async (): Promise<void> => {
    child.stdout.destroy();
    await endTree(child);
  };
  return { ended, end };
}

/** SIGTERM first: git removes its lock files on it. What it started may outlive it, in its group. */
async function endTree({ pid }: ChildProcess): Promise<void> {
  if (pid !== undefined) await killTree((await identityOf(pid)) ?? { pid, startTime: '' });
}
