import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../harness/toolchain.mjs';
import { type Measurement, figure } from '../figure.ts';

interface Report {
  readonly subjectMs: number;
  readonly baselineMs: number;
  readonly subjectBlockedMs: number;
  readonly baselineBlockedMs: number;
  readonly runs: number;
}

/** In a process of its own: how large it is decides. */
async function report(mebibytes: number, command: 'silent' | 'talking'): Promise<Report> {
  const script = join(root, 'test', 'bench', 'gitCallTime.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, String(mebibytes), command];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Report;
}

async function roundTrip(mebibytes: number, command: 'silent' | 'talking'): Promise<Measurement> {
  const { subjectMs, baselineMs, runs } = await report(mebibytes, command);
  return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
}

async function blocked(): Promise<Measurement> {
  const { subjectBlockedMs, baselineBlockedMs, runs } = await report(512, 'silent');
  return { value: subjectBlockedMs / baselineBlockedMs, baseline: baselineBlockedMs, runs };
}

figure({
  name: 'git.call',
  unit: 'x',
  target: 1.3,
  against: 'raw spawn of a git command that prints nothing, ms',
  measure: () => roundTrip(0, 'silent'),
});
figure({
  name: 'git.call.talking',
  unit: 'x',
  target: 1.3,
  against: 'raw spawn of a git command that prints, ms',
  measure: () => roundTrip(0, 'talking'),
});
figure({
  name: 'git.call.fat',
  unit: 'x',
  target: 1 / 4,
  against: 'raw spawn from a process of +512 MB, ms',
  measure: () => roundTrip(512, 'silent'),
});
figure({
  name: 'git.call.fat.blocked',
  unit: 'x',
  target: 1 / 4,
  against: 'event loop held up by such a spawn, ms',
  measure: blocked,
});
