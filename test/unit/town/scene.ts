import assert from 'node:assert/strict';
import { type Action, due } from '../../../src/town/action.ts';
import type { Ask } from '../../../src/town/ask.ts';
import type { Bead, BeadDraft, Evidence } from '../../../src/town/bead.ts';
import type { Command } from '../../../src/town/command.ts';
import type { LandingPolicy } from '../../../src/town/convoy.ts';
import type { BeadId, CommitId } from '../../../src/town/ids.ts';
import { type MergeRequest, openStages } from '../../../src/town/mergeRequest.ts';
import type { Exit, Polecat, Seat } from '../../../src/town/polecat.ts';
import { type Reason, type ReasonCode, reason } from '../../../src/town/reason.ts';
import { type RigState, type TownEvent, emptyRig } from '../../../src/town/state.ts';
import { step } from '../../../src/town/step.ts';
import { whyAll } from '../../../src/town/why.ts';
import { type Batch } from '../../../src/town/queue.ts';
import type { QueueSettings } from '../../../src/town/queueSettings.ts';
import * as say from './words.ts';
import type { Word } from './words.ts';

/** A town that a test talks to in sentences. Ids are drawn by counting, every word takes a second. */
export class Scene {
  state: RigState = emptyRig;
  now = 1_000_000;
  /** All that was said, refused words too: what a golden sequence is recorded from. */
  readonly said: Command[] = [];
  maxPolecats = 2;
  seats: readonly Seat[] = [say.seat];
  /** Null: as it comes. */
  queue: QueueSettings | null = null;
  #drawn = 0;

  constructor(...words: readonly Word[]) {
    for (const word of [say.adopt, say.confirm, ...words]) this.tell(word);
  }

  /** Says a word that must be taken; returns what happened. */
  tell(word: Word): readonly TownEvent[] {
    this.now += 1_000;
    const command = { ...word, at: this.now };
    this.said.push(command);
    const result = step(this.state, command);
    if (!result.ok) assert.fail(`${word.type} was refused: ${JSON.stringify(result.refusal)}`);
    this.state = result.state;
    return result.events;
  }

  refused(word: Word): ReasonCode {
    const command = { ...word, at: this.now + 1 };
    this.said.push(command);
    const result = step(this.state, command);
    if (result.ok) assert.fail(`${word.type} was taken`);
    return result.refusal.code;
  }

  tick(): readonly TownEvent[] {
    const { queue } = this;
    return this.tell({
      ...say.tick(this.maxPolecats, this.seats),
      ...(queue === null ? {} : { queue }),
    });
  }

  due(): readonly Action['type'][] {
    return due(this.state).map((one) => one.type);
  }

