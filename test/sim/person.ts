import type { Wish } from '../../src/foreman/control.ts';
import { isOpen } from '../../src/town/bead.ts';
import { isPickable } from '../../src/town/contest.ts';
import { maySendBack } from '../../src/town/decide/doubts.ts';
import type { BeadId } from '../../src/town/ids.ts';
import { type MergeRequest, openStages } from '../../src/town/mergeRequest.ts';
import { reason } from '../../src/town/reason.ts';
import type { RigState } from '../../src/town/state.ts';
import { emptyDraft } from '../fakes/events.ts';
import { enterBranches, takeBack } from './branches.ts';
import { Random } from './random.ts';
import { commitIn, repository } from './simGit.ts';
import { checks, idsOf } from './window.ts';
import type { World } from './world.ts';

/** What a person takes it into their head to do, and how often. */
export const wishings = {
  goal: 14,
  bead: 6,
  cancel: 6,
  retry: 7,
  approve: 10,
  eject: 3,
  reprove: 2,
  answer: 12,
  stop: 5,
  start: 6,
  park: 2,
  unpark: 2,
  edit: 3,
  defer: 3,
  hold: 2,
  release: 3,
  revoke: 1,
  commitByHand: 5,
  resetTarget: 2,
  changeFile: 5,
  closeTerminal: 3,
} as const;

/** What they take it into their head to do with the merge queue. */
export const queueWishings = {
  branches: 10,
  pause: 2,
  resume: 3,
  front: 3,
  ejectOne: 2,
  approveAll: 4,
  takeBack: 2,
  commitByHand: 4,
  resetTarget: 2,
} as const;

/** What they take it into their head to do where a bead is tried in several seats. */
export const contestWishings = {
  heldGoal: 4,
  contest: 5,
  release: 5,
  pick: 8,
  cleanUp: 4,
  ejectOne: 3,
  sendBack: 2,
  cancel: 3,
  retry: 3,
  closeTerminal: 2,
} as const;
const answers = {
  stuck: ['retry', 'retry', 'dismiss'],
  permission: ['allow', 'always', 'deny'],
  question: ['reply', 'reply', 'dismiss'],
  attention: ['dismiss'],
  moveOn: ['allow', 'deny'],
  budget: ['allow', 'deny'],
} as const;

export type Wishing = keyof typeof wishings | keyof typeof queueWishings | keyof typeof contestWishings;

const types = ['implementation', 'implementation', 'implementation', 'refactor', 'research'] as const;

/** Does it, or nothing where there is nothing to do it to. */
export function takeUp(world: World, wishing: Wishing, draw: number): void {
  const random = new Random(draw, 'person');
  const open = world.anyOpen();
  if (wishing in byHand) {
    byHand[wishing as keyof typeof byHand](world, random);
    return;
  }
  if (open === null) return;
  const wish = wishOf(wishing, open.foreman.state, random, world.scheduler.now());
  if (wish !== null) world.wish(wish);
}

/** A goal with some beads, each perhaps waiting for one before it. */
export function goal(random: Random): Wish {
  const ids = idsOf(random);
  const names: BeadId[] = [];
  const beads = Array.from({ length: random.between(1, 3) }, () => {
    const bead = ids.bead((id) => names.includes(id));
    const dependencies = names.length > 0 && random.chance(35) ? [random.pick(names)] : [];
    names.push(bead);
    return { bead, draft: { ...emptyDraft, title: `work ${bead}`, type: random.pick(types), dependencies } };
  });
  const landing = random.chance(70) ? 'auto' : 'review';
  return {
    type: 'createConvoy',
    convoy: ids.convoy(),
    title: 'a goal',
    landing,
    held: random.chance(10),
    beads,
  };
}

