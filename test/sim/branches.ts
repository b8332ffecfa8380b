import { type Entrance, enterBranch } from '../../src/foreman/enterBranch.ts';
import { revertLanding } from '../../src/foreman/revertLanding.ts';
import type { CommitId, RequestId } from '../../src/town/ids.ts';
import type { Random } from './random.ts';
import { repository } from './simGit.ts';
import { type Open, idsOf } from './window.ts';
import type { World } from './world.ts';

const sources = ['a', 'b', 'c', 'd'];
const contents = { '': 12, bug: 3, 'old way': 2, 'new way': 2 } as const;
const most = 6;

/** Branches of the person, made off one of the last targets and put into the queue together; most get their yes at once. */
export function enterBranches(world: World, random: Random): void {
  const { git } = world;
  const made = Array.from({ length: random.between(2, most) }, () => {
    const bases = git.line(git.branch('main')).slice(0, 3);
    if (bases.length === 0) return null;
    const branch = `mine/${random.hex(6)}`;
    const head = commitOn(world, random.pick(bases), random);
    git.setRef(`refs/heads/${branch}`, head);
    world.ledger.byAgents.add(head);
    return branch;
  }).filter((branch) => branch !== null);
  const ids = idsOf(random);
  const yes = random.chance(80);
  let title = 0;
  inWindow(world, 'enters branches', async (open, entrance) => {
    for (const branch of made) {
      const [bead, request] = [ids.bead(() => false), ids.request()];
      const answer = await enterBranch(entrance, {
        branch,
        title: `mine ${String((title += 1))}`,
        bead,
        request,
      });
      say(world, answer);
    }
    if (!yes) return;
    for (const { id, branch } of Object.values(open.foreman.state.requests))
      if (made.includes(branch)) await open.foreman.wish({ type: 'approve', request: id });
  });
}

/** Says that something that landed shall be taken back. */
export function takeBack(world: World, random: Random): void {
  const ids = idsOf(random);
  const [bead, request] = [ids.bead(() => false), ids.request()];
  inWindow(world, 'takes a landing back', async (open, entrance) => {
    const landed = Object.values(open.foreman.state.requests).filter(({ stage }) => stage === 'landed');
    const landing: RequestId | undefined = landed.at(-1)?.id;
    if (landing !== undefined) say(world, await revertLanding(entrance, { landing, bead, request }));
  });
}

function commitOn(world: World, base: CommitId, random: Random): CommitId {
  const name = random.chance(35) ? random.pick(sources) : `n${random.hex(3)}`;
  const files = new Map(world.git.of(base).files);
  files.set(name, `by the person ${random.hex(4)} ${random.weighed(contents)}`);
  return world.git.commit(base, files, `a change of ${name}`);
}

function say(world: World, answer: Awaited<ReturnType<typeof enterBranch>>): void {
  world.trace.note(`  ↳ ${answer.ok ? `entered ${answer.branch}` : answer.refusal.code}`);
}

/** In the window in front of the person; a window that is gone meanwhile says nothing any more. */
function inWindow(world: World, what: string, act: (open: Open, entrance: Entrance) => Promise<void>): void {
  const window = world.doorWindow();
  const open = window?.open ?? null;
  if (window === null || open === null) return;
  const { actor } = window;
  const { foreman: control, git } = open;
  const begin = (): void => {
    void act(open, { repository, git, clock: world.scheduler, control }).catch((error: unknown) => {
      world.trace.note(`  ↳ ${what}: ${String(error)}`);
    });
  };
  void world.scheduler.call('person', `person: ${what}`, begin, world.nobody, actor);
}