  /** A convoy of one bead a draft; dependencies are given as positions before it. */
  convoy(
    drafts: readonly Partial<BeadDraft>[],
    landing: LandingPolicy = 'review',
    held = false,
  ): readonly BeadId[] {
    const beads = drafts.map((more, index) => ({
      bead: say.beadId((this.#drawn += 1)),
      draft: say.draft(`bead ${index + 1}`, more),
    }));
    this.tell({
      type: 'createConvoy',
      convoy: say.convoyId((this.#drawn += 1)),
      title: 'goal',
      landing,
      held,
      beads,
    });
    return beads.map((one) => one.bead);
  }

  bead(id: BeadId): Bead {
    return found(this.state.beads[id], id);
  }

  polecat(bead: BeadId): Polecat {
    const id = found(this.bead(bead).polecat, `${bead} is held by nobody`);
    return found(this.state.polecats[id], id);
  }

  request(bead: BeadId): MergeRequest {
    const open = Object.values(this.state.requests).filter((one) => one.bead === bead);
    return found(
      open.findLast((one) => openStages.includes(one.stage)) ?? open.at(-1),
      `no request of ${bead}`,
    );
  }

  openAsks(): readonly Ask[] {
    return Object.values(this.state.asks).filter((one) => one.answer === null);
  }

  ask(): Ask {
    const open = this.openAsks();
    assert.equal(open.length, 1, `${open.length} open asks`);
    return found(open[0], 'no ask');
  }

  why(bead: BeadId): Reason {
    return found(
      whyAll(this.state, { seats: this.seats, maxPolecats: this.maxPolecats }, this.now)[bead],
      bead,
    );
  }

  /** Ticks and reports until an agent works on the bead. */
  atWork(bead: BeadId): void {
    for (let round = 0; round < 3 && this.polecatOrNull(bead)?.state !== 'working'; round += 1) {
      this.tick();
      const polecat = this.polecatOrNull(bead);
      if (polecat?.state === 'housing') this.housed(bead);
      else if (polecat?.state === 'starting') this.started(bead);
    }
    assert.equal(this.polecat(bead).state, 'working');
  }

  polecatOrNull(bead: BeadId): Polecat | null {
    const id = this.bead(bead).polecat;
    return id === null ? null : (this.state.polecats[id] ?? null);
  }

  housed(bead: BeadId): void {
    this.tell({ ...this.who(bead), type: 'housed', worktree: `/w/${bead}`, base: say.commitId(0) });
    this.tick();
    if (this.polecat(bead).state === 'starting') this.started(bead);
  }

  started(bead: BeadId): void {
    this.tell({ ...this.who(bead), type: 'sessionStarted', process: { pid: 7, startTime: 's' } });
  }

  ended(bead: BeadId, exit: Partial<Exit> = {}): readonly TownEvent[] {
    const whole = { how: 'exited', code: null, signal: null, ...exit } as const;
    return this.tell({ ...this.who(bead), type: 'sessionEnded', exit: whole, ask: this.drawAsk() });
  }

  saysDone(bead: BeadId): void {
    this.tell({ ...this.who(bead), type: 'claimDone', claim: `claim-${String((this.#drawn += 1))}` });
  }

  proven(
    bead: BeadId,
    commit: CommitId | null = say.commitId(10),
    more: Pick<Evidence, 'decides'> = {},
    rule: number | null = null,
  ): void {
    const request = say.requestId((this.#drawn += 1));
    this.tell({
      ...this.who(bead),
      type: 'evidenceFound',
      evidence: { ...say.evidence(commit, this.now), ...more },
      request,
      ...(rule === null ? {} : { rule }),
    });
  }

  missing(bead: BeadId, code: ReasonCode = 'nothing_committed'): void {
    this.tell({ ...this.who(bead), type: 'evidenceMissing', reason: reason(code), ask: this.drawAsk() });
  }

  /** The agent delivers, its process ends, and its request is proven on top of the target. */
  delivered(bead: BeadId, commit: CommitId = say.commitId(10), more: Pick<Evidence, 'decides'> = {}): void {
    this.atWork(bead);
    this.saysDone(bead);
    this.proven(bead, commit, more);
    this.ended(bead, { code: 0 });
    this.tick();
  }

  batch(): Batch {
    return found(this.state.queue.batch, 'no batch');
  }

  /** The batch is merged in memory; `commits` are the tips, drawn by the head of each where none are given. */
  assembled(conflicts: readonly BeadId[] = [], commits: readonly CommitId[] = []): void {
    this.tell(
      say.assembled(
        this.state,
        this.batch(),
        conflicts.map((one) => this.request(one).id),
        commits,
      ),
    );
    this.tick();
  }

  /** All runs that go on end alike: what is not below `red` fails. */
  ran(red = Infinity): readonly number[] {
    const { id, running } = this.batch();
    for (const length of running) {
      const { batch } = this.state.queue;
      if (batch?.id !== id || !batch.running.includes(length)) continue;
      this.tell({ type: 'ran', batch: id, length, checks: [length >= red ? say.failed : say.passed] });
      this.tick();
    }
    return running;
  }

  /** Beads whose agents delivered and that may land, in the order in which they are proven. */
  lined(count: number, from = 100): readonly BeadId[] {
    const beads = this.convoy(
      Array.from({ length: count }, () => ({})),
      'auto',
    );
    this.tell({ type: 'pauseQueue' });
    for (const [index, bead] of beads.entries()) this.delivered(bead, say.commitId(from + index));
    this.tell({ type: 'resumeQueue' });
    this.tick();
    return beads;
  }

  /** The bead is the only one that is proven, and that goes well. */
  provenToLand(bead: BeadId, commit: CommitId = say.commitId(11)): void {
    this.tick();
    assert.deepEqual(this.batch().line, [this.request(bead).id]);
    this.assembled([], [commit]);
    this.ran();
  }

  /** It fails on top of the target, or conflicts with it. */
  notProven(bead: BeadId, outcome: 'conflict' | 'failed' = 'conflict'): void {
    this.tick();
    assert.deepEqual(this.batch().line, [this.request(bead).id]);
    this.assembled(outcome === 'conflict' ? [bead] : []);
    // A failure is doubted first, and then the target is.
    for (let round = 0; round < 5 && this.request(bead).stage === 'proving'; round += 1) this.ran(1);
    assert.equal(this.request(bead).stage, outcome);
  }

  /** What may land just now does. */
  landed(): void {
    this.tick();
    const { id, landing } = this.batch();
    this.tell({ type: 'landed', batch: id, length: found(landing, 'nothing lands') });
    this.tick();
  }

  /** An approved request lands; where it was proven before, without another run. */
  land(bead: BeadId): void {
    this.tick();
    const { chain } = this.batch();
    const { candidate } = this.request(bead);
    if (chain === null) this.assembled([], candidate === null ? [] : [candidate.commit]);
    if (this.batch().landing === null) this.ran();
    this.landed();
  }

  asksPermission(bead: BeadId, detail: string, ask = this.drawAsk(), tool = 'run'): Ask {
    this.tell({ ...this.who(bead), type: 'askPermission', ask, tool, detail });
    return found(this.state.asks[ask], ask);
  }

  drawAsk(): Ask['id'] {
    return say.askId((this.#drawn += 1));
  }

  who(bead: BeadId): { readonly polecat: Polecat['id']; readonly token: number } {
    const { id, token } = this.polecat(bead);
    return { polecat: id, token };
  }
}

function found<T>(value: T | null | undefined, what: string): T {
  assert.ok(value !== null && value !== undefined, what);
  return value;
}
