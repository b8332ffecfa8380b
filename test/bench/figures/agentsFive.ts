/** Five tasks given → the fifth agent's process runs in its worktree; against uzi with the same stand-in for an agent. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { Broker } from '../../../src/git/brokered.ts';
import { openGit } from '../../../src/git/openGit.ts';
import type { Git } from '../../../src/ports/git.ts';
import { claudeCode } from '../../../src/providers/claude/agent.ts';
import { type PlanBead, planToDrafts } from '../../../src/town/plan.ts';
import { planBeads } from '../../fakes/planBeads.ts';
import { makeAgentRepository } from '../../harness/agentRepository.ts';
import { rigsProgram } from '../../harness/rigsProgram.ts';
import { cached, root } from '../../harness/toolchain.mjs';
import { HeadlessRig } from '../../integration/way/headlessRig.ts';
import { built } from '../built.ts';
import { type Measurement, figure } from '../figure.ts';
import { inTurns } from '../ratio.ts';

const run = promisify(execFile);
const tasks = 5;
const rounds = 5;
const uzi = { module: 'github.com/devflowinc/uzi', version: 'v0.0.2' };
const limitMs = 60_000;
const uziPatienceMs = 15_000;
/** After which a repository's configuration is no longer looked at anew with every call (`git/guard.ts`). */
const freshMs = 2_600;

interface Bench {
  readonly place: string;
  /** What both start as their agent: it says when and where it began, and stays. */
  readonly agent: string;
  readonly starts: string;
}

async function makeBench(): Promise<Bench> {
  const place = await realpath(await mkdtemp(join(tmpdir(), 'rigs-five-')));
  const [bin, starts] = [join(place, 'bin'), join(place, 'starts')];
  for (const folder of [bin, starts]) await mkdir(folder);
  const agent = join(bin, 'claude');
  const script = `#!/bin/sh
case "$1" in --version) echo '2.1.329 (Claude Code)'; exit 0 ;; esac
date +%s%3N > '${starts}/'$$.draft && mv '${starts}/'$$.draft '${starts}/'$$
exec sleep 30
`;
  await writeFile(agent, script);
  await chmod(agent, 0o755);
  return { place, agent, starts };
}

class TooFew extends Error {
  constructor(count: number) {
    super(`Only ${String(count)} agents started.`);
  }
}

/** Milliseconds from an instant to the start of the last of all agents. Their notes go. */
async function lastStart(
  { starts }: Bench,
  since: number,
  count: number,
  patienceMs = limitMs,
): Promise<number> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const names = (await readdir(starts)).filter((name) => !name.endsWith('.draft'));
    if (names.length >= count) {
      const times = await Promise.all(
        names.map(async (name) => Number(await readFile(join(starts, name), 'utf8'))),
      );
      for (const name of names) await rm(join(starts, name));
      return Math.max(...times) - since;
    }
    if (Date.now() > deadline) {
      for (const name of names) await rm(join(starts, name));
      throw new TooFew(names.length);
    }
    await sleep(20);
  }
}

async function byRigs(bench: Bench): Promise<number> {
  const repository = await makeAgentRepository('rigs-five');
  const settings = { enabled: true, command: bench.agent, args: [], model: '', mode: 'ask' as const };
  const rig = await HeadlessRig.open({
    folder: repository.folder,
    vendors: [{ vendor: claudeCode, settings }],
    rigs: await rigsProgram(),
    settings: { maxPolecats: tasks + 1 },
    git: windowGit(),
  });
  const give = async (count: number): Promise<number> => {
    const since = Date.now();
    const convoy = systemIds.convoy();
    const beads = planToDrafts({ goal: 'Tasks', beads: planned(count) }, (taken) => systemIds.bead(taken));
    await rig.rig.foreman.wish({
      type: 'createConvoy',
      convoy,
      title: 'Tasks',
      landing: 'auto',
      held: false,
      beads,
    });
    let lastMs: number | null = null;
    const started = lastStart(bench, since, count).then((ms) => (lastMs = ms));
    // Whoever has to confirm something does so meanwhile.
    await rig.until(() => lastMs !== null, rig.agree, limitMs);
    return started;
  };
  try {
    // Its agents' account has said how much it holds: until one did, a second agent would wait for the first's word.
    await rig.account.tell([
      { kind: 'read', tank: claudeCode.runner, provider: claudeCode.provider, readings },
    ]);
    // A rig whose checks a person has confirmed before, as its second goal finds it; without the spare worktree that
    // the product would have made ahead by then.
    await give(1);
    // Its configuration was written a moment ago, which is looked at anew with every call until its times can tell.
    await sleep(freshMs);
    return await give(tasks);
  } finally {
    for (const { polecat } of rig.terminals.specs) await rig.terminals.close(polecat);
    await rig.close();
    await repository.remove();
  }
}

