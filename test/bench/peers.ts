/**
 * Lands the same branches with other local queues, with a script and with ours, one after the other: `npm run bench --
 * --peers`. Installs the peers into a folder that is removed again, and says which it cannot.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Broker } from '../../src/git/brokered.ts';
import { openGit } from '../../src/git/openGit.ts';
import { Branches, type Work, pair, twenty } from './mergeQueue/branches.ts';
import { RigQueue } from './mergeQueue/rigQueue.ts';
import { succeeds } from './mergeQueue/history.ts';
import { landSerially } from './mergeQueue/serial.ts';
import { timed } from './ratio.ts';

const run = promisify(execFile);
const checkMs = 1_000;
const limitMs = 180_000;

interface Peer {
  readonly name: string;
  /** Puts it into a folder; absent: nothing is to be installed. */
  readonly install?: (into: string) => Promise<unknown>;
  /** Ms that landing took, what was to be prepared left out. */
  readonly land: (branches: Branches, installed: string) => Promise<number>;
}

async function ours(branches: Branches, slots: number): Promise<number> {
  const script = path.join(import.meta.dirname, '../../src/git/broker.ts');
  const broker = new Broker({ execPath: process.execPath, script, env: process.env });
  const { folder, definition } = branches;
  const git = openGit({ start: broker.start });
  const queue = await RigQueue.open({ folder, git, checks: [definition], refinery: { slots } });
  try {
    await queue.enter(branches.names);
    await branches.git('checkout', '--quiet', '--detach');
    return (await queue.drain(limitMs)).elapsedMs;
  } finally {
    await queue.close();
  }
}

/** Both need a remote that they push to; it is in `origin.git` beside the repository. */
async function withRemote({ place, folder }: Branches): Promise<void> {
  const remote = path.join(place, 'origin.git');
  await run('git', ['init', '--quiet', '--bare', '-b', 'main', remote]);
  await run('git', ['remote', 'add', 'origin', remote], { cwd: folder });
  await run('git', ['push', '--quiet', 'origin', 'main'], { cwd: folder });
}

/** What landed there, for `Branches.landed`. */
async function takeBack(branches: Branches): Promise<void> {
  await branches.git('checkout', '--quiet', '--detach');
  await branches.git('fetch', '--quiet', '--force', 'origin', 'main:main');
}

/** Each branch in a worktree of its own, as both want it. */
async function lanesOf(branches: Branches): Promise<readonly string[]> {
  const { place, names } = branches;
  const lanes = names.map((name) => path.join(place, `repository-lane-${name}`));
  for (const [index, lane] of lanes.entries())
    await branches.git('worktree', 'add', '--quiet', lane, names[index] ?? '');
  return lanes;
}

async function mergetrain(branches: Branches, installed: string): Promise<number> {
  const { folder, place, names, check } = branches;
  await withRemote(branches);
  const config = path.join(place, 'mergetrain.yaml');
  const gates = [{ name: 'test', run: `sh '${check}'` }];
  // YAML takes JSON.
  await writeFile(config, JSON.stringify({ version: 2, project: { name: 'words' }, gates }));
  const call = (...args: string[]): Promise<unknown> =>
    run(path.join(installed, 'bin', 'mergetrain'), ['--config', config, '--repo', folder, ...args], {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: installed },
    });
  const lanes = await lanesOf(branches);
  for (const [index, name] of names.entries())
    await call('enqueue', '--task', name, '--branch', name, '--worktree', lanes[index] ?? '', '--auto');
  // It ends with an error where one did not land; what did is looked at.
  const ms = await timed(() => succeeds(call('daemon', '--once')));
  await takeBack(branches);
  return ms;
}

