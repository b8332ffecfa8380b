import fc from 'fast-check';
import { due } from '../../../src/town/action.ts';
import type { AfterLanding } from '../../../src/town/aftermath.ts';
import type { AskAnswer } from '../../../src/town/ask.ts';
import { beadTypes, priorities } from '../../../src/town/bead.ts';
import { isPickable } from '../../../src/town/contest.ts';
import type { Command } from '../../../src/town/command.ts';
import { doubtOf, maySendBack } from '../../../src/town/decide/doubts.ts';
import type { AskId, BeadId, PolecatId, RequestId } from '../../../src/town/ids.ts';
import type { DoingKind, Exit, Polecat } from '../../../src/town/polecat.ts';
import type { Link } from '../../../src/town/link.ts';
import { reason } from '../../../src/town/reason.ts';
import { type ReviewThread, threadsOf } from '../../../src/town/review.ts';
import type { ResolvingFound } from '../../../src/town/resolving.ts';
import type { RigState } from '../../../src/town/state.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import * as say from './words.ts';
import type { Word } from './words.ts';

/** One draw of a walk: what to try, and numbers to choose by. */
export interface Draw {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

type Make = (state: RigState, draw: Draw, turn: number) => Word;

const hostileIds = ['', 'constructor', '__proto__', 'toString', 'gt-zzzzz', 'nux-99', '../../x'];

function pick<T>(list: readonly T[], n: number): T | undefined {
  return list.length === 0 ? undefined : list[n % list.length];
}

/** Mostly something that is there, now and then something that is not. */
function idFrom(record: object, n: number): string {
  const known = Object.keys(record);
  return (n % 13 === 0 ? pick(hostileIds, n) : undefined) ?? pick(known, n) ?? 'gt-zzzzz';
}

const beadOf = (state: RigState, n: number): BeadId => idFrom(state.beads, n) as BeadId;
const worded = (state: RigState): readonly BeadId[] =>
  Object.values(state.beads).flatMap((one) => (one.optimized === undefined ? [] : [one.id]));
const doubted = (state: RigState): readonly BeadId[] =>
  Object.values(state.beads).flatMap((one) => (doubtOf(state, one) === null ? [] : [one.id]));
const revisable = (state: RigState): readonly BeadId[] =>
  Object.values(state.beads).flatMap((one) => (maySendBack(state, one) ? [one.id] : []));
const notBegun = (state: RigState): readonly BeadId[] =>
  Object.values(state.beads).flatMap((one) =>
    one.status === 'queued' && one.polecat === null && one.attemptAt === undefined ? [one.id] : [],
  );
const contending = (state: RigState): readonly BeadId[] =>
  Object.values(state.beads).flatMap((one) => (isPickable(state, one) ? [one.id] : []));
/** A bead that was commented on, with a comment, or any bead without. */
function commentOf(state: RigState, { a, c }: Draw): readonly [BeadId, ReviewThread | undefined] {
  const bead = pick(
    Object.values(state.beads).filter((one) => threadsOf(one).length > 0),
    a,
  );
  return bead === undefined ? [beadOf(state, a), undefined] : [bead.id, pick(threadsOf(bead), c)];
}
const requestOf = (state: RigState, n: number): RequestId => idFrom(state.requests, n) as RequestId;
/** A new id, or one that is taken. */
const askFor = (state: RigState, draw: Draw, turn: number): AskId =>
  draw.c % 17 === 0 ? (idFrom(state.asks, draw.b) as AskId) : say.askId(turn);

const exits: readonly Exit[] = [
  { how: 'exited', code: 0, signal: null },
  { how: 'exited', code: 1, signal: null },
  { how: 'signalled', code: null, signal: 'SIGKILL' },
  { how: 'closed', code: null, signal: 'SIGHUP' },
  { how: 'lost', code: null, signal: null },
  { how: 'not_started', code: null, signal: null },
];

function polecatOf(
  state: RigState,
  n: number,
): { polecat: PolecatId; token: number; found: Polecat | undefined } {
  const id = idFrom(state.polecats, n) as PolecatId;
  const found = Object.hasOwn(state.polecats, id) ? state.polecats[id] : undefined;
  const token = (found?.token ?? 1) - (n % 7 === 0 ? 1 : 0);
  return { polecat: id, token, found };
}

function beadDrafts(
  state: RigState,
  draw: Draw,
  turn: number,
): { bead: BeadId; draft: ReturnType<typeof say.draft> }[] {
  const count = 1 + (draw.a % 3);
  return Array.from({ length: count }, (_, n) => {
    const before = n > 0 && draw.b % 2 === 0 ? [say.beadId(turn * 10 + n - 1)] : [];
    const other = draw.b % 5 === 0 ? [beadOf(state, draw.c)] : [];
    return {
      bead: draw.c % 19 === 0 ? beadOf(state, draw.b) : say.beadId(turn * 10 + n),
      draft: say.draft(draw.c % 23 === 0 ? '  ' : `bead ${turn}.${n}`, {
        type: pick(beadTypes, draw.c + n) ?? 'test',
        priority: pick(priorities, draw.b + n) ?? 'low',
        dependencies: [...before, ...other],
        preferredProvider: draw.b % 3 === 0 ? 'rehearsal' : null,
      }),
    };
  });
}

/** What an outside hand reports when it did what is due: well by even draws, badly by odd ones. */
function report(state: RigState, draw: Draw, turn: number): Word {
  const action = pick(due(state), draw.a);
  const well = draw.b % 3 !== 0;
  const ask = askFor(state, draw, turn);
  const why = reason('check_failed', { name: 'test' });
  const silent = reason('inspector_silent', { provider: 'p', detail: null });
  const inspected = { commit: say.commitId(turn), verdict: null };
  switch (action?.type) {
    case undefined:
      return say.tick();
    case 'house': {
      const { polecat, token } = action;
      return well
        ? { type: 'housed', polecat, token, worktree: `/w/${polecat}`, base: say.commitId(0) }
        : { type: 'housingFailed', polecat, token, reason: reason('worktree_failed') };
    }
    case 'launch': {
      const { polecat, token } = action;
      const process = { pid: 100 + token, startTime: 's' };
      return well
        ? { type: 'sessionStarted', polecat, token, process }
        : {
            type: 'sessionEnded',
            polecat,
            token,
            exit: { how: 'not_started', code: null, signal: null },
            ask,
          };
    }
    case 'attend':
    case 'endSession': {
      const { polecat, token } = action;
      if (well && action.type === 'attend')
        return { type: 'claimDone', polecat, token, claim: `claim-${String(turn)}` };
      return { type: 'sessionEnded', polecat, token, exit: pick(exits, draw.c) ?? exits[0], ask } as Word;
    }
    case 'proveDone': {
      const { polecat, token } = action;
      const commit = draw.c % 4 === 0 ? null : say.commitId(turn);
      const request = draw.c % 17 === 0 ? requestOf(state, draw.b) : say.requestId(turn);
      return well
        ? { type: 'evidenceFound', polecat, token, evidence: say.evidence(commit, turn), request }
        : draw.c % 3 === 0
          ? { type: 'evidenceMissing', polecat, token, reason: silent, ask, inspected }
          : { type: 'evidenceMissing', polecat, token, reason: why, ask };
    }
    case 'optimize':
      return {
        type: 'beadOptimized',
        bead: action.bead,
        description: draw.c % 5 === 0 ? 'of before' : (state.beads[action.bead]?.description ?? ''),
        optimized: well ? say.optimized(`worded ${String(turn)}`) : null,
        reason: well ? null : reason('not_worded', { detail: null }),
      };
    case 'clear':
      return { type: 'cleared', polecat: action.polecat };
    case 'resolve': {
      const { polecat, step } = action;
      const found: Readonly<Record<typeof step, readonly ResolvingFound[]>> = {
        begin: [
          { kind: 'begun', head: say.commitId(turn), onto: say.commitId(0), base: null, files: ['a.ts'] },
          { kind: 'begun', head: say.commitId(turn), onto: say.commitId(0), base: null, files: [] },
          { kind: 'gone' },
        ],
        finish: [
          { kind: 'made', commit: say.commitId(turn) },
          { kind: 'left', marked: ['a.ts'], undecided: [] },
          { kind: 'gone' },
        ],
        abandon: [{ kind: 'gone' }],
      };
      return {
        ...{ type: 'resolution', polecat, step, reason: null },
        found: pick(found[step], well ? 0 : draw.c) ?? { kind: 'gone' },
      };
    }
    case 'assemble':
      return assembled(state, draw);
    case 'proveTip': {
      const { batch, length } = action;
      const checks = [well ? say.passed : say.failed];
      if (draw.c % 23 === 0) return { type: 'outdated', batch };
      return draw.c % 5 === 0
        ? { type: 'running', batch, length, step: 'test' }
        : { type: 'ran', batch, length, checks };
    }
    case 'push': {
      const { commit } = action;
      const code = draw.c % 2 === 0 ? 'push_unreachable' : 'push_rejected';
      return well
        ? { type: 'pushed', commit }
        : { type: 'notPushed', commit, reason: draw.c % 5 === 0 ? null : reason(code) };
    }
    case 'checkTarget': {
      const { look } = action;
      const landed = Object.values(state.requests).filter(({ stage }) => stage === 'landed');
      const request = draw.c % 4 === 0 ? null : (pick(landed, draw.c)?.id ?? null);
      const red = { commit: say.commitId(turn), request, failed: say.failed };
      if (draw.c % 5 === 0) return { type: 'treeProven', look, tree: 't', basis: 'b1', checks: [say.passed] };
      return { type: 'targetChecked', look, red: well && draw.c % 2 === 0 ? null : red };
    }
    case 'revertLanding': {
      const { landing } = action;
      if (!well) return { type: 'targetReverted', landing, reason: reason('revert_conflict') };
      if (draw.c % 2 === 0) return { type: 'targetReverted', landing, reason: null };
      return {
        ...{ type: 'enterBranch', request: say.requestId(turn), bead: say.beadId(turn * 10 + 9) },
        ...{
          draft: say.draft('Revert'),
          branch: `rigs/revert-${landing}`,
          approval: 'rule',
          reverts: landing,
        },
        evidence: { ...say.evidence(say.commitId(turn)), commit: say.commitId(turn) },
      };
    }
    case 'offer': {
      const { request } = action;
      const url = draw.c % 3 === 0 ? null : 'https://forge.example/pull/1';
      const byHand = url === null ? reason('offer_by_hand', { url }) : null;
      const codes = ['offer_unreachable', 'offer_login', 'offer_branch_taken'] as const;
      return well
        ? { type: 'offerOpened', request, pushed: say.commitId(turn), url, reason: byHand }
        : { type: 'notOffered', request, reason: reason(pick(codes, draw.c) ?? 'offer_failed') };
    }
    case 'watchOffers': {
      const open = Object.values(state.requests).filter(
        ({ stage, offer }) => stage === 'offered' && offer?.opened === true,
      );
      const request = pick(open, draw.c)?.id ?? requestOf(state, draw.c);
      const code = draw.c % 2 === 0 ? 'offer_unseen' : 'offer_closed';
      return draw.b % 4 !== 0
        ? { type: 'offerMerged', request, commit: say.commitId(turn), onto: say.commitId(0) }
        : { type: 'notOffered', request, reason: reason(code, { url: 'https://forge.example/pull/1' }) };
    }
    case 'trace':
      return {
        ...{ type: 'traced', request: action.request, length: action.length },
        passed: draw.c % 7 === 0 ? null : well,
      };
    case 'land': {
      const { batch, length } = action;
      const code = draw.c % 2 === 0 ? 'target_moved' : 'git_failed';
      return well
        ? {
            ...{ type: 'landed', batch, length: draw.c % 11 === 0 ? length + 1 : length },
            ...(draw.c % 3 === 0 ? {} : { push: true }),
          }
        : { type: 'notLanded', batch, reason: reason(code, { target: 'main', message: 'busy' }) };
    }
  }
}

const settledBy =
  (draw: Draw) =>
  ({ request, commit }: Link) => ({
    request,
    settled: {
      ...{ by: [draw.c % 2 === 0 ? 'memory' : 'structure'] as const, files: ['a.ts'], commit },
      lessons: draw.c % 2 === 0 ? [`lesson-${String(draw.c)}`] : [],
    },
  });

/** Some of a line cannot be merged, some only after others, and some is in the target already. */
function assembled(state: RigState, draw: Draw): Word {
  const { batch } = state.queue;
  if (batch === null) return { type: 'notAssembled', batch: 404, reason: reason('target_missing') };
  if (draw.c % 13 === 0) return { type: 'notAssembled', batch: batch.id, reason: reason('target_missing') };
  const kind = (index: number): number => (draw.a * 7 + draw.b * (index + 1)) % 6;
  const those = (which: number): readonly RequestId[] =>
    batch.line.filter((_, index) => kind(index) === which);
  const [conflicts, later, inside] = [those(0), those(1), those(2)];
  const word = say.assembled(state, batch, [...conflicts, ...later, ...inside]);
  if (word.type !== 'assembled') return word;
  const told = new Map(word.conflicts.map((one) => [one.request, one]));
  return {
    ...word,
    conflicts: conflicts.flatMap((one) => told.get(one) ?? []),
    postponed: later.flatMap((one) => told.get(one) ?? []),
    contained: inside.map((request) => ({ request, commit: say.commitId(0) })),
    ...(draw.b % 4 === 0 ? { settled: word.chain.links.slice(0, 1).map(settledBy(draw)) } : {}),
  };
}

const answers: readonly AskAnswer[] = ['allow', 'always', 'deny', 'retry', 'dismiss', 'reply'];

const doings: readonly DoingKind[] = [
  'working',
  'idle',
  'limited',
  'overloaded',
  'permission',
  'login',
  'dialog',
  'silent',
  'starting',
];

const noteOf = (draw: Draw): { id: string; kind: 'note' | 'checkpoint'; text: string } => ({
  id: `note-${String(draw.c % 9)}`,
  kind: draw.b % 2 === 0 ? 'note' : 'checkpoint',
  text: 'Half of it stands.',
});

/** Mostly one whose conflict a person could settle. */
function conflicted(state: RigState, draw: Draw) {
  const polecats = Object.values(state.polecats).filter((one) => one.resolving !== undefined);
  const back = Object.values(state.requests).filter((one) => one.stage === 'conflict');
  const beads = [...polecats, ...back].map(({ bead }) => bead);
  return draw.c % 7 === 0 ? beadOf(state, draw.a) : (pick(beads, draw.a) ?? beadOf(state, draw.a));
}

function after(n: number): { readonly afterLanding?: AfterLanding } {
  const wanted = pick(['revert', 'check', null] as const, n) ?? null;
  return wanted === null ? {} : { afterLanding: wanted };
}

/** The same style over most of a walk, so that what takes several turns comes about. */
function isForForge({ beads }: RigState): boolean {
  const [first = 'gt-00010'] = Object.keys(beads);
  return Number.parseInt(first.slice(3, -1), 10) % 3 === 0;
}

const makers: Readonly<Record<string, Make>> = {
  tick: (s, { a, b, c }) => ({
    ...say.tick(a % 4, b % 6 === 0 ? [] : b % 2 === 0 ? [say.seat, say.otherSeat] : [say.seat]),
    ...(c % 9 === 0 || isForForge(s)
      ? { queue: { ...defaultQueueSettings, ...after(b), style: 'pullRequest' as const } }
      : { queue: { ...defaultQueueSettings, ...after(b) } }),
  }),
  report,
  createConvoy: (s, d, turn) => ({
    type: 'createConvoy',
    convoy: d.c % 19 === 1 ? (idFrom(s.convoys, d.b) as never) : say.convoyId(turn),
    title: `convoy ${turn}`,
    landing: d.b % 2 === 0 ? 'auto' : 'review',
    held: d.a % 5 === 0,
    beads: d.c % 29 === 0 ? [] : beadDrafts(s, d, turn),
    ...(d.b % 7 === 0 ? { optimize: beadDrafts(s, d, turn).map((one) => one.bead) } : {}),
  }),
  createBead: (s, d, turn) => {
    const [one] = beadDrafts(s, { ...d, a: 0 }, turn);
    const convoy = d.a % 2 === 0 ? null : idFrom(s.convoys, d.b);
    return {
      type: 'createBead',
      bead: one?.bead ?? beadOf(s, 0),
      convoy: convoy as never,
      draft: one?.draft ?? say.draft('x'),
    };
  },
  editBead: (s, d) => ({
    type: 'editBead',
    bead: beadOf(s, d.a),
    changes:
      d.b % 2 === 0
        ? { dependencies: [beadOf(s, d.c)] }
        : { type: pick(beadTypes, d.c) ?? 'test', title: 'edited' },
  }),
  contestBead: (s, d, turn) => ({
    type: 'contestBead',
    bead: pick(notBegun(s), d.a) ?? beadOf(s, d.a),
    attempts: Array.from({ length: d.b % 17 === 0 ? 1 + (d.c % 6) : 2 + (d.c % 2) }, (_, n) => ({
      bead: d.c % 19 === 0 ? beadOf(s, d.b) : say.beadId(turn * 10 + n),
      provider: (d.b + n) % 3 === 0 ? 'rehearsal' : null,
    })),
  }),
  // Few beads ever come so far: what is due goes on meanwhile.
  pickAttempt: (s, d, turn) =>
    contending(s).length === 0 && d.b % 9 !== 0
      ? report(s, d, turn)
      : {
          type: 'pickAttempt',
          bead: pick(contending(s), d.a) ?? beadOf(s, d.a),
          request: d.c % 17 === 0 ? requestOf(s, d.b) : say.requestId(turn),
        },
  cleanAttempts: (s, d) => ({ type: 'cleanAttempts', bead: beadOf(s, d.a) }),
  resolveConflict: (s, d) => ({ type: 'resolveConflict', bead: conflicted(s, d) }),
  finishResolution: (s, d) => ({
    ...{ type: 'finishResolution', bead: conflicted(s, d), asIs: d.b % 2 === 0 },
  }),
  abandonResolution: (s, d) => ({ type: 'abandonResolution', bead: conflicted(s, d) }),
  cancelBead: (s, d) => ({ type: 'cancelBead', bead: beadOf(s, d.a) }),
  retryBead: (s, d) => ({ type: 'retryBead', bead: beadOf(s, d.a) }),
  deferBead: (s, d, turn) => ({
    type: 'deferBead',
    bead: beadOf(s, d.a),
    until: d.b % 9 === 0 ? Number.NaN : 1_000 + turn + (d.b % 40) - 5,
  }),
  holdConvoy: (s, d) => ({ type: 'holdConvoy', convoy: idFrom(s.convoys, d.a) as never }),
  releaseConvoy: (s, d) => ({ type: 'releaseConvoy', convoy: idFrom(s.convoys, d.a) as never }),
  town: (_s, d) => ({ type: d.a % 3 === 0 ? 'stopTown' : 'startTown' }),
  park: (_s, d) => ({ type: d.a % 3 === 0 ? 'parkRig' : 'unparkRig' }),
  rig: (_s, d) =>
    d.a % 3 === 0 ? say.adopt : { type: 'setTarget', target: d.b % 2 === 0 ? 'main' : 'next' },
  checks: (s, d, turn) =>
    d.a % 2 === 0
      ? say.confirm
      : { type: 'proposeChecks', ask: askFor(s, d, turn), definitions: [say.test], hash: `h${d.b % 3}` },
  grant: (s, d) => ({ type: 'revokeGrant', grant: pick(s.rig?.grants ?? [], d.a) ?? 'rm' }),
  approve: (s, d) => ({ type: 'approve', request: requestOf(s, d.a) }),
  eject: (s, d, turn) => ({
    type: 'eject',
    request: requestOf(s, d.a),
    ask: askFor(s, d, turn),
    reason: reason(d.b % 4 === 0 ? 'target_missing' : 'person_said'),
  }),
  reprove: (s, d) => ({
    type: 'reprove',
    request: requestOf(s, d.a),
    reason: reason('target_moved', { target: 'main' }),
  }),
  moveToFront: (s, d) => ({ type: 'moveToFront', request: requestOf(s, d.a) }),
  queue: (s, d) => {
    const known = pick(Object.values(s.queue.flaky ?? {}), d.b);
    if (d.a % 8 === 1)
      return { type: 'forgetFlaky', check: known?.check ?? 'test', test: known?.test ?? null };
    return { type: d.a % 4 === 0 ? 'pauseQueue' : d.a % 8 === 5 ? 'refreshQueue' : 'resumeQueue' };
  },
  ran: (_s, d) => ({ type: 'ran', batch: d.a % 9, length: d.b % 4, checks: [say.passed] }),
  landed: (_s, d) => ({ type: 'landed', batch: d.a % 9, length: d.b % 4 }),
  answerAsk: (s, d) => ({
    type: 'answerAsk',
    ask: idFrom(s.asks, d.a) as never,
    answer: pick(answers, d.b) ?? 'deny',
  }),
  openAsk: (s, d) => {
    const open = Object.values(s.asks).filter((one) => one.answer === null);
    return {
      type: 'answerAsk',
      ask: pick(open, d.a)?.id ?? say.askId(0),
      answer: pick(answers, d.b) ?? 'deny',
      ...(d.c % 3 === 0 ? {} : { reply: 'As you like.' }),
    };
  },
  askPermission: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    return {
      type: 'askPermission',
      ask: askFor(s, d, turn),
      polecat,
      token,
      tool: 'run',
      detail: `npm run ${d.b % 3}`,
    };
  },
  sawAgent: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    const until = d.c % 3 === 0 ? null : 1_000 + turn + (d.c % 60) - 5;
    const doing = { kind: pick(doings, d.b) ?? 'idle', until, detail: d.c % 2 === 0 ? null : 'so' };
    return { type: 'sawAgent', polecat, token, doing, ask: askFor(s, d, turn) };
  },
  sawConversation: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'sawConversation', polecat, token, conversation: `talk-${String(d.b % 3)}` };
  },
  endTurn: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'endTurn', polecat, token, ask: askFor(s, d, turn) };
  },
  noteWork: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'noteWork', polecat, token, note: noteOf(d) };
  },
  forgetCheckpoint: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'forgetCheckpoint', polecat, token };
  },
  handOff: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'handOff', polecat, token, note: noteOf(d) };
  },
  askQuestion: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    const question = d.b % 11 === 0 ? ' ' : `Which of ${String(d.b % 3)}?`;
    return { type: 'askQuestion', ask: askFor(s, d, turn), polecat, token, question };
  },
  leaveToScreen: (s, d) => ({ type: 'leaveToScreen', ask: idFrom(s.asks, d.a) as never }),
  continueWith: (s, d) => ({
    type: 'continueWith',
    bead: beadOf(s, d.a),
    provider: pick(['rehearsal', 'claude', 'nobody', ''], d.b) ?? '',
  }),
  wording: (s, d) => ({
    type: d.b % 2 === 0 ? 'acceptOptimized' : 'rejectOptimized',
    bead: pick(worded(s), d.a) ?? beadOf(s, d.a),
  }),
  acceptWork: (s, d, turn) => {
    const bead = pick(doubted(s), d.a) ?? beadOf(s, d.a);
    const seen = Object.hasOwn(s.beads, bead) ? s.beads[bead]?.inspected?.commit : undefined;
    return {
      type: 'acceptWork',
      bead,
      commit: d.b % 5 === 0 ? say.commitId(turn) : (seen ?? say.commitId(0)),
    };
  },
  sendBack: (s, d) => ({
    type: 'sendBack',
    bead: pick(revisable(s), d.a) ?? beadOf(s, d.a),
    words: d.b % 7 === 0 ? ' ' : 'Say what 1h30 is.',
  }),
  comment: (s, d, turn) => ({
    type: 'draftComment',
    bead: pick(revisable(s), d.a) ?? beadOf(s, d.a),
    thread: say.threadId(d.c % 11 === 0 ? 1 : turn),
    place: say.place(d.b % 9 === 0 ? { from: 0 } : {}),
    words: d.b % 7 === 0 ? ' ' : 'Why 60?',
  }),
  onComment: (s, d) => {
    const [bead, found] = commentOf(s, d);
    const thread = found?.id ?? say.threadId(404);
    const note = (found?.notes.at(-1)?.id ?? 1) - (d.c % 5 === 0 ? 1 : 0);
    const words = d.c % 7 === 0 ? '' : 'Because.';
    const said: readonly Word[] = [
      { type: 'editComment', bead, thread, note, words },
      { type: 'dropComment', bead, thread, note },
      { type: 'replyToComment', bead, thread, words },
      { type: 'resolveComment', bead, thread },
      { type: 'reopenComment', bead, thread },
    ];
    return pick(said, d.b) ?? say.tick();
  },
  sendReview: (s, d) => ({
    type: 'sendReview',
    bead: d.b % 5 === 0 ? beadOf(s, d.a) : commentOf(s, d)[0],
    summary: d.c % 2 === 0 ? '' : 'Almost.',
  }),
  answerComment: (s, d, turn) => {
    const [bead, found] = commentOf(s, d);
    const held = Object.values(s.polecats).find((one) => one.bead === bead)?.id;
    const { polecat, token } = polecatOf(s, d.a);
    return {
      type: 'answerComment',
      polecat: held ?? polecat,
      token: held === undefined ? token : (s.polecats[held]?.token ?? token),
      thread: found?.id ?? say.threadId(404),
      words: d.b % 3 === 0 ? '' : 'It is so.',
      resolve: d.b % 2 === 0,
      call: `call-${String(d.c % 9 === 0 ? 1 : turn)}`,
    };
  },
  beadOptimized: (s, d) => ({
    type: 'beadOptimized',
    bead: beadOf(s, d.a),
    description: '',
    optimized: say.optimized('late'),
    reason: null,
  }),
  fileBead: (s, d) => ({
    type: 'fileBead',
    bead: beadOf(s, d.a),
    convoy: d.b % 3 === 0 ? null : (idFrom(s.convoys, d.c) as never),
  }),
  claimDone: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'claimDone', polecat, token, claim: `claim-${String(turn)}` };
  },
  usage: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'countUsage', polecat, token, usage: { input: d.b, cachedInput: 0, output: d.c } };
  },
  housed: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'housed', polecat, token, worktree: '/w/x', base: say.commitId(0) };
  },
  started: (s, d) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'sessionStarted', polecat, token, process: { pid: d.b, startTime: 's' } };
  },
  ended: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    return { type: 'sessionEnded', polecat, token, exit: pick(exits, d.b), ask: askFor(s, d, turn) } as Word;
  },
  evidence: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    return {
      type: 'evidenceFound',
      polecat,
      token,
      evidence: say.evidence(say.commitId(turn)),
      request: say.requestId(turn),
    };
  },
  missing: (s, d, turn) => {
    const { polecat, token } = polecatOf(s, d.a);
    return {
      type: 'evidenceMissing',
      polecat,
      token,
      reason: reason('nothing_committed'),
      ask: askFor(s, d, turn),
    };
  },
  cleared: (s, d) => ({ type: 'cleared', polecat: polecatOf(s, d.a).polecat }),
};

