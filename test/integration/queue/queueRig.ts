import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createChecks } from '../../../src/foreman/checks/checks.ts';
import { enterBranch } from '../../../src/foreman/enterBranch.ts';
import { Foreman } from '../../../src/foreman/foreman.ts';
import type { ForemanSettings } from '../../../src/foreman/hands/context.ts';
import { placesOf } from '../../../src/foreman/places.ts';
import { ProofRooms } from '../../../src/foreman/proofRooms.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { openGit } from '../../../src/git/openGit.ts';
import { type StartProgram, startHere } from '../../../src/git/running.ts';
import type { Checks } from '../../../src/ports/checks.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import type { Git } from '../../../src/ports/git.ts';
import type { EditorProblems } from '../../../src/ports/editorProblems.ts';
import type { Store } from '../../../src/ports/store.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { AfterLanding } from '../../../src/town/aftermath.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';
import { type CommitId, type RequestId, parseRequestId } from '../../../src/town/ids.ts';
import { type MergeRequest, openStages } from '../../../src/town/mergeRequest.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { type Queue } from '../../../src/town/queue.ts';
import type { RefineryStyle } from '../../../src/town/queueSettings.ts';
import { beadIdOf, rigId } from '../../fakes/events.ts';
import { fakeAgents } from '../../fakes/fakeAgents.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';
import { FakeProcesses } from '../../fakes/fakeProcesses.ts';
import { type Memory, MemoryStore } from '../../fakes/memoryStore.ts';
import { noForge } from '../../fakes/noForge.ts';
import { rigSettings } from '../../fakes/rigSettings.ts';
import type { Sandbox } from '../git/sandbox.ts';

/**
 * Where something may befall the queue: while it merges in memory · while a run of the checks is under way · when the run
 * has ended and nothing moved yet · when the target's ref has moved and its files have not · when all has moved and
 * nobody was told yet.
 */
export const moments = ['merging', 'checking', 'proven', 'half landed', 'landed'] as const;
export type Moment = (typeof moments)[number];

export interface QueueOptions {
  readonly target?: string;
  /** What is found in a rig's repository; by default one whose verdict is in the tree, told without a process. */
  readonly definitions?: readonly CheckDefinition[];
  readonly style?: RefineryStyle;
  /** Absent: there is none. */
  readonly forge?: (git: Git) => Forge;
  readonly push?: boolean;
  readonly afterLanding?: AfterLanding;
  /** Where agents work, one in each at once; by default nobody does. */
  readonly seats?: readonly Seat[];
  /** Asked for new Problems; absent: the setting is off. Null: it is on, and no editor is there. */
  readonly editor?: EditorProblems | null;
  /** Conflicts are merged by their syntax; by default they are. */
  readonly structural?: boolean;
  /** Of a window before this one. */
  readonly memory?: Memory;
}

const never = new Promise<never>(() => undefined);
/** Pauses after failures and between heartbeats, so many times shorter. */
const haste = 40;
const limitMs = 25_000;

/** A tree with a file of this name is red. */
export const redFile = /^red/;
const byContent: CheckDefinition = { name: 'test', command: 'told by the tree', args: [], timeoutMs: 1_000 };

/** One window with the queue of a repository: real git and the real foreman, over a memory that outlives the window. */
export class QueueRig {
  readonly box: Sandbox;
  readonly memory: Memory;
  readonly foreman: Foreman;
  readonly git: Git;
  /** Agents, played by the test. */
  readonly processes = new FakeProcesses(systemClock);
  /** Trees on which the checks were green from first to last. */
  readonly green = new Set<string>();
  /** What `git.land` moved the target to. */
  readonly landed: CommitId[] = [];
  /** The state's own folder, where outputs are written. */
  readonly place: string;
  readonly #options: QueueOptions;
  #dead = false;
  #fault: { readonly moment: Moment; readonly befalls: () => void } | null = null;

