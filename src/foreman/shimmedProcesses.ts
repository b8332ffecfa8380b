import { mkdirSync } from 'node:fs';
import type { Clock } from '../ports/clock.ts';
import type { Caller } from '../ports/desk.ts';
import type { Processes, SessionRecord } from '../ports/processes.ts';
import { isAlive } from '../system/processIdentity.ts';
import { killTree, signal as send } from '../system/processTree.ts';
import { claimStart, isRecordOf, readExit, readStart } from '../system/spool.ts';
import { watchFolder } from '../system/watchFolder.ts';
import { shell, shellShimArgs } from './shellShim.ts';
import type { PolecatId, Token } from '../town/ids.ts';
import type { ProcessIdentity } from '../town/polecat.ts';

export interface ShimParts {
  readonly spool: string;
  /** The host's own Node, and what makes it behave as one (`ELECTRON_RUN_AS_NODE` on a desktop). */
  readonly execPath: string;
  readonly nodeEnv: Readonly<Record<string, string>>;
  readonly shimScript: string;
  /** The shim for a POSIX shell, where it works on this machine: it costs a thirtieth of Node's memory. */
  readonly shellShim?: string | null;
  readonly clock: Clock;
}

/** Agents' processes as their shims tell of them in the spool. */
export class ShimmedProcesses implements Processes {
  readonly #parts: ShimParts;

  constructor(parts: ShimParts) {
    this.#parts = parts;
    mkdirSync(parts.spool, { recursive: true, mode: 0o700 });
  }

  async record(polecat: PolecatId, token: Token): Promise<SessionRecord> {
    const key = { polecat, token };
    const start = await readStart(this.#parts.spool, key);
    const exit = await readExit(this.#parts.spool, key);
    const started =
      start?.child == null || start.shim === null ? null : { agent: start.child, shimPid: start.shim.pid };
    const exited = exit === null ? null : { code: exit.code, signal: exit.signal };
    return { claimed: start !== null, shim: start?.shim ?? null, started, exited };
  }

  /** A watcher wakes it at once where the system has one, and not for all the others' files; the clock wakes it anyway. */
  async changed(ms: number, signal: AbortSignal, of: Caller): Promise<void> {
    const woken = new AbortController();
    const either = AbortSignal.any([signal, woken.signal]);
    const watcher = watchFolder(this.#parts.spool, (name) => {
      if (name === null || isRecordOf(name, of)) woken.abort();
    });
    try {
      await this.#parts.clock.sleep(ms, either);
    } catch (error) {
      if (!either.aborted) throw error;
    } finally {
      watcher.close();
    }
  }

  async forbid(polecat: PolecatId, token: Token): Promise<boolean> {
    const at = this.#parts.clock.now();
    return claimStart(this.#parts.spool, { polecat, token, shim: null, child: null, at });
  }

  isAlive(process: ProcessIdentity): Promise<boolean> {
    return isAlive(process);
  }

  async signal(process: ProcessIdentity, how: 'interrupt' | 'terminate' | 'kill'): Promise<void> {
    if (how === 'kill') await killTree(process, 0);
    else await send(process, how === 'interrupt' ? 'SIGINT' : 'SIGTERM');
  }

  underShim(
    polecat: PolecatId,
    token: Token,
    file: string,
    args: readonly string[],
  ): ReturnType<Processes['underShim']> {
    const { execPath, shimScript, shellShim, spool, nodeEnv } = this.#parts;
    if (shellShim != null) {
      const before = shellShimArgs(shellShim, spool, { polecat, token }, execPath);
      return { file: shell, args: [...before, file, ...args], env: nodeEnv };
    }
    const session = ['--spool', spool, '--session', polecat, String(token)];
    return { file: execPath, args: [shimScript, ...session, '--', file, ...args], env: nodeEnv };
  }
}
