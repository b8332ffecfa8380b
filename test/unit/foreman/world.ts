import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { type Budgets, noBudgets } from '../../../src/town/budgets.ts';
import type { PriceRow } from '../../../src/town/prices.ts';
import { defaultRouting } from '../../../src/town/routing.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Foreman } from '../../../src/foreman/foreman.ts';
import { placesOf } from '../../../src/foreman/places.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { ProofRooms } from '../../../src/foreman/proofRooms.ts';
import type { Agents } from '../../../src/ports/agents.ts';
import type { CheckRun } from '../../../src/ports/checks.ts';
import type { Ids } from '../../../src/ports/ids.ts';
import type { Models } from '../../../src/ports/models.ts';
import type { ApprovalRule } from '../../../src/town/autoApprove.ts';
import type { Bead, BeadDraft, BeadStatus } from '../../../src/town/bead.ts';
import type { CheckResult } from '../../../src/town/check.ts';
import type { AskId, BeadId, ConvoyId, RequestId, ThreadId } from '../../../src/town/ids.ts';
import { type Need, needsYou } from '../../../src/town/needsYou.ts';
import type { Polecat } from '../../../src/town/polecat.ts';
import { emptyDraft } from '../../fakes/events.ts';
import { noForge } from '../../fakes/noForge.ts';
import { fakeAgents } from '../../fakes/fakeAgents.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';
import { FakeGit } from '../../fakes/fakeGit.ts';
import { FakeProcesses } from '../../fakes/fakeProcesses.ts';
import { ManualClock, settled } from '../../fakes/manualClock.ts';
import { type Memory, MemoryStore } from '../../fakes/memoryStore.ts';
import { rigId } from '../../fakes/events.ts';
import { FakeModels } from '../assayer/fakeModels.ts';

const checks = {
  definitions: [{ name: 'test', command: 'npm', args: ['test'], timeoutMs: 60_000 }],
  hash: 'h',
  confirmedAt: 0,
};

/** Claims and outputs lie on a real disk as long as this process lives. */
function placeOnDisk(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rigs-foreman-'));
  places.push(folder);
  return folder;
}

const places: string[] = [];
process.once('exit', () => {
  for (const place of places) rmSync(place, { recursive: true, force: true });
});

/** A foreman over fakes: the whole loop in milliseconds, with the test as agents, git, clock and person. */
export class World {
  readonly clock = new ManualClock();
  readonly git = new FakeGit();
  readonly processes = new FakeProcesses(this.clock);
  /** What is on disk, so to speak; another window opens the same. */
  readonly memory: Memory;
  readonly #place: string;
  readonly store: MemoryStore;
  readonly foreman: Foreman;
  /** Commits whose checks are red. */
  readonly red = new Set<string>();
  /** Where the output of checks is, as if they had written it. */
  checkOutput: string | null = null;
  readonly checked: string[] = [];
  readonly account = new FakeAccount(() => this.clock.now());
  /** What this window's agents are and say. */
  readonly agents: Partial<Agents>;
  /** Who plays the assayer's models; there are none until `agents` has an assayer. */
  models: Models = new FakeModels();
  silentAfterMs = 300_000;
  maxPolecats = 3;
  maxAgents = 12;
  spareWorktrees = 0;
  controlShare = 0;
  budgets: Budgets = noBudgets;
  prices: readonly PriceRow[] = [];
  autoApprove: readonly ApprovalRule[] = [];
  /** Aborted runs, so that a test sees that a stop reached the checks. */
  aborted = 0;
  hangChecks = false;
  #id = 0;