  private constructor(box: Sandbox, repository: Awaited<ReturnType<Git['describe']>>, options: QueueOptions) {
    this.box = box;
    this.#options = options;
    this.memory = options.memory ?? { journal: [], feed: [] };
    this.place = path.join(box.folder, 'state');
    mkdirSync(this.place, { recursive: true });
    const store = new MemoryStore(this.memory, this.place);
    this.git = this.#overheard(openGit({ start: this.#start }));
    const { processes } = this;
    const { seats = [] } = options;
    const settings: Partial<ForemanSettings> = {
      maxPolecats: seats.length,
      refinery: {
        ...rigSettings().foreman().refinery,
        ...{ style: options.style ?? 'merge', push: options.push ?? false },
        editorProblems: options.editor !== undefined,
        structural: options.structural ?? true,
        afterLanding: options.afterLanding ?? 'off',
      },
    };
    this.foreman = new Foreman({
      repository,
      places: placesOf(repository, this.place, null),
      git: this.git,
      ...{ terminals: processes, processes, tokens: processes, account: new FakeAccount(systemClock.now) },
      agents: fakeAgents({ seats: () => Promise.resolve([...seats]) }),
      openModels: () => Promise.reject(new Error('There are no models here.')),
      bin: null,
      forge: options.forge?.(this.git) ?? noForge,
      checks: this.#checks(),
      ...(options.editor == null ? {} : { editor: options.editor }),
      clock: {
        now: systemClock.now,
        sleep: async (ms, signal) => {
          await systemClock.sleep(ms / haste, signal);
          if (this.#dead) await never;
        },
      },
      ids: systemIds,
      ...{ proofRooms: new ProofRooms(2), queueRooms: new ProofRooms(2), rig: rigId, epoch: store.epoch },
      takeUpReports: () => Promise.resolve(),
      settings: () => rigSettings(settings).foreman(),
      store: this.#untilDeath(store),
      findChecks: () =>
        Promise.resolve({
          type: 'proposeChecks',
          ask: systemIds.ask(),
          definitions: this.#definitions,
          hash: 'h',
        }),
    });
  }

  static async open(box: Sandbox, options: QueueOptions = {}): Promise<QueueRig> {
    const repository = await box.repository();
    const rig = new QueueRig(box, repository, options);
    const { foreman } = rig;
    await rig.git.takeLease(repository, { rig: rigId, epoch: foreman.store.epoch });
    const { target = 'main' } = options;
    const { commonDir } = repository;
    if (foreman.state.rig === null) {
      await foreman.wish({ type: 'adoptRig', id: rigId, name: 'r', commonDir, target });
      const checks = { definitions: rig.#definitions, hash: 'h', confirmedAt: systemClock.now() };
      await foreman.wish({ type: 'confirmChecks', checks });
    }
    await foreman.start();
    return rig;
  }

  get queue(): Queue {
    return this.foreman.state.queue;
  }

  request(id: RequestId): MergeRequest {
    const found = this.foreman.state.requests[id];
    if (found === undefined) throw new Error(`no request ${id}`);
    return found;
  }

  stagesOf(requests: readonly RequestId[]): readonly string[] {
    return requests.map((one) => this.request(one).stage);
  }

  /** Branches enter together, with the person's yes. */
  async enter(...branches: readonly string[]): Promise<readonly RequestId[]> {
    const { foreman, git, box } = this;
    const repository = await box.repository();
    const entered: RequestId[] = [];
    await foreman.wish({ type: 'pauseQueue' });
    for (const branch of branches) {
      drawn += 1;
      const request = parseRequestId(`mr-${String(drawn).padStart(5, '0')}`);
      if (request === null) throw new Error('not an id');
      const answer = await enterBranch(
        { repository, git, clock: systemClock, control: foreman },
        { branch, title: branch, bead: beadIdOf(drawn), request },
      );
      if (!answer.ok) throw new Error(`${branch}: ${JSON.stringify(answer.refusal)}`);
      await foreman.wish({ type: 'approve', request });
      entered.push(request);
    }
    await foreman.wish({ type: 'resumeQueue' });
    return entered;
  }

  /** Until the queue has nothing to do: all is landed or given back, or it stands still and says why. */
  async rest(): Promise<void> {
    await this.until(() => {
      const { batch, paused, traces = [] } = this.queue;
      const open = Object.values(this.foreman.state.requests).some(({ stage }) => openStages.includes(stage));
      return (batch === null && !open && traces.length === 0) || (paused !== null && batch === null);
    });
  }

  async until(holds: () => boolean): Promise<void> {
    const deadline = systemClock.now() + limitMs;
    while (!holds()) {
      if (systemClock.now() > deadline) throw new Error(`Not in time: ${holds.toString()}\n${this.story()}`);
      await systemClock.sleep(5);
    }
  }

  /** What the feed says, newest last. */
  said(what: string): readonly string[] {
    return this.memory.feed.filter((one) => one.what === what).map((one) => JSON.stringify(one.facts));
  }

  story(): string {
    const requests = Object.values(this.foreman.state.requests).map(
      ({ branch, stage, reason }) => `${branch} ${stage} ${JSON.stringify(reason)}`,
    );
    const feed = this.memory.feed.slice(-30).map((one) => `${one.what} ${JSON.stringify(one.facts)}`);
    return [...requests, JSON.stringify(this.queue.paused), ...feed].join('\n');
  }

  /** The host is killed: what it had under way is never heard of again, and nothing it does counts any more. */
  kill(): void {
    this.#dead = true;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Done once, at the next such moment. Synchronous: nothing else of the queue happens meanwhile. */
  on(moment: Moment, befalls: () => void): void {
    this.#fault = { moment, befalls };
  }

  /** Another window opens the same rig. */
  reopen(changed: QueueOptions = {}): Promise<QueueRig> {
    return QueueRig.open(this.box, { ...this.#options, ...changed, memory: this.memory });
  }

  async close(): Promise<void> {
    if (!this.#dead) await this.foreman.close();
  }

  get #definitions(): readonly CheckDefinition[] {
    return this.#options.definitions ?? [byContent];
  }

  #reach(moment: Moment): void {
    const fault = this.#fault;
    if (fault?.moment !== moment) return;
    this.#fault = null;
    fault.befalls();
  }

  /** The files of a checkout follow its target in one step of git's, after the ref. */
  readonly #start: StartProgram = (call, reader) => {
    if (call.args.includes('read-tree') && call.args.includes('-u')) this.#reach('half landed');
    if (!this.#dead) return startHere({ ...call, env: unsynced(call.env) }, reader);
    return { ended: never, end: () => Promise.resolve() };
  };

  async #alive<T>(result: Promise<T>): Promise<T> {
    const value = await result;
    return this.#dead ? never : value;
  }

  #overheard(git: Git): Git {
    return {
      ...git,
      mergeOnto: async (...args) => {
        this.#reach('merging');
        return this.#alive(git.mergeOnto(...args));
      },
      land: async (...args) => {
        this.#reach('proven');
        if (this.#dead) return never;
        const result = await git.land(...args);
        if (result.ok) this.landed.push(args[3]);
        this.#reach('landed');
        return this.#alive(Promise.resolve(result));
      },
    };
  }

  #checks(): Checks {
    const real = this.#options.definitions === undefined ? null : createChecks();
    return {
      basis: () => this.#alive(Promise.resolve('b')),
      run: async (run) => {
        this.#reach('checking');
        if (this.#dead) return never;
        const results =
          real === null
            ? [verdict(run.cwd, run.outputs)]
            : await real.run({ ...run, onStart: () => undefined });
        const passed = results.every(({ outcome }) => outcome === 'passed');
        if (passed) this.green.add(gitNow(run.cwd, 'rev-parse', 'HEAD^{tree}'));
        return this.#alive(Promise.resolve(results));
      },
    };
  }

  #untilDeath(store: Store): Store {
    const append: Store['append'] = (at, events) => (this.#dead ? never : store.append(at, events));
    return new Proxy(store, {
      get: (target, member) => {
        if (member === 'append') return append;
        const value: unknown = Reflect.get(target, member, target);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
  }
}
let drawn = 0;

/** What is on the disk after a power cut is not the matter here, and takes most of the time. */
function unsynced(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entry = Object.entries(env).find(([, value]) => value === 'core.fsync');
  return entry === undefined ? env : { ...env, [entry[0].replace('KEY', 'VALUE')]: 'none' };
}

function verdict(cwd: string, outputs: string): Awaited<ReturnType<Checks['run']>>[number] {
  const isRed = readdirSync(cwd).some((name) => name.startsWith('red'));
  const told = isRed
    ? ({ outcome: 'failed', exitCode: 1 } as const)
    : ({ outcome: 'passed', exitCode: 0 } as const);
  return { name: 'test', ...told, durationMs: 1, outputFile: path.join(outputs, 'test.log') };
}

/** Git as the person would call it, at once. */
export function gitNow(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
