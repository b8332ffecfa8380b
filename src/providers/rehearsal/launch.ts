import { type ChildProcessByStdio, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type RehearsalAddress, liveAddress, readAddress } from './address.ts';
import { RehearsalError } from './error.ts';
import { readPlaybook } from './playbooks.ts';

export interface RehearsalStart {
  /** Folder that belongs to rehearsals; each playbook gets one of its own inside. */
  readonly home: string;
  /** File of the playbook. */
  readonly playbook: string;
  /** Node, or what behaves like it under `env`. */
  readonly execPath: string;
  /** The program in main.ts. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** 2 plays twice as fast; on top of the playbook's own speed. Holds for a server started anew. */
  readonly speed?: number;
  /** Minutes without a request after which the server ends itself. */
  readonly idleMinutes?: number;
}

/** What a server needs of our environment; keys and the editor's variables are not among it. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE'];
const patienceMs = 15_000;

/**
 * The rehearsal of a playbook: one that lives is adopted, else one is started that outlives this process. Cheap when it
 * lives, so it may be asked for at every use. Throws `RehearsalError`.
 */
export async function startRehearsal(start: RehearsalStart): Promise<RehearsalAddress> {
  const { hash } = await readPlaybook(start.playbook);
  const home = path.join(start.home, hash.slice(0, 12));
  return (await liveAddress(home, hash)) ?? (await started(start, home));
}

async function started(start: RehearsalStart, home: string): Promise<RehearsalAddress> {
  const { speed = 1, idleMinutes = 30 } = start;
  const args = [start.script, '--home', home, '--playbook', start.playbook];
  const child = spawn(
    start.execPath,
    [...args, '--speed', String(speed), '--idle-minutes', String(idleMinutes)],
    {
      // A session of its own: it stays when the window that started it goes.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited(), ...start.env },
    },
  );
  try {
    return await firstLine(child);
  } finally {
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Waits for the line that says where the rehearsal is; a process that does not say it in time is ended. */
function firstLine(child: ChildProcessByStdio<null, Readable, Readable>): Promise<RehearsalAddress> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complaint = '';
    const fail = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(new RehearsalError('not_started', `The rehearsal did not start: ${why}`, { cause }));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`it said nothing for ${patienceMs / 1000} seconds. ${complaint}`);
    }, patienceMs);
    child.once('error', (error) => {
      fail(error.message, error);
    });
    child.once('close', (code) => {
      fail(complaint.trim() === '' ? `it ended with exit code ${String(code)}.` : complaint.trim());
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      complaint = (complaint + piece).slice(-2_000);
    });
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
      const address = said.includes('\n') ? readAddress(said) : null;
      if (address === null) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