/** As a window's: on Linux git runs in a small process. */
function windowGit(): Git {
  if (process.platform !== 'linux') return openGit();
  const script = join(root, 'src', 'git', 'broker.ts');
  return openGit({ start: new Broker({ execPath: process.execPath, script, env: process.env }).start });
}

/** A subscription that carries more than five agents. */
const readings = ['5h', 'weekly'].map((gauge) => ({
  gauge,
  model: null,
  used: 0.01,
  capacity: 50_000_000,
  resetsAt: Date.now() + 5 * 60 * 60_000,
  source: 'statusLine' as const,
}));

function planned(count: number): readonly PlanBead[] {
  return planBeads(
    Array.from({ length: count }, (_, at) => ({ title: `Task ${String(at + 1)}`, provider: null })),
  );
}

/** uzi finds git beside its own name, so it is called by that; tmux gives its agents a login shell with our PATH. */
async function byUzi(bench: Bench, bin: string): Promise<number> {
  const repository = await makeAgentRepository('rigs-uzi');
  const home = join(bench.place, 'home');
  await mkdir(home, { recursive: true });
  const PATH = [join(bench.place, 'bin'), bin, process.env['PATH'] ?? ''].join(delimiter);
  await writeFile(join(home, '.bash_profile'), `export PATH='${PATH}'\n`);
  const remote = join(repository.place, 'remote.git');
  await repository.git('init', '--quiet', '--bare', '--template=', remote);
  await repository.git('remote', 'add', 'origin', remote);
  await repository.git('push', '--quiet', '-u', 'origin', 'main');
  await writeFile(join(repository.folder, 'uzi.yaml'), 'devCommand: sleep 1\nportRange: 3000-3010\n');
  const env = { ...process.env, HOME: home, SHELL: '/bin/bash', TMUX: '', TMUX_TMPDIR: bench.place, PATH };
  try {
    const since = Date.now();
    const prompt = ['prompt', '--agents', `claude:${String(tasks)}`, 'Do the task'];
    await run('uzi', prompt, { cwd: repository.folder, env });
    return await lastStart(bench, since, tasks, uziPatienceMs);
  } finally {
    await run('tmux', ['kill-server'], { env }).catch(() => undefined);
    await repository.remove();
  }
}

/** The peer, from the Go module proxy. */
async function ensureUzi(): Promise<string> {
  const words = `uzi ${uzi.version}, which this figure is measured against (7 MB, needs Go)`;
  const folder = await cached(`uzi-${uzi.version}`, words, async (draft) => {
    const env = { ...process.env, GOBIN: draft, GOFLAGS: '-modcacherw' };
    await run('go', ['install', `${uzi.module}@${uzi.version}`], { env });
  });
  return folder;
}

/** Two of uzi's agents may draw the same name: then one of them is not started, and that run says nothing. */
async function byLuckyUzi(bench: Bench, bin: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await byUzi(bench, bin);
    } catch (error) {
      if (!(error instanceof TooFew) || tries === 5) throw error;
    }
  }
}

async function measure(): Promise<Measurement> {
  const bin = await ensureUzi();
  await built();
  const bench = await makeBench();
  try {
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: () => byRigs(bench),
      baseline: () => byLuckyUzi(bench, bin),
      warmUp: 1,
      rounds,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await rm(bench.place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

figure({
  name: 'agents.five',
  unit: 'x',
  target: 1,
  against: 'five tasks to uzi → its fifth agent, ms',
  measure,
});
