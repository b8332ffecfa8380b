import { type Action, due } from '../../../src/town/action.ts';
import { attemptsAt, standingOf, waitsForPick } from '../../../src/town/contest.ts';
import { isOpen } from '../../../src/town/bead.ts';
import { step } from '../../../src/town/step.ts';
import type { RigState } from '../../../src/town/state.ts';
import { isHeld } from '../../../src/town/offer.ts';
import type { ResolvingFound } from '../../../src/town/resolving.ts';
import { notReady } from '../../../src/town/ready.ts';
import { reason } from '../../../src/town/reason.ts';
import * as say from './words.ts';
import type { Word } from './words.ts';

/** From here on all goes well: people answer, agents deliver, checks are green. What then does not end, hangs. */
export function helpAlong(start: RigState, rounds = 400): RigState {
  let state = start;
  let at = 1_000_000;
  let drawn = 50_000;
  const tell = (word: Word): void => {
    at += 1;
    const result = step(state, { ...word, at });
    if (result.ok) state = result.state;
  };
  for (let round = 0; round < rounds && !isThrough(state); round += 1) {
    for (const word of people(state, (drawn += 1))) tell(word);
    tell(say.tick(2));
    for (const action of due(state)) {
      drawn += 1;
      tell(done(state, action, drawn));
    }
  }
  return state;
}

/** Every bead ended or waits for one that ended badly, and nothing is left to clear away. */
export function isThrough(state: RigState): boolean {
  const waits = Object.values(state.beads).every(
    (bead) => !isOpen(bead.status) || waitsForFailed(state, bead.id, new Set()),
  );
  return waits && due(state).length === 0;
}

function waitsForFailed(state: RigState, id: keyof RigState['beads'], seen: Set<string>): boolean {
  const bead = state.beads[id];
  if (bead?.status === 'contested') {
    const open = attemptsAt(state, bead).filter((one) => isOpen(one.status) && one.status !== 'contending');
    return open.length > 0 && open.every((one) => waitsForFailed(state, one.id, new Set(seen)));
  }
  if (bead?.status !== 'queued' || seen.has(id)) return false;
  seen.add(id);
  if (notReady(state, bead)?.code === 'dependency_failed') return true;
  return bead.dependencies.some((one) => waitsForFailed(state, one, seen));
}

function people(state: RigState, drawn: number): readonly Word[] {
  const held = Object.values(state.convoys).filter((one) => one.held);
  const deferred = Object.values(state.beads).some((one) => (one.deferredUntil ?? 0) > 1_000_000);
  if (deferred) throw new Error('a walk may not defer beyond the help');
  return [
    ...Object.values(state.requests)
      .filter((one) => one.stage === 'offered' && one.offer?.opened === false && isHeld(one.offer))
      .map(({ id }): Word => ({ type: 'reprove', request: id, reason: reason('person_said') })),
    ...(state.rig === null ? [say.adopt] : []),
    ...(state.rig?.checks === null ? [say.confirm] : []),
    { type: 'startTown' },
    { type: 'resumeQueue' },
    { type: 'unparkRig' },
    ...held.map(({ id }): Word => ({ type: 'releaseConvoy', convoy: id })),
    ...Object.values(state.asks)
      .filter((ask) => ask.answer === null)
      .map(({ id, subject }) =>
        say.answer(
          id,
          (
            {
              permission: 'deny',
              checks: 'dismiss',
              stuck: 'retry',
              question: 'dismiss',
              attention: 'dismiss',
              moveOn: 'allow',
              budget: 'allow',
            } as const
          )[subject.kind],
        ),
      ),
    ...Object.values(state.beads)
      .filter((one) => waitsForPick(state, one))
      .map((one): Word => {
        const [best] = standingOf(state, one).pickable;
        return { type: 'pickAttempt', bead: best?.id ?? one.id, request: say.requestId(drawn) };
      }),
    ...Object.values(state.polecats)
      .filter((one) => one.resolving?.step === 'open')
      .map(({ bead }): Word => ({ type: 'finishResolution', bead, asIs: true })),
    ...Object.values(state.requests)
      .filter((one) => one.stage === 'ready')
      .map(({ id }): Word => ({ type: 'approve', request: id })),
  ];
}

function foundOf(step: 'begin' | 'finish', drawn: number): ResolvingFound {
  if (step === 'finish') return { kind: 'made', commit: say.commitId(drawn) };
  return { kind: 'begun', head: say.commitId(1), onto: say.commitId(0), base: null, files: ['a.ts'] };
}

function done(state: RigState, action: Action, drawn: number): Word {
  switch (action.type) {
    case 'house': {
      const { polecat, token } = action;
      return { type: 'housed', polecat, token, worktree: `/w/${polecat}`, base: say.commitId(0) };
    }
    case 'launch': {
      const { polecat, token } = action;
      return { type: 'sessionStarted', polecat, token, process: { pid: 1, startTime: 's' } };
    }
    case 'attend': {
      const { polecat, token } = action;
      const status = state.beads[state.polecats[polecat]?.bead ?? say.beadId(0)]?.status;
      if (status === 'in_progress' || status === 'assigned')
        return { type: 'claimDone', polecat, token, claim: `help-${String(drawn)}` };
      return {
        type: 'sessionEnded',
        polecat,
        token,
        exit: { how: 'exited', code: 0, signal: null },
        ask: say.askId(drawn),
      };
    }
    case 'endSession': {
      const { polecat, token } = action;
      const exit = { how: 'signalled', code: null, signal: 'SIGINT' } as const;
      return { type: 'sessionEnded', polecat, token, exit, ask: say.askId(drawn) };
    }
    case 'proveDone': {
      const { polecat, token } = action;
      const commit = say.commitId(drawn);
      return {
        type: 'evidenceFound',
        polecat,
        token,
        evidence: say.evidence(commit),
        request: say.requestId(drawn),
      };
    }
    case 'optimize': {
      const description = state.beads[action.bead]?.description ?? '';
      return { type: 'beadOptimized', bead: action.bead, description, optimized: null, reason: null };
    }
    case 'clear':
      return { type: 'cleared', polecat: action.polecat };
    case 'resolve': {
      const { polecat, step } = action;
      const found = step === 'abandon' ? ({ kind: 'gone' } as const) : foundOf(step, drawn);
      return { type: 'resolution', polecat, step, found, reason: null };
    }
    case 'assemble': {
      const { batch } = state.queue;
      if (batch === null) throw new Error('a batch that is not there is merged');
      return say.assembled(state, batch);
    }
    case 'proveTip':
      return { type: 'ran', batch: action.batch, length: action.length, checks: [say.passed] };
    case 'push':
      return { type: 'pushed', commit: action.commit };
    case 'checkTarget':
      return { type: 'targetChecked', look: action.look, red: null };
    case 'revertLanding':
      return { type: 'targetReverted', landing: action.landing, reason: reason('revert_conflict') };
    case 'offer':
      return {
        ...{ type: 'offerOpened', request: action.request, pushed: say.commitId(drawn), reason: null },
        url: 'https://forge.example/pull/1',
      };
    case 'watchOffers': {
      const open = Object.values(state.requests).find(
        (one) => one.offer?.opened === true && one.stage === 'offered',
      );
      if (open === undefined) throw new Error('nothing is with the forge that is looked at');
      return {
        ...{ type: 'offerMerged', request: open.id },
        ...{ commit: say.commitId(drawn), onto: say.commitId(0) },
      };
    }
    case 'trace':
      return { type: 'traced', request: action.request, length: action.length, passed: false };
    case 'land':
      return { type: 'landed', batch: action.batch, length: action.length };
  }
}