function wishOf(wishing: Wishing, state: RigState, random: Random, now: number): Wish | null {
  const any = <T>(list: readonly T[], make: (one: T) => Wish): Wish | null =>
    list.length === 0 ? null : make(random.pick(list));
  const beads = Object.values(state.beads);
  const requests = Object.values(state.requests);
  const asks = Object.values(state.asks).filter((ask) => ask.answer === null);
  const ids = idsOf(random);
  switch (wishing) {
    case 'goal':
      return goal(random);
    case 'heldGoal':
      return heldGoal(random);
    case 'bead':
      return {
        type: 'createBead',
        bead: ids.bead(() => false),
        convoy: null,
        draft: {
          ...emptyDraft,
          title: 'one more',
          dependencies: beads.slice(0, random.below(2)).map(({ id }) => id),
        },
      };
    case 'cancel':
      return any(beads, ({ id }) => ({ type: 'cancelBead', bead: id }));
    case 'retry':
      return any(
        beads.filter(({ status }) => status === 'failed' || status === 'in_progress'),
        ({ id }) => ({ type: 'retryBead', bead: id }),
      );
    case 'approve':
      return any(requests, ({ id }) => ({ type: 'approve', request: id }));
    case 'pause':
      return { type: 'pauseQueue' };
    case 'resume':
      return { type: 'resumeQueue' };
    case 'front':
      return any(inLine(requests), ({ id }) => ({ type: 'moveToFront', request: id }));
    case 'ejectOne':
      return any(inLine(requests), ({ id }) => ({
        ...{ type: 'eject', request: id, ask: ids.ask(), reason: reason('person_said') },
      }));
    case 'eject':
      return any(requests, ({ id }) => ({
        type: 'eject',
        request: id,
        ask: ids.ask(),
        reason: reason('person_said'),
      }));
    case 'reprove':
      return any(requests, ({ id }) => ({ type: 'reprove', request: id, reason: reason('person_said') }));
    case 'answer':
      return any(asks, ({ id, subject }) => {
        if (subject.kind === 'checks')
          return { type: 'confirmChecks', checks: { ...checks, confirmedAt: now } };
        return { type: 'answerAsk', ask: id, answer: random.pick(answers[subject.kind]), reply: 'Spaces.' };
      });
    case 'stop':
      return { type: 'stopTown' };
    case 'start':
      return { type: 'startTown' };
    case 'park':
      return { type: 'parkRig' };
    case 'unpark':
      return { type: 'unparkRig' };
    case 'edit':
      return any(beads, ({ id }) => ({ type: 'editBead', bead: id, changes: { title: `edited ${id}` } }));
    case 'defer':
      return any(
        beads.filter(({ status }) => isOpen(status)),
        ({ id }) => ({
          type: 'deferBead',
          bead: id,
          until: now + random.between(1_000, 60_000),
        }),
      );
    case 'hold':
    case 'release':
      return any(Object.values(state.convoys), ({ id }) => ({
        type: wishing === 'hold' ? 'holdConvoy' : 'releaseConvoy',
        convoy: id,
      }));
    case 'contest':
      return any(
        beads.filter(({ status, polecat, attemptAt }) => {
          const waits = status === 'queued' || status === 'deferred';
          return waits && polecat === null && attemptAt === undefined;
        }),
        ({ id }) => contestAt(id, random),
      );
    case 'pick':
      return any(
        beads.filter((one) => isPickable(state, one)),
        ({ id }) => ({ type: 'pickAttempt', bead: id, request: ids.request() }),
      );
    case 'cleanUp':
      return any(
        beads.filter(({ contest }) => contest !== undefined),
        ({ id }) => ({ type: 'cleanAttempts', bead: id }),
      );
    case 'sendBack':
      return any(
        beads.filter((one) => maySendBack(state, one)),
        ({ id }) => ({ type: 'sendBack', bead: id, words: 'Say what 1h30 is.' }),
      );
    case 'revoke':
      return any(state.rig?.grants ?? [], (grant) => ({ type: 'revokeGrant', grant }));
    default:
      return null;
  }
}

function contestAt(bead: BeadId, random: Random): Wish {
  const ids = idsOf(random);
  const attempts = Array.from({ length: random.between(2, 3) }, () => ({
    bead: ids.bead(() => false),
    provider: null,
  }));
  return { type: 'contestBead', bead, attempts };
}

/** A goal whose beads wait, so that they may be tried in several seats before they begin. */
function heldGoal(random: Random): Wish {
  const wish = goal(random);
  return wish.type === 'createConvoy' ? { ...wish, held: true } : wish;
}

function inLine(requests: readonly MergeRequest[]): readonly MergeRequest[] {
  return requests.filter(({ stage }) => openStages.includes(stage));
}

/** What a person does without asking Rigs, or with more than one wish. */
const byHand = {
  branches: enterBranches,
  takeBack,
  approveAll: (world: World): void => {
    const { requests } = world.anyOpen()?.foreman.state ?? { requests: {} };
    for (const { id, approval } of inLine(Object.values(requests)))
      if (approval === null) world.wish({ type: 'approve', request: id });
  },
  commitByHand: (world: World, random: Random): void => {
    const main = world.git.worktrees.get(repository.root);
    if (main === undefined) return;
    main.files.set(random.pick(['a', 'p']), `by hand ${random.hex(4)}`);
    world.personMoved(commitIn(world.git, main, 'by hand'));
    world.personsFiles.clear();
  },
  resetTarget: (world: World): void => {
    const main = world.git.worktrees.get(repository.root);
    const tip = world.git.branch('main');
    const parent = tip === null ? null : world.git.of(tip).parent;
    if (main === undefined || parent === null || world.personsFiles.size > 0) return;
    world.git.moveHead(main, parent);
    main.files = new Map(world.git.of(parent).files);
    world.personMoved(parent);
  },
  changeFile: (world: World, random: Random): void => {
    const name = random.pick(['a', 'b', 'p']);
    const content = `unsaved ${random.hex(4)}`;
    world.git.worktrees.get(repository.root)?.files.set(name, content);
    world.personsFiles.set(name, content);
  },
  closeTerminal: (world: World, random: Random): void => {
    const living = world.sessions.living();
    if (living.length > 0) world.anyOpen()?.sessions.closedByPerson(random.pick(living));
  },
} as const;

/** The target is red as it stands: a person makes a commit that mends it. */
export function mendByHand(world: World): void {
  const main = world.git.worktrees.get(repository.root);
  if (main === undefined) return;
  for (const [name, text] of main.files)
    main.files.set(name, text.replace(/bug|old way|new way|<<<<<<</g, 'mended'));
  world.personsFiles.clear();
  world.personMoved(commitIn(world.git, main, 'mended by hand'));
}
