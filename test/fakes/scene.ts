import type { Wish } from '../../src/foreman/control.ts';
import type { BeadDraft } from '../../src/town/bead.ts';
import {
  type AskId,
  type BeadId,
  type CommitId,
  type ConvoyId,
  type RequestId,
  parseAskId,
  parseCommitId,
  parseConvoyId,
  parseRequestId,
} from '../../src/town/ids.ts';
import type { Polecat, Seat } from '../../src/town/polecat.ts';
import { beadIdOf, plainDraft, rigId } from './events.ts';
import type { FakeControl } from './fakeControl.ts';

export const seat: Seat = { runner: 'worker', provider: 'claude', tank: 'claude', model: 'a-model' };

export const commit = (digit: string): CommitId => must(parseCommitId(digit.repeat(40)));
export const askId = (number: number): AskId => must(parseAskId(`ak-0000${String(number)}`));
export const requestId = (number: number): RequestId => must(parseRequestId(`mr-0000${String(number)}`));
export const convoyId = (number: number): ConvoyId => must(parseConvoyId(`cv-0000${String(number)}`));

function must<T>(value: T | null): T {
  if (value === null) throw new Error('a scene is made of ids that parse');
  return value;
}

/** Tells a rig's life in wishes and observations, as the foreman would. */
export class Scene {
  readonly control: FakeControl;
  maxPolecats = 3;

  constructor(control: FakeControl) {
    this.control = control;
  }

  /** Every wish of a scene is granted, else the scene is wrong. */
  async say(wish: Wish): Promise<this> {
    const answer = await this.control.wish(wish);
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify([wish.type, answer.refusal])}`);
    return this;
  }

  /** An adopted rig with one confirmed check. */
  async open(): Promise<this> {
    const { commonDir } = this.control.repository;
    await this.say({ type: 'adoptRig', id: rigId, name: 'almanac', commonDir, target: 'main' });
    const definitions = [{ name: 'test', command: 'npm', args: ['test'], timeoutMs: 60_000 }];
    return this.say({ type: 'confirmChecks', checks: { definitions, hash: 'h', confirmedAt: 0 } });
  }

  async convoy(title: string, drafts: readonly Partial<BeadDraft>[]): Promise<readonly BeadId[]> {
    const from = Object.keys(this.control.state.beads).length + 1;
    const beads = drafts.map((draft, at) => ({
      bead: beadIdOf(from + at),
      draft: { ...plainDraft, ...draft },
    }));
    const convoy = convoyId(Object.keys(this.control.state.convoys).length + 1);
    await this.say({ type: 'createConvoy', convoy, title, landing: 'review', held: false, beads });
    return beads.map((one) => one.bead);
  }

  /** Gives ready beads polecats and lets their agents start. */
  async start(): Promise<readonly Polecat[]> {
    const tick: Wish = { type: 'tick', seats: [seat], maxPolecats: this.maxPolecats };
    await this.say(tick);
    for (const one of this.polecats('housing')) {
      const worktree = `${this.control.repository.root}.rigs/${one.name}`;
      await this.say({ type: 'housed', polecat: one.id, token: one.token, worktree, base: commit('a') });
    }
    await this.say(tick);
    for (const one of this.polecats('starting')) {
      const process = { pid: 100 + one.token, startTime: 's' };
      await this.say({ type: 'sessionStarted', polecat: one.id, token: one.token, process });
    }
    return this.polecats('working');
  }

  /** A working polecat's bead is done and proven, and waits for an approval. */
  async prove(polecat: Polecat, request: RequestId): Promise<void> {
    const { id, token } = polecat;
    await this.say({ type: 'claimDone', polecat: id, token, claim: request });
    const checks = [
      { name: 'test', outcome: 'passed', exitCode: 0, durationMs: 900, outputFile: null },
    ] as const;
    await this.say({
      type: 'evidenceFound',
      polecat: id,
      token,
      request,
      evidence: {
        commit: commit('b'),
        tree: commit('c'),
        base: commit('a'),
        files: ['src/duration.ts', 'test/duration.test.ts'],
        insertions: 12,
        deletions: 3,
        checks,
        committedForAgent: false,
        summary: 'Durations are parsed.',
        at: this.control.now,
      },
    });
    const tick: Wish = { type: 'tick', seats: [seat], maxPolecats: this.maxPolecats };
    await this.say(tick);
    const batch = this.control.state.queue.batch?.id ?? 0;
    const links = [{ request, commit: commit('d'), tree: commit('e') }];
    const chain = { onto: commit('a'), base: commit('a'), baseTree: commit('f'), links, basis: 'b1' };
    const none = { conflicts: [], postponed: [], contained: [], maxRounds: 3 };
    await this.say({ type: 'assembled', batch, chain, ...none });
    await this.say(tick);
    await this.say({ type: 'ran', batch, length: 1, checks });
    await this.say(tick);
  }

  polecats(state: Polecat['state']): readonly Polecat[] {
    return Object.values(this.control.state.polecats).filter((one) => one.state === state);
  }
}
