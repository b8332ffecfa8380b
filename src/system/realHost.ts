import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Host, HostIdentity } from '../ports/host.ts';
import { codeOf } from './errorCode.ts';
import { bootId, identityOf, isAlive } from './processIdentity.ts';

/** This machine and this process. */
export const realHost: Host = {
  me: async () => ({
    pid: process.pid,
    startTime: (await identityOf(process.pid))?.startTime ?? '',
    ...(await surroundings()),
  }),
  isAlive: async (other) => {
    const seen = visibility(other, await surroundings());
    if (seen !== 'here') return seen;
    return (await isAlive(other)) ? 'alive' : 'dead';
  },
  monotonic: () => performance.now(),
};

type Surroundings = Pick<HostIdentity, 'boot' | 'pidSpace' | 'machine'>;

/** Whether a process id of there can be asked for here, and what is known when it cannot. */
export function visibility(there: Surroundings, here: Surroundings): 'here' | 'dead' | 'unknown' {
  const sameMachine = here.machine !== '' && there.machine === here.machine;
  // No process outlives its boot.
  if (there.boot !== here.boot) return sameMachine ? 'dead' : 'unknown';
  // Where the system names no boot, the machine has to answer for it.
  if (here.boot === '' && !sameMachine) return 'unknown';
  return there.pidSpace === here.pidSpace ? 'here' : 'unknown';
}

async function surroundings(): Promise<Surroundings> {
  return { boot: await bootId(), pidSpace: await pidSpace(), machine: await machine() };
}

/** pid_namespaces(7): processes that see each other under the same numbers read the same link. */
async function pidSpace(): Promise<string> {
  return process.platform === 'linux' ? readlink('/proc/self/ns/pid') : '';
}

/** machine-id(5) with the host's name, because images carry one machine id to many machines. */
async function machine(): Promise<string> {
  if (process.platform !== 'linux') return hostname();
  const id = await readFile('/etc/machine-id', 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return '';
    throw error;
  });
  return id.trim() === '' ? '' : `${id.trim()}:${hostname()}`;
}