  constructor(before?: World, agents: Partial<Agents> = before?.agents ?? {}) {
    this.agents = agents;
    const git = before?.git ?? this.git;
    this.git = git;
    this.processes = before?.processes ?? this.processes;
    this.account = before?.account ?? this.account;
    this.clock = before?.clock ?? this.clock;
    this.#id = before === undefined ? 0 : before.#id + 1000;
    this.memory = before?.memory ?? { journal: [], feed: [] };
    this.store = new MemoryStore(this.memory);
    this.#place = before === undefined ? placeOnDisk() : before.#place;
    this.foreman = new Foreman({
      repository: git.repository,
      places: placesOf(git.repository, this.#place, null),
      git,
      terminals: this.processes,
      agents: fakeAgents(agents),
      openModels: () => Promise.resolve(this.models),
      bin: null,
      forge: noForge,
      checks: { run: (run) => this.#check(run), basis: () => Promise.resolve('b1') },
      clock: this.clock,
      ids: this.#ids(),
      processes: this.processes,
      tokens: this.processes,
      proofRooms: new ProofRooms(2),
      queueRooms: new ProofRooms(2),
      rig: 'abcdefgh',
      epoch: 1,
      takeUpReports: () => Promise.resolve(),
      account: this.account,
      settings: () => ({
        maxPolecats: this.maxPolecats,
        routing: defaultRouting,
        maxAgents: this.maxAgents,
        budgets: this.budgets,
        prices: this.prices,
        silentAfterMs: this.silentAfterMs,
        worktreeSetup: null,
        share: {},
        spareWorktrees: this.spareWorktrees,
        allowedCommands: [],
        optimize: true,
        inspect: true,
        controlShare: this.controlShare,
        refinery: { ...defaultQueueSettings, style: 'merge' as const, autoApprove: this.autoApprove },
      }),
      store: this.store,
      findChecks: () =>
        Promise.resolve({
          type: 'proposeChecks',
          ask: this.#ids().ask(),
          definitions: checks.definitions,
          hash: 'h',
        }),
    });
  }

  /** A started foreman on an adopted rig whose checks the person confirmed. */
  static async ready(agents: Partial<Agents> = {}): Promise<World> {
    const world = new World(undefined, agents);
    await world.foreman.start();
    await world.foreman.wish({
      type: 'adoptRig',
      id: rigId,
      name: 'r',
      commonDir: '/r/.git',
      target: 'main',
    });
    await world.foreman.wish({ type: 'confirmChecks', checks });
    return world;
  }

  /** The window goes away without a word and another opens the same rig; agents and git live on. */
  async reload(): Promise<World> {
    await this.foreman.close();
    const next = new World(this);
    await next.foreman.start();
    await next.settle();
    return next;
  }

  async sling(
    title: string,
    changes: Partial<BeadDraft> = {},
    landing: 'review' | 'auto' = 'auto',
  ): Promise<BeadId> {
    const bead = this.#ids().bead(() => false);
    const convoy = this.#ids().convoy();
    await this.foreman.wish({
      type: 'createConvoy',
      convoy,
      title,
      landing,
      held: false,
      beads: [{ bead, draft: { ...emptyDraft, title, ...changes } }],
    });
    await this.settle();
    return bead;
  }

  bead(id: BeadId): Bead {
    const found = this.foreman.state.beads[id];
    if (found === undefined) throw new Error(`no bead ${id}`);
    return found;
  }

  polecat(id: BeadId): Polecat {
    const found = Object.values(this.foreman.state.polecats).findLast((one) => one.bead === id);
    if (found === undefined) throw new Error(`no polecat for ${id}`);
    return found;
  }

  /** The agent writes files and calls it done, and goes when it is told to. */
  async work(id: BeadId, files: readonly string[]): Promise<void> {
    const polecat = this.polecat(id);
    if (polecat.worktree !== null && files.length > 0) this.git.edit(polecat.worktree, files);
    const { id: who, token } = polecat;
    await this.foreman.wish({ type: 'claimDone', polecat: who, token, claim: systemIds.secret() });
    await this.settle();
  }

  async exit(id: BeadId, code: number | null, signal: string | null = null): Promise<void> {
    this.processes.exit(this.polecat(id).id, code, signal);
    await this.settle();
  }

  /** Time for the foreman's next heartbeat. */
  async beat(): Promise<void> {
    await this.clock.advance(5_000);
    await settled();
  }

  async settle(): Promise<void> {
    await this.clock.advance(0);
    await settled();
  }

  /** Claims and outputs lie on a real disk, so that what comes of them is waited for. */
  async until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!holds() && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await this.settle();
    }
    if (!holds()) throw new Error(`never came true: ${holds.toString()}`);
  }

  async reaches(id: BeadId, status: BeadStatus): Promise<void> {
    await this.until(() => this.bead(id).status === status);
  }

  /** What most urgently waits for the person, once something does. */
  async need(): Promise<Need | undefined> {
    await this.until(() => needsYou(this.foreman.state).length > 0);
    return needsYou(this.foreman.state)[0];
  }

  async #check(run: CheckRun): Promise<readonly CheckResult[]> {
    const head = this.git.worktrees.get(run.cwd)?.head ?? '';
    this.checked.push(head);
    if (this.hangChecks) {
      await new Promise<void>((resolve) => {
        run.signal.addEventListener('abort', () => {
          this.aborted += 1;
          resolve();
        });
      });
    }
    const outcome = this.red.has(head) ? 'failed' : 'passed';
    return [
      {
        name: 'test',
        outcome,
        exitCode: outcome === 'passed' ? 0 : 1,
        durationMs: 1,
        outputFile: this.checkOutput,
      },
    ];
  }

  #ids(): Ids {
    const draw = (prefix: string): string => {
      this.#id += 1;
      return prefix + this.#id.toString(36).padStart(5, '0');
    };
    return {
      bead: () => draw('gt-') as BeadId,
      convoy: () => draw('cv-') as ConvoyId,
      request: () => draw('mr-') as RequestId,
      ask: () => draw('ak-') as AskId,
      thread: () => draw('rt-') as ThreadId,
      secret: () => 'secret',
    };
  }
}
