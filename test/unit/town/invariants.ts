import assert from 'node:assert/strict';
import { type Action, actionKey, due } from '../../../src/town/action.ts';
import { isOpen, mayMove, typesWithoutDiff } from '../../../src/town/bead.ts';
import { openStages } from '../../../src/town/mergeRequest.ts';
import { type Batch } from '../../../src/town/queue.ts';
import { type RigState, type TownEvent, fold } from '../../../src/town/state.ts';

/** What may never be true of a rig, each as the sentence it would break. Empty: the state is legal. */
export function broken(state: RigState): readonly string[] {
  return [...brokenBeads(state), ...brokenPolecats(state), ...brokenQueue(state), ...brokenAsks(state)];
}

function brokenBeads(state: RigState): readonly string[] {
  const found: string[] = [];
  const polecats = Object.values(state.polecats);
  const requests = Object.values(state.requests);
  for (const bead of Object.values(state.beads)) {
    const held = polecats.filter((one) => one.bead === bead.id);
    const open = requests.filter((one) => one.bead === bead.id && openStages.includes(one.stage));
    if (held.filter((one) => one.session !== null).length > 1) found.push(`${bead.id} has two live sessions`);
    if (held.filter((one) => one.state !== 'retired').length > 1) found.push(`${bead.id} has two polecats`);
    if (open.length !== (bead.status === 'merging' ? 1 : 0))
      found.push(`${bead.id} is ${bead.status} with ${open.length} open requests`);
    if (bead.status === 'pending') found.push(`${bead.id} is ${bead.status}`);
    if (bead.status === 'completed' && !isProven(state, bead.id))
      found.push(`${bead.id} completed without proof`);
    if (!isOpen(bead.status)) {
      if (Object.values(state.asks).some((ask) => ask.bead === bead.id && ask.answer === null))
        found.push(`${bead.id} ended and still asks`);
      const isKept = bead.status === 'not_picked';
      if (!isKept && held.some((one) => one.state !== 'retired' && one.session === null))
        found.push(`${bead.id} ended and keeps an idle polecat`);
      if (bead.endedAt === null) found.push(`${bead.id} ended at no time`);
    }
    if (bead.dependencies.some((id) => state.beads[id] === undefined))
      found.push(`${bead.id} waits for nobody`);
    if (bead.status === 'deferred' && !Number.isFinite(bead.deferredUntil))
      found.push(`${bead.id} waits for ever`);
  }
  found.push(...brokenContests(state));
  for (const convoy of Object.values(state.convoys)) {
    const open = Object.values(state.beads).some((one) => one.convoy === convoy.id && isOpen(one.status));
    if (open === (convoy.closedAt !== null))
      found.push(`${convoy.id} is closed with open beads or open without`);
  }
  return found;
}

function brokenContests(state: RigState): readonly string[] {
  const found: string[] = [];
  for (const bead of Object.values(state.beads)) {
    const { id, status, contest, attemptAt } = bead;
    if (attemptAt === undefined && (status === 'contending' || status === 'not_picked'))
      found.push(`${id} is ${status} and no attempt`);
    if (status === 'not_picked' && (bead.polecat === null || state.polecats[bead.polecat]?.cleared === true))
      found.push(`${id} was not picked and its work is gone`);
    if (status === 'contested' && contest === undefined) found.push(`${id} is contested by nothing`);
    if (status === 'contested' && bead.polecat !== null && state.polecats[bead.polecat]?.state !== 'retired')
      found.push(`${id} is contested and worked on`);
    const about = attemptAt === undefined ? undefined : state.beads[attemptAt];
    if (isOpen(status) && about?.contest?.attempts.includes(id) === true && about.status !== 'contested')
      found.push(`${id} is an attempt at ${about.id}, which is ${about.status}`);
    if (about !== undefined && about.convoy !== bead.convoy && about.contest?.attempts.includes(id) === true)
      found.push(`${id} is in another convoy than what it is an attempt at`);
    const rivals = contest?.attempts.filter((one) => state.beads[one]?.status === 'merging') ?? [];
    if (rivals.length > 1) found.push(`${id} lands twice`);
  }
  return found;
}

function isProven(state: RigState, id: keyof RigState['beads']): boolean {
  const bead = state.beads[id];
  const { picked = null } = bead?.contest ?? {};
  // What a contest is about is proven by the attempt that was picked.
  if (bead?.evidence === null && picked !== null)
    return state.beads[picked]?.landed === bead.landed && isProven(state, picked);
  if (bead?.evidence == null) return false;
  if (bead.landed === null) return bead.evidence.commit === null && typesWithoutDiff.includes(bead.type);
  return Object.values(state.requests).some(
    (one) =>
      one.bead === id &&
      one.stage === 'landed' &&
      one.landed === bead.landed &&
      one.candidate?.commit === bead.landed,
  );
}