async function laneQueue(branches: Branches, installed: string): Promise<number> {
  const { folder, check } = branches;
  await withRemote(branches);
  const bin = path.join(installed, 'node_modules', '.bin', 'claude-code-merge-queue');
  const config = 'claude-code-merge-queue.config.mjs';
  const hooks = path.join(folder, '.git', 'hooks');
  const info = path.join(folder, '.git', 'info');
  for (const made of [hooks, info]) await mkdir(made, { recursive: true });
  await writeFile(path.join(hooks, 'pre-push'), `#!/bin/sh\nexec '${bin}' check-push\n`, { mode: 0o755 });
  await writeFile(path.join(info, 'exclude'), `${config}\n`);
  const settings = { branchPrefix: 'work-', integrationBranch: 'main', checkCommand: `sh '${check}'` };
  const lanes = await lanesOf(branches);
  for (const lane of lanes)
    await writeFile(path.join(lane, config), `export default ${JSON.stringify(settings)};\n`);
  // It ends with an error where a lane is red.
  const land = (cwd: string): Promise<unknown> =>
    once(spawn(bin, ['land'], { cwd, stdio: 'ignore' }), 'close');
  const ms = await timed(() => Promise.all(lanes.map(land)));
  await takeBack(branches);
  return ms;
}

const peers: readonly Peer[] = [
  { name: 'serial script', land: landSerially },
  { name: 'ours, 1 slot', land: (branches) => ours(branches, 1) },
  { name: 'ours, 2 slots', land: (branches) => ours(branches, 2) },
  {
    name: 'mergetrain',
    install: (into) =>
      run('python3', [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--target',
        into,
        'mergetrain',
      ]),
    land: mergetrain,
  },
  {
    name: 'claude-code-merge-queue',
    install: (into) =>
      run('npm', [
        'install',
        '--prefix',
        into,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        'claude-code-merge-queue',
      ]),
    land: laneQueue,
  },
];

const scenes: readonly (readonly [string, Work])[] = [
  ['20 branches, 4 red', twenty(1).work],
  ['6 and 7 only alone, 1, 2', pair],
];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(26) : cell.padStart(index === 3 ? 28 : 10)))
    .join(' ');
}

/** Titles or, of a branch that came over as another commit, its files say what landed. */
async function landedBy(branches: Branches): Promise<readonly string[]> {
  const subjects = (await branches.git('log', '--format=%s%n%b', 'main')).split('\n');
  return branches.names.filter((name) => subjects.some((one) => one.includes(name)));
}

async function measure(peer: Peer, work: Work, installed: string): Promise<string> {
  const branches = await Branches.make(work, checkMs);
  try {
    const ms = await peer.land(branches, installed);
    const runs = await branches.runs();
    const landed = await landedBy(branches);
    const which = landed.length > 8 ? String(landed.length) : landed.join(' ');
    const overhead = (ms - runs * checkMs) / Math.max(1, runs);
    return row([peer.name, (ms / 1000).toFixed(1), String(runs), which, `${overhead.toFixed(0)} ms`]);
  } finally {
    await branches.remove();
  }
}

async function installed({ name, install }: Peer, place: string): Promise<string | null> {
  const into = path.join(place, name);
  try {
    await mkdir(into);
    await install?.(into);
    return into;
  } catch (error) {
    const why = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    console.log(`SKIPPED: ${name} cannot be installed: ${why.trim().split('\n').at(-1) ?? ''}`);
    return null;
  }
}

/** Prints a table; the peers whose names begin so. */
export async function comparePeers(only = ''): Promise<void> {
  const place = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs-peers-')));
  try {
    const ready: (readonly [Peer, string])[] = [];
    for (const peer of peers.filter(({ name }) => name.startsWith(only))) {
      const into = await installed(peer, place);
      if (into !== null) ready.push([peer, into]);
    }
    for (const [scene, work] of scenes) {
      console.log(row([scene, 's', 'runs', 'landed', 'overhead']));
      for (const [peer, into] of ready) console.log(await measure(peer, work, into));
    }
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

if (import.meta.main) await comparePeers(process.argv[2]);
