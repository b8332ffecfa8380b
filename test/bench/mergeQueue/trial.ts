import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { openGit } from '../../../src/git/openGit.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';
import { inOrder } from '../../../src/town/queueOrder.ts';
import { timed } from '../ratio.ts';
import { type Branch, type History, runCheck, succeeds } from './history.ts';
import { RigQueue } from './rigQueue.ts';

const run = promisify(execFile);
const limitMs = 600_000;

type Fate = 'landed' | 'failed' | 'conflict';
type Fates = Readonly<Record<string, Fate>>;

interface Ran {
  readonly fates: Fates;
  readonly runs: number;
  readonly ms: number;
}

export interface Trial {
  readonly branches: number;
  readonly broken: number;
  readonly queue: Ran;
  readonly serial: Ran;
  /** In words: what landed red, what was blamed that passes, whose fate the plain way is another. */
  readonly mistakes: readonly string[];
  /** What is red alone and landed with a later one that mends it: only the tip of a landing is promised to be green. */
  readonly mended: readonly string[];
}

/** Puts the branches through the queue, and in its order through nothing but git and the check; compares both. */
export async function tryOut(
  history: History,
  branches: readonly Branch[],
  definition: CheckDefinition,
  slots = 2,
): Promise<Trial> {
  const plain = path.join(history.place, 'plain');
  await run('git', ['clone', '--quiet', history.folder, plain]);
  const queue = await RigQueue.open({
    ...{ folder: history.folder, git: openGit(), checks: [definition], refinery: { slots } },
  });
  try {
    await queue.enter(branches.map(({ name }) => name));
    const { state } = queue.rig;
    const order = inOrder(state, Object.values(state.requests), Date.now()).map(({ branch }) => branch);
    const base = await history.git('rev-parse', 'main');
    const drained = await queue.drain(limitMs);
    const fates = Object.fromEntries(
      Object.values(drained.requests).map(({ branch, stage }) => [branch, stage as Fate]),
    );
    const runs = drained.past.reduce((all, past) => all + past.runs, 0);
    const serial = await plainly(plain, order, definition);
    const ours = { fates, runs, ms: drained.elapsedMs };
    const below = new Set(drained.past.flatMap(({ landed }) => landed.slice(0, -1)));
    const mended = Object.values(drained.requests).flatMap(({ id, branch }) =>
      below.has(id) && serial.fates[branch] === 'failed' ? [branch] : [],
    );
    const red = await redTips(history, base, definition);
    const broken = branches.filter((one) => one.broken).map(({ name }) => name);
    return {
      ...{ branches: branches.length, broken: broken.length, queue: ours, serial },
      mended,
      mistakes: [
        ...red.map((commit) => `${commit} landed and is red`),
        ...broken.filter((name) => fates[name] === 'landed').map((name) => `${name} is broken and landed`),
        ...order.flatMap((name) => {
          const [one = '', other = ''] = [fates[name], serial.fates[name]];
          return one === other || mended.includes(name) ? [] : [`${name}: ${one}, plainly ${other}`];
        }),
      ],
    };
  } finally {
    await queue.close();
  }
}

async function plainly(folder: string, order: readonly string[], definition: CheckDefinition): Promise<Ran> {
  const git = (...args: string[]): Promise<boolean> =>
    succeeds(
      run('git', ['-c', 'user.name=P', '-c', 'user.email=p@example.invalid', ...args], { cwd: folder }),
    );
  const fates: Record<string, Fate> = {};
  let runs = 0;
  const land = async (name: string): Promise<Fate> => {
    if (!(await git('merge', '--quiet', '--no-ff', '-m', name, `origin/${name}`))) {
      await git('merge', '--abort');
      return 'conflict';
    }
    runs += 1;
    if (await succeeds(runCheck(definition, folder))) return 'landed';
    await git('reset', '--quiet', '--hard', 'HEAD^');
    return 'failed';
  };
  const ms = await timed(async () => {
    for (const name of order) fates[name] = await land(name);
  });
  return { fates, runs, ms };
}

/** Where `main` stood after each landing; of those that landed together only the last was promised to be green. */
async function redTips(
  history: History,
  base: string,
  definition: CheckDefinition,
): Promise<readonly string[]> {
  const moves = (await history.git('reflog', 'show', '--format=%H', 'main')).split('\n');
  const landings = moves.slice(0, Math.max(0, moves.indexOf(base)));
  const red: string[] = [];
  for (const commit of landings) if (!(await history.passes(commit, definition))) red.push(commit);
  return red;
}