/** A town moves by ticks and reports; everything else happens now and then. */
const often: Readonly<Record<string, number>> = {
  report: 60,
  tick: 20,
  createConvoy: 4,
  openAsk: 10,
  approve: 24,
  askPermission: 12,
  leaveToScreen: 4,
  acceptWork: 9,
  sendBack: 4,
  comment: 2,
  onComment: 3,
  sendReview: 2,
  answerComment: 2,
  sawAgent: 8,
  fileBead: 4,
  retryBead: 3,
  pickAttempt: 12,
  endTurn: 4,
};

const numbers = { a: fc.nat(1_000), b: fc.nat(1_000), c: fc.nat(1_000) };
const draws: fc.Arbitrary<Draw> = fc.oneof(
  ...Object.keys(makers).map((kind) => ({
    weight: often[kind] ?? 1,
    arbitrary: fc.record({ kind: fc.constant(kind), ...numbers }),
  })),
);

/** A bead that is tried in two seats, as a town begins with it that would seldom come so far by chance. */
export const contested: readonly Word[] = [
  {
    ...{ type: 'createBead', bead: say.beadId(90_000), convoy: null },
    draft: say.draft('tried', { type: 'test' }),
  },
  {
    ...{ type: 'contestBead', bead: say.beadId(90_000) },
    attempts: [90_001, 90_002].map((n) => ({ bead: say.beadId(n), provider: null })),
  },
];

export const walks: fc.Arbitrary<readonly Draw[]> = fc.array(draws, { maxLength: 120, size: 'max' });

/** What a draw means in a state; `turn` makes new ids and the instant. Clocks now and then jump back. */
export function commandFor(state: RigState, draw: Draw, turn: number): Command {
  const word = makers[draw.kind]?.(state, draw, turn) ?? say.tick();
  return { ...word, at: 1_000 + turn - (draw.c % 31 === 0 ? 50 : 0) };
}
