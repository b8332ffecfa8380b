import { type RefinerySettings } from '../../../src/foreman/hands/context.ts';
import { enterBranch } from '../../../src/foreman/enterBranch.ts';
import { hashChecks } from '../../../src/foreman/checks/hash.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import type { Git } from '../../../src/ports/git.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';
import type { RequestId } from '../../../src/town/ids.ts';
import { type MergeRequest, openStages } from '../../../src/town/mergeRequest.ts';
import { type PastBatch } from '../../../src/town/queue.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { HeadlessRig } from '../../integration/way/headlessRig.ts';

interface Options {
  readonly folder: string;
  readonly git: Git;
  readonly checks: readonly CheckDefinition[];
  readonly refinery?: Partial<RefinerySettings>;
}

export interface Drained {
  readonly elapsedMs: number;
  readonly past: readonly PastBatch[];
  /** By branch. */
  readonly requests: Readonly<Record<string, MergeRequest>>;
}

/** A rig's own merge queue with branches of a person in it: everything real but the editor. */
export class RigQueue {
  readonly rig: HeadlessRig;
  readonly #git: Git;
  readonly #requests: RequestId[] = [];

  private constructor(rig: HeadlessRig, git: Git) {
    this.rig = rig;
    this.#git = git;
  }

  /** Adopts the repository, with the branch that is checked out there as its target, and pauses its queue. */
  static async open({ folder, git, checks: definitions, refinery }: Options): Promise<RigQueue> {
    const settings = { refinery: { ...defaultQueueSettings, style: 'merge' as const, ...refinery } };
    const rig = await HeadlessRig.open({ folder, git, settings });
    const queue = new RigQueue(rig, git);
    const hash = hashChecks(definitions);
    await queue.#wish({
      type: 'confirmChecks',
      checks: { definitions, hash, confirmedAt: systemClock.now() },
    });
    await queue.#wish({ type: 'pauseQueue' });
    return queue;
  }

  /** In this order, and approved. */
  async enter(branches: readonly string[]): Promise<void> {
    const { foreman: control } = this.rig.rig;
    const { repository } = control;
    for (const branch of branches) {
      const bead = systemIds.bead((id) => control.state.beads[id] !== undefined);
      const request = systemIds.request();
      const entrance = { repository, git: this.#git, clock: systemClock, control };
      const entered = await enterBranch(entrance, { branch, title: null, bead, request });
      if (!entered.ok) throw new Error(`${branch} is refused: ${JSON.stringify(entered.refusal)}`);
      await this.#wish({ type: 'approve', request });
      this.#requests.push(request);
    }
  }

  /** Lets the queue go until nothing is in it; throws when it stands still. */
  async drain(limitMs: number): Promise<Drained> {
    const { foreman } = this.rig.rig;
    const start = performance.now();
    await this.#wish({ type: 'resumeQueue' });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`The queue is not done.\n${this.rig.story()}`));
      }, limitMs);
      const look = (): void => {
        const { paused } = foreman.state.queue;
        if (paused !== null) reject(new Error(`The queue stands still: ${JSON.stringify(paused)}`));
        else if (this.#open().length > 0) return;
        clearTimeout(timer);
        resolve();
      };
      foreman.onChange(look);
      look();
    });
    const elapsedMs = performance.now() - start;
    const requests = Object.values(foreman.state.requests).map((one) => [one.branch, one] as const);
    return { elapsedMs, past: foreman.state.queue.past, requests: Object.fromEntries(requests) };
  }

  async close(): Promise<void> {
    await this.rig.close();
  }

  #open(): readonly MergeRequest[] {
    const { requests } = this.rig.state;
    return this.#requests.flatMap((id) => requests[id] ?? []).filter((one) => openStages.includes(one.stage));
  }

  async #wish(wish: Parameters<HeadlessRig['rig']['foreman']['wish']>[0]): Promise<void> {
    const answer = await this.rig.rig.foreman.wish(wish);
    if (!answer.ok) throw new Error(`${wish.type} is refused: ${JSON.stringify(answer.refusal)}`);
  }
}
