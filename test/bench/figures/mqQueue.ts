import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Broker } from '../../../src/git/brokered.ts';
import { openGit } from '../../../src/git/openGit.ts';
import { type Measurement, figure } from '../figure.ts';
import { Branches, twenty } from '../mergeQueue/branches.ts';
import { RigQueue } from '../mergeQueue/rigQueue.ts';
import { landSerially } from '../mergeQueue/serial.ts';

const seed = 1;
const checkMs = 1_000;
const limitMs = 90_000;

interface Measured {
  readonly elapsedMs: number;
  readonly runs: number;
}

/** Of one slot, of two, and of nobody's queue; each measured once a run of the bench. */
const measured = new Map<number, Promise<Measured>>();

function measure(slots: number): Promise<Measured> {
  const found = measured.get(slots) ?? onBranches((branches) => ours(branches, slots));
  measured.set(slots, found);
  return found;
}

function serial(): Promise<Measured> {
  const found =
    measured.get(0) ??
    onBranches(async (branches) => ({
      elapsedMs: await landSerially(branches),
      runs: await branches.runs(),
    }));
  measured.set(0, found);
  return found;
}

async function onBranches(land: (branches: Branches) => Promise<Measured>): Promise<Measured> {
  const { work, red } = twenty(seed);
  const branches = await Branches.make(work, checkMs);
  try {
    const result = await land(branches);
    const landed = await branches.landed();
    const wrong = branches.names.filter((name) => landed.includes(name) === red.includes(name));
    if (wrong.length > 0) throw new Error(`not as it should be: ${wrong.join(', ')}`);
    return result;
  } finally {
    await branches.remove();
  }
}

async function ours(branches: Branches, slots: number): Promise<Measured> {
  // As a window has it: git is started by a small process.
  const broker = new Broker({
    execPath: process.execPath,
    script: join(import.meta.dirname, '../../../src/git/broker.ts'),
    env: process.env,
  });
  const git = openGit({ start: broker.start });
  const { folder, definition } = branches;
  const queue = await RigQueue.open({ folder, git, checks: [definition], refinery: { slots } });
  try {
    await queue.enter(branches.names);
    // Nowhere checked out, as for the script: neither brings along anybody's files.
    await branches.git('checkout', '--quiet', '--detach');
    // A configuration of this very moment is looked at before each call of git.
    await wait(2_700);
    const { elapsedMs } = await queue.drain(limitMs);
    return { elapsedMs, runs: await branches.runs() };
  } finally {
    await queue.close();
  }
}

function overheadOf({ elapsedMs, runs }: Measured): number {
  return (elapsedMs - runs * checkMs) / runs;
}

figure({
  name: 'mq.queue20.slots2',
  unit: 'x',
  target: 0.6,
  against: 'time for 20 branches, 4 of them red, with two slots; a serial script, ms',
  measure: async (): Promise<Measurement> => {
    const [rig, script] = [await measure(2), await serial()];
    return { value: rig.elapsedMs / script.elapsedMs, baseline: script.elapsedMs, runs: 1 };
  },
});

figure({
  name: 'mq.queue20.runs',
  unit: 'x',
  target: 1,
  against: 'the same: runs of the check; those that a queue of halves needs',
  measure: async (): Promise<Measurement> => {
    const halves = 24;
    return { value: (await measure(2)).runs / halves, baseline: halves, runs: 1 };
  },
});

figure({
  name: 'mq.queue20.overhead',
  unit: 'x',
  target: 1,
  against: 'time beside the check for each of its runs, with one slot; the script’s, ms',
  measure: async (): Promise<Measurement> => {
    const [rig, script] = [await measure(1), await serial()];
    return { value: overheadOf(rig) / overheadOf(script), baseline: overheadOf(script), runs: 1 };
  },
});
