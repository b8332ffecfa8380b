/**
 * The process of every polecat's terminal. It runs the agent as its child on the same tty and writes durably that it
 * started and how it ended, so that an end while no window looks is not lost. Kept small: one of these runs for
 * every agent, and it imports nothing that it does not need.
 *
 * `shim.cjs --spool <folder> --session <polecat> <token> -- <file> <args…>`
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeSync } from 'node:fs';
import { identityOf } from '../system/processIdentity.ts';
import { killTree } from '../system/processTree.ts';
import { claimStart, writeExit, writeStart } from '../system/spool.ts';
import type { ExitRecord, SessionKey, StartRecord } from '../system/spool.ts';
import { shimExit } from './exitCodes.ts';

/** What the agent may do with a hang-up before it is ended with all it started. */
const hangUpGraceMs = 10_000;
const writeTries = 5;
const writeAgainMs = 500;

interface Job {
  readonly spool: string;
  readonly session: SessionKey;
  readonly file: string;
  readonly args: readonly string[];
}

type End = Pick<ExitRecord, 'code' | 'startError'> & { readonly signal: NodeJS.Signals | null };

async function main(): Promise<number> {
  const job = parse(process.argv.slice(2));
  if (job === null)
    return refuse(shimExit.usage, 'usage: --spool <folder> --session <polecat> <token> -- <file> <args>');
  const signals = takeSignals();
  const shim = await identityOf(process.pid);
  const start = { ...job.session, shim, child: null, at: Date.now() };
  if (!(await claimStart(job.spool, start)))
    return refuse(
      shimExit.alreadyStarted,
      'This session was started before; nothing is started a second time.',
    );
  const child = spawn(job.file, [...job.args], { stdio: 'inherit', env: environmentFor(job.file) });
  const ended = endOf(child);
  signals.passTo(child);
  const identity = child.pid === undefined ? null : await identityOf(child.pid);
  if (identity !== null) await tell(job.spool, { ...start, child: identity });
  const end = await ended;
  await keepTrying(() => writeExit(job.spool, { ...job.session, ...end, at: Date.now() }));
  if (end.startError === null) return shimExit.recorded;
  const code = end.startError === 'ENOENT' ? shimExit.notFound : shimExit.notRunnable;
  return refuse(code, `${job.file} could not be started: ${end.startError}`);
}

/** An agent that runs is not left because nobody can be told of it; its end may find a disk with room again. */
async function tell(spool: string, start: StartRecord): Promise<void> {
  try {
    await keepTrying(() => writeStart(spool, start));
  } catch {
    // Said where somebody may look, in the agent's own terminal.
    complain('Who runs here could not be written down.');
  }
}

function parse(argv: readonly string[]): Job | null {
  const [spoolFlag, spool, sessionFlag, polecat, token, dashes, file, ...args] = argv;
  if (spoolFlag !== '--spool' || sessionFlag !== '--session' || dashes !== '--') return null;
  if (spool === undefined || polecat === undefined || file === undefined) return null;
  if (!/^\d+$/.test(token ?? '')) return null;
  return { spool, session: { polecat, token: Number(token) }, file, args };
}

/** The editor's own variables are no business of an agent; Electron needs one of them to run as Node. */
function environmentFor(file: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VSCODE_') && (name !== 'ELECTRON_RUN_AS_NODE' || file === process.execPath),
  );
  return Object.fromEntries(kept);
}

/**
 * Ctrl+C and Ctrl+\ reach the child from the tty itself, so the shim only has to survive them; what was sent to the
 * shim alone (a closed terminal, a request to end) is passed on.
 */
function takeSignals(): { passTo(child: ChildProcess): void } {
  let target: ChildProcess | null = null;
  let early: NodeJS.Signals | null = null;
  const pass = (name: NodeJS.Signals): void => {
    if (target === null) early = name;
    else if (running(target)) target.kill(name);
  };
  for (const name of ['SIGINT', 'SIGQUIT'] as const) process.on(name, survive);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', (name) => {
    pass(name);
    setTimeout(() => void endWithEverything(target), hangUpGraceMs).unref();
  });
  return {
    passTo: (child) => {
      target = child;
      if (early !== null) pass(early);
    },
  };
}

function survive(): void {
  // Having a listener is what keeps the process alive.
}

function running(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

/** Without a terminal nobody could stop it any more. */
async function endWithEverything(child: ChildProcess | null): Promise<void> {
  if (child === null || !running(child)) return;
  const identity = await identityOf(child.pid ?? 0);
  if (identity !== null) await killTree(identity, 0);
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal, startError: null });
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      // The same event tells of a signal that could not be sent; then the child still runs.
      if (child.pid === undefined)
        resolve({ code: null, signal: null, startError: error.code ?? error.message });
    });
  });
}

async function keepTrying(write: () => Promise<void>): Promise<void> {
  for (let left = writeTries; ; left -= 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (left === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, writeAgainMs));
    }
  }
}

function refuse(code: number, message: string): number {
  complain(message);
  return code;
}

function complain(message: string): void {
  try {
    writeSync(2, `${message}\n`);
  } catch {
    // The terminal is gone; the exit code still tells.
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(refuse(shimExit.failed, String(error))),
);
