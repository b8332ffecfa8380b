import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Rung } from '../../src/cli/rung.ts';
import { carries, rungsHere } from '../../src/cli/rungs.ts';
import { root } from '../harness/toolchain.mjs';

const run = promisify(execFile);

export interface Calls {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly times: number;
}

/** Calls a program again and again, waiting for each, and ends at the first that fails. */
const loop = `
left=$1 stdin=$2
shift 2
while [ "$left" -gt 0 ]; do
  "$@" >/dev/null <"$stdin" || exit 1
  left=$((left - 1))
done
`;

/** Ms that one call takes as its caller waits for it: from a shell, as agents and vendors' hooks call. */
export async function callMs({ file, args, env, stdin = '/dev/null', times }: Calls): Promise<number> {
  const began = performance.now();
  await run('/bin/sh', ['-c', loop, 'calls', String(times), stdin, file, ...args], { env });
  return (performance.now() - began) / times;
}

/** Begins all of them before it waits for any, and ends as the first that fails. */
const crowd = `
left=$1 stdin=$2 calls=
shift 2
while [ "$left" -gt 0 ]; do
  "$@" >/dev/null <"$stdin" &
  calls="$calls $!"
  left=$((left - 1))
done
for call in $calls; do wait "$call" || exit 1; done
`;

/** Ms until the last of so many calls at once is answered: from one shell, because this process answers them. */
export async function crowdMs({ file, args, env, stdin = '/dev/null', times }: Calls): Promise<number> {
  const began = performance.now();
  await run('/bin/sh', ['-c', crowd, 'calls', String(times), stdin, file, ...args], { env });
  return performance.now() - began;
}

let found: Promise<ReadonlyMap<Rung['name'], Rung>> | null = null;

/** What of this machine can carry calls, fastest first; Node is not among them. */
export function workingRungs(): Promise<ReadonlyMap<Rung['name'], Rung>> {
  found ??= find();
  return found;
}

async function find(): Promise<ReadonlyMap<Rung['name'], Rung>> {
  const script = await readFile(join(root, 'src', 'cli', 'rigs.sh'), 'utf8');
  const working = new Map<Rung['name'], Rung>();
  for (const rung of process.platform === 'win32' ? [] : await rungsHere())
    if (!working.has(rung.name) && (await carries(rung, script))) working.set(rung.name, rung);
  return working;
}
