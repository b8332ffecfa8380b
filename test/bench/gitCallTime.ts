/**
 * A process as large as its first argument says in MiB times git calls through the broker against a plain spawn of the
 * same command, in turns. Prints `{subjectMs, baselineMs, subjectBlockedMs, baselineBlockedMs, runs}` as JSON.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../../src/git/brokered.ts';
import { gitEnvironment } from '../../src/git/environment.ts';
import { createRunGit } from '../../src/git/run.ts';
import { inTurns, median } from './ratio.ts';

const [extra = '0', command = 'silent'] = process.argv.slice(2);
/** Filled, so that the system really gives it. */
const ballast = Array.from({ length: Number(extra) / 16 }, () => Buffer.alloc(16 << 20, 1));
const args = command === 'silent' ? ['update-ref', '--stdin'] : ['rev-parse', '--git-dir'];

const folder = await mkdtemp(join(tmpdir(), 'rigs-bench-'));
const broker = new Broker({
  execPath: process.execPath,
  script: join(import.meta.dirname, '../../src/git/broker.ts'),
  env: process.env,
});
const git = createRunGit('git', broker.start);
const env = gitEnvironment();

function spawned(what: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', what, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stdin.end();
    child.on('error', reject);
    child.on('close', () => {
      resolve();
    });
  });
}

/** How long the call took, and how long nothing else could happen because of it. */
async function clocked(call: () => Promise<unknown>, blocked: number[]): Promise<number> {
  const start = performance.now();
  const under = call();
  blocked.push(performance.now() - start);
  await under;
  return performance.now() - start;
}

try {
  await spawned(['init', '-q']);
  const mine: number[] = [];
  const theirs: number[] = [];
  const { subjectMs, baselineMs, runs } = await inTurns({
    subject: () => clocked(() => git(args, { cwd: folder }), mine),
    baseline: () => clocked(() => spawned(args), theirs),
    warmUp: 10,
    rounds: 60,
  });
  const report = {
    subjectMs,
    baselineMs,
    subjectBlockedMs: median(mine),
    baselineBlockedMs: median(theirs),
    runs,
  };
  console.log(JSON.stringify({ ...report, mebibytes: ballast.length * 16 }));
} finally {
  await rm(folder, { recursive: true });
}
