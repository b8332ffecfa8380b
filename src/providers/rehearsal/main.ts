/**
 * The rehearsal's process: a model server on loopback that answers from a playbook. It prints one line of JSON with
 * the address that holds (its own, or that of a server that was there before) and then says nothing more, so that it
 * outlives whoever started it.
 *
 * `rehearsal.cjs --home <folder> --playbook <file> [--idle-minutes N] [--speed N]`
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { systemClock } from '../../system/clock.ts';
import { type RehearsalAddress, writtenAddress } from './address.ts';
import { claim, giveUp } from './claim.ts';
import { readPlaybook } from './playbooks.ts';
import { Rehearsal } from './server.ts';

/** How often it looks whether it is still wanted, at most. */
const lookEveryMs = 5_000;

function positive(value: string, name: string): number {
  const number = Number(value);
  if (number > 0) return number;
  throw new Error(`--${name} takes a number above 0, not "${value}".`);
}

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    playbook: { type: 'string' },
    'idle-minutes': { type: 'string', default: '30' },
    speed: { type: 'string', default: '1' },
  },
});

async function main(): Promise<void> {
  const { home, playbook: file } = values;
  if (home === undefined || file === undefined) throw new Error('--home and --playbook are needed.');
  const book = await readPlaybook(file);
  const rehearsal = new Rehearsal({ book, clock: systemClock, speed: positive(values.speed, 'speed') });
  const idleMs = positive(values['idle-minutes'], 'idle-minutes') * 60_000;
  const mine = await listen(rehearsal, (await writtenAddress(home)) ?? null);
  const holds = await claim(home, mine, book.hash);
  process.stdout.write(`${JSON.stringify(holds)}\n`);
  if (holds.pid !== mine.pid) {
    rehearsal.server.close();
    return;
  }
  endWhenUnwanted(rehearsal, home, idleMs);
}

/** On the port of the server before, when it is free: agents that still knock there are answered again. */
async function listen({ server }: Rehearsal, before: RehearsalAddress | null): Promise<RehearsalAddress> {
  const wished = before === null ? 0 : Number(new URL(before.address).port);
  const port = await listenOn(wished).catch(() => listenOn(0));
  return { address: `http://127.0.0.1:${port}`, pid: process.pid, startedAt: systemClock.now() };

  function listenOn(wanted: number): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }
}

function endWhenUnwanted(rehearsal: Rehearsal, home: string, idleMs: number): void {
  const end = (): void => {
    clearInterval(looking);
    void giveUp(home, process.pid).finally(() => process.exit(0));
  };
  const look = async (): Promise<void> => {
    const written = await writtenAddress(home);
    // A home that is gone or another's wants us no longer.
    if (written?.pid !== process.pid || rehearsal.idleMs() > idleMs) end();
  };
  const looking = setInterval(() => void look(), Math.min(lookEveryMs, idleMs / 2));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
}

// Who started us may be gone before the last line is written.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
// A hang-up is of the terminal of whoever started us.
process.on('SIGHUP', () => undefined);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