function brokenPolecats(state: RigState): readonly string[] {
  const found: string[] = [];
  const names = new Set<string>();
  const tokens = new Set<number>();
  for (const one of Object.values(state.polecats)) {
    const { id, session } = one;
    if (tokens.has(one.token)) found.push(`${id} shares its token`);
    tokens.add(one.token);
    if (one.token >= state.nextToken) found.push(`${id} has a token of the future`);
    if (session !== null && session.token !== one.token) found.push(`${id} runs under an old token`);
    if ((session !== null) !== (one.state === 'starting' || one.state === 'working'))
      found.push(`${id} is ${one.state} with${session === null ? 'out' : ''} a session`);
    if (
      (one.state === 'ready') !==
      (one.wants !== null && one.worktree !== null && session === null && one.state !== 'retired')
    )
      found.push(`${id} is ${one.state} and wants ${one.wants?.purpose ?? 'nothing'}`);
    const status = state.beads[one.bead]?.status;
    if (one.state === 'ready' && status !== 'assigned' && status !== 'in_progress')
      found.push(`${id} waits to work on a bead that is ${status ?? 'gone'}`);
    if (one.resolving !== undefined && status === 'reviewing')
      found.push(`${id} is proven while a person settles its conflict`);
    if (one.state === 'retired' && one.wants !== null) found.push(`${id} is retired and wants to go on`);
    if (one.cleared && one.state !== 'retired') found.push(`${id} was cleared away while in use`);
    if (!one.cleared && names.has(one.name)) found.push(`${id} shares its name and place`);
    if (!one.cleared) names.add(one.name);
  }
  return found;
}

function brokenQueue(state: RigState): readonly string[] {
  const requests = Object.values(state.requests);
  const { batch, unpushed } = state.queue;
  const found = batch === null ? [] : [...brokenBatch(state, batch)];
  if (unpushed != null && (unpushed.why === null) !== (unpushed.tries === 0))
    found.push(
      `${unpushed.commit} is not pushed after ${String(unpushed.tries)} tries, without a reason or with one`,
    );
  for (const one of requests) {
    if (['ready', 'approved', 'landing', 'offered', 'landed'].includes(one.stage) && one.candidate === null)
      found.push(`${one.id} is ${one.stage} without proof`);
    const wasThere = one.candidate !== null && one.candidate.commit === one.candidate.onto;
    if (one.stage === 'offered' && one.offer === undefined)
      found.push(`${one.id} is offered without an offer`);
    if (
      ['approved', 'landing', 'offered', 'landed'].includes(one.stage) &&
      one.approval === null &&
      !wasThere
    )
      found.push(`${one.id} is ${one.stage} and nobody said yes`);
    const isInBatch = batch?.line.slice(batch.landed).includes(one.id) === true;
    if ((one.stage === 'proving' || one.stage === 'landing') && !isInBatch)
      found.push(`${one.id} is ${one.stage} outside a batch`);
  }
  return found;
}

function brokenBatch(state: RigState, batch: Batch): string[] {
  const { id, line, landed, green, red, landing, running, lands } = batch;
  const found: string[] = [];
  const say = (what: string): number => found.push(`batch ${id} ${what}`);
  if (new Set(line).size !== line.length) say('holds a request twice');
  if (landed > green || green > line.length) say(`landed ${landed} of ${green} green of ${line.length}`);
  if (red !== null && red <= green) say(`is red at ${red} and green at ${green}`);
  if (landing !== null && (!lands || landing > green || landing <= landed)) say(`lands ${landing}`);
  if (running.some((one) => one > line.length)) say(`tests ${running.join()} of ${line.length}`);
  for (const request of line.slice(0, landed))
    if (state.requests[request] !== undefined && state.requests[request].stage !== 'landed')
      say(`landed ${request}, which is ${state.requests[request].stage}`);
  return found;
}

function brokenAsks(state: RigState): readonly string[] {
  const found: string[] = [];
  const stuck = new Set<string>();
  for (const { id, answer, bead, subject, deadline, raisedAt } of Object.values(state.asks)) {
    if (answer !== null) continue;
    if (deadline <= raisedAt) found.push(`${id} has no deadline`);
    if (
      (subject.kind === 'permission' || subject.kind === 'attention') &&
      state.polecats[subject.polecat]?.session?.token !== subject.token
    )
      found.push(`${id} asks for a session that is over`);
    if (subject.kind === 'stuck' && bead !== null) {
      if (stuck.has(bead)) found.push(`${bead} asks twice`);
      stuck.add(bead);
    }
  }
  return found;
}

const starts: readonly Action['type'][] = [
  'optimize',
  'house',
  'launch',
  'proveDone',
  'assemble',
  'proveTip',
  'trace',
  'offer',
  'checkTarget',
  'revertLanding',
  'land',
];

/** What is due must be the same for the same state, once each, and nothing new while the town is stopped. */
export function assertDue(state: RigState): void {
  const actions = due(state);
  const keys = actions.map(actionKey);
  assert.equal(new Set(keys).size, keys.length, 'an action is due twice');
  assert.deepEqual(due(JSON.parse(JSON.stringify(state)) as RigState), actions);
  if (state.stopped)
    assert.deepEqual(
      actions.filter((one) => starts.includes(one.type)),
      [],
    );
}

/** Folds the events one by one as a reader of the journal would, holding every move against the table. */
export function refold(before: RigState, events: readonly TownEvent[]): RigState {
  let state = before;
  for (const event of events) {
    if (event.type === 'bead.moved') {
      const from = state.beads[event.bead]?.status;
      assert.ok(from !== undefined && mayMove(from, event.to), `${from ?? 'nothing'} → ${event.to}`);
    }
    if (before.stopped) assert.ok(!isStart(event), `${event.type} while stopped`);
    if (event.type === 'polecat.created' || event.type === 'session.opened')
      assert.ok(event.token >= state.nextToken, 'a token came back');
    state = fold(state, event);
  }
  return state;
}

function isStart(event: TownEvent): boolean {
  if (event.type === 'batch.formed' || event.type === 'batch.landing') return true;
  if (['request.offered', 'target.looking', 'target.reverting'].includes(event.type)) return true;
  if (event.type === 'trace.running') return event.length !== null;
  if (event.type === 'batch.running') return event.running.length > 0;
  return event.type === 'polecat.created' || event.type === 'session.opened';
}
