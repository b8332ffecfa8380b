import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shell, shellShimArgs, shellShimWorks } from '../../../src/foreman/shellShim.ts';
import { killTree } from '../../../src/system/processTree.ts';
import { readStart } from '../../../src/system/spool.ts';
import { root } from '../../harness/toolchain.mjs';
import { built } from '../built.ts';
import { type Measurement, figure } from '../figure.ts';
import { median } from '../ratio.ts';

const session = { polecat: 'nux-1', token: 7 };
const agent = ['sleep', '60'];
const rounds = 3;

/** What an agent costs besides itself, MiB: resident memory of its waiting shim with all that one started. */
async function restingMebibytes(
  file: string,
  argsFor: (spool: string) => readonly string[],
): Promise<number> {
  const spool = await mkdtemp(join(tmpdir(), 'rigs-bench-'));
  const shim = spawn(file, [...argsFor(spool), ...agent], { stdio: 'ignore', detached: true });
  const identity = { pid: shim.pid ?? 0, startTime: '' };
  try {
    for (;;) {
      const child = (await readStart(spool, session))?.child;
      // What it writes last before it rests is the record with its agent.
      if (child != null) return await settled(identity.pid, child.pid);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    shim.kill('SIGKILL');
    await killTree(identity, 0);
    await rm(spool, { recursive: true, maxRetries: 3 });
  }
}

async function settled(shim: number, child: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const own = rows.filter(([pid, parent]) => pid === shim || (parent === shim && pid !== child));
  return own.reduce((sum, [, , kibibytes = 0]) => sum + kibibytes, 0) / 1024;
}

async function measure(): Promise<Measurement> {
  const script = join(root, 'src', 'worker', 'shim.sh');
  const nodeScript = join(await built(), 'shim.cjs');
  const onNode = (): Promise<number> =>
    restingMebibytes(process.execPath, (spool) => [
      ...[nodeScript, '--spool', spool, '--session', session.polecat, String(session.token), '--'],
    ]);
  const inShell = (): Promise<number> =>
    restingMebibytes(shell, (spool) => shellShimArgs(script, spool, session, process.execPath));
  const chosen = (await shellShimWorks(script)) ? inShell : onNode;
  const values: number[] = [];
  while (values.length < rounds) values.push(await chosen());
  return { value: median(values), baseline: await onNode(), runs: rounds };
}

figure({
  name: 'shim.rss',
  unit: 'MiB',
  target: 5,
  against: 'the same shim on Node, MiB',
  measure,
});
