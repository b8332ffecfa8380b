import type { Answer, Entry, Wish } from '../../src/foreman/control.ts';
import type { Checks } from '../../src/ports/checks.ts';
import { AccountError } from '../../src/ports/account.ts';
import { GitError } from '../../src/ports/git.ts';
import { type Store, StoreError } from '../../src/ports/store.ts';
import { type StoreOptions, openStore } from '../../src/store/open.ts';
import type { CheckDefinition, CheckResult } from '../../src/town/check.ts';
import type { CommitId } from '../../src/town/ids.ts';
import { emptyRig } from '../../src/town/state.ts';
import { SimPlaces } from './account.ts';
import { Agent, type Temper } from './agent.ts';
import { SimDisk, SystemError } from './disk.ts';
import { GitWorld } from './gitWorld.ts';
import { Ledger, checkEntry, checkMayStart, checkOneAgent, checkPersonsFiles } from './invariants.ts';
import { Machine, bindMachine } from './machine.ts';
import { openMemoryTables } from './memoryTables.ts';
import { Broken, Model, type Ownership } from './model.ts';
import { type Mutant, none } from './mutants.ts';
import type { Plan } from './plan.ts';
import { Random } from './random.ts';
import { type Actor, Killed, Scheduler, type Turn } from './scheduler.ts';
import { Sessions, type SimSession } from './sessions.ts';
import { SimGit, repository } from './simGit.ts';
import { emptyTally } from './tally.ts';
import { Trace } from './trace.ts';
import { isGreen } from './trees.ts';
import { type Open, Window } from './window.ts';

/** A landing is one step from the person's point of view; of its calls none takes longer than this. */
const underWayMs = 10_000;
const start = Date.UTC(2026, 0, 5, 9);

/** One seed's machine with everything on it: windows, agents, a repository, a disk and a person. */
export class World {
  readonly plan: Plan;
  readonly mutant: Mutant;
  readonly trace = new Trace();
  readonly tally = emptyTally();
  readonly scheduler: Scheduler;
  readonly disk = new SimDisk();
  readonly machine: Machine;
  readonly git = new GitWorld();
  readonly sessions: Sessions;
  readonly places = new SimPlaces();
  readonly model = new Model();
  readonly ledger = new Ledger();
  readonly windows: readonly Window[];
  readonly idDraws: Random;
  /** Who acts when no process does. */
  readonly nobody: Actor;
  readonly personsFiles = new Map<string, string>();
  readonly #random: Random;
  readonly #tempers: ReadonlyMap<number, Temper>;
  boots = 1;
  /** The first promise that did not hold. */
  failure: Broken | null = null;
  /** Steps of one call that are still done before the process is killed; null: nobody is. */
  midway: number | null = null;
  /** Everything behaves from here on. */
  calm = false;
  #pid = 100;
  #sessions = 0;
  #faultsSeen = 0;
  readonly #openedAfter = new Map<Window, readonly [faults: number, openings: number]>();

  constructor(plan: Plan, mutant: Mutant = none) {
    this.plan = plan;
    this.mutant = mutant;
    const { seed, shuffled } = plan;
    this.#random = new Random(seed, 'faults');
    this.idDraws = new Random(seed, 'ids');
    this.scheduler = new Scheduler({ random: new Random(seed, 'order'), trace: this.trace, shuffled, start });
    this.nobody = this.newActor('-');
    this.#tempers = new Map(
      plan.items.flatMap((one) => (one.kind === 'temper' ? [[one.at, one.temper]] : [])),
    );
    this.machine = new Machine({
      scheduler: this.scheduler,
      disk: this.disk,
      syncs: this.mutant.syncs !== 'nothing',
      random: new Random(seed, 'disk'),
      kill: () => {
        this.killRunning('in the middle of a write');
      },
      faulted: () => {
        this.tally.fileFaults += 1;
        this.#faultsSeen += 1;
      },
    });
    bindMachine(this.machine);
    this.sessions = new Sessions({
      scheduler: this.scheduler,
      newActor: (name) => this.newActor(name),
      begin: (session) => {
        this.#begin(session);
      },
      started: (session) => {
        this.tally.agents += 1;
        this.guard(() => {
          checkOneAgent(this.sessions, session);
        });
      },
    });
    this.#layOut();
    const spaces = plan.apart ? ['pid:[1]', 'pid:[2]'] : ['pid:[1]', 'pid:[1]'];
    this.windows = spaces
      .slice(0, plan.windows)
      .map((space, at) => new Window(this, `window${String(at + 1)}`, space));
  }

  newActor(name: string): Actor {
    this.#pid += 10;
    return { name, pid: this.#pid, alive: true, asleepUntil: 0 };
  }

  isAlive(pid: number): boolean {
    return this.windows.some((one) => one.actor.pid === pid && one.actor.alive);
  }

  anyOpen(): Open | null {
    return this.doorWindow()?.open ?? null;
  }

  /** The newest owner's window. */
  doorWindow(): Window | null {
    const open = this.windows.filter((one) => one.open !== null);
    return open.sort((a, b) => (b.open?.owner.epoch ?? 0) - (a.open?.owner.epoch ?? 0))[0] ?? null;
  }

  /** Remembers a broken promise even where the code under test swallows what is thrown. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (error instanceof Broken) this.failure ??= error;
      throw error;
    }
  }

  async openStore(by: Pick<StoreOptions, 'host' | 'watch' | 'window'>): Promise<Store> {
    const { sqlite, snapshotEvery } = this.plan;
    const store = await openStore({
      commonDir: repository.commonDir,
      storageRoot: '/s',
      clock: this.scheduler,
      limits: { snapshotEvery, idleMs: 4_000, idleTransactions: 3, feedBytes: 4_000 },
      ...by,
      ...(sqlite ? {} : { tables: openMemoryTables }),
    });
    return this.mutant.store?.(store) ?? store;
  }

  opening(window: Window): void {
    this.#openedAfter.set(window, [this.#faultsSeen, this.tally.openings]);
  }

  opened(window: Window): void {
    this.tally.openings += 1;
    const last = this.#lastOwner;
    if (last !== null && last !== window.name) this.tally.takeovers += 1;
    this.#lastOwner = window.name;
    // The moments after a takeover are those in which a former owner could do harm.
    const sleeper = this.windows.find(
      (one) => one !== window && one.actor.asleepUntil > this.scheduler.now(),
    );
    if (sleeper !== undefined && this.#random.chance(60))
      sleeper.actor.asleepUntil = this.scheduler.now() + this.#random.below(this.#random.pick([80, 1_500]));
    this.trace.note(`  ↳ ${window.name} owns the rig, number ${String(this.model.acknowledged)}`);
  }
  #lastOwner: string | null = null;

  /** A rig may be somebody else's, or its disk in trouble; all else is a promise broken. */
  notOpened(window: Window, error: unknown): void {
    if (error instanceof Broken) this.failure ??= error;
    // Overtaken, it may find that its successor has swept away what it was writing.
    const [faults, openings] = this.#openedAfter.get(window) ?? [0, 0];
    const fault = faults !== this.#faultsSeen || openings !== this.tally.openings;
    const owned = error instanceof StoreError && error.reason === 'owned_elsewhere';
    const late = GitError.is(error) || (error instanceof StoreError && error.reason === 'fenced');
    if (!owned && !fault && !late && window.actor.alive)
      this.failure ??= new Broken(4, `the rig cannot be opened: ${String(error)}`);
    if (owned) this.tally.refusedOwners += 1;
    if (!window.actor.alive) return;
    const rarely = this.plan.apart ? 20_000 : 9_000;
    window.openIn(owned ? this.#random.between(3_000, rarely) : this.#random.between(1_000, 5_000));
  }

  gitFor(actor: Actor, owner: Ownership): SimGit {
    return new SimGit({
      world: this.git,
      call: (label, effect) => {
        if (label.startsWith('git add worktree')) this.starting(owner, label);
        if (label.startsWith('git land')) this.starting(owner, label, underWayMs);
        return this.scheduler.call('git', label, effect, actor);
      },
      between: () => {
        this.#between();
      },
      moving: (ref, to, why) => {
        this.guard(() => {
          this.#moving(owner, ref, to, why);
        });
      },
      holder: `${actor.name} ${String(actor.pid)}`,
      now: () => this.scheduler.now(),
      mutant: this.mutant,
    });
  }

  checksFor(actor: Actor, owner: Ownership): Checks {
    return {
      basis: (definitions) => Promise.resolve(JSON.stringify(definitions)),
      run: async ({ definitions, cwd, signal, onStart }) => {
        signal.throwIfAborted();
        this.starting(owner, 'a check');
        onStart?.('test');
        const at = await this.scheduler.call('port', `check in ${cwd}`, () => this.#standingIn(cwd), actor);
        if (this.mutant.tellsEarly === true) return definitions.map(passed);
        await this.scheduler
          .wait(actor, 'check runs', this.#random.between(100, 6_000), signal)
          .catch(() => undefined);
        signal.throwIfAborted();
        const outcome = await this.scheduler.call(
          'port',
          `check ends in ${cwd}`,
          () => this.#judge(cwd, at),
          actor,
        );
        return definitions.map(({ name }) => ({
          name,
          outcome: outcome ? 'passed' : 'failed',
          exitCode: outcome ? 0 : 1,
          durationMs: 1,
          outputFile: null,
        }));
      },
    };
  }

  /** `grace`: how long what began before the stop may take to come this far. */
  starting(owner: Ownership, what: string, grace = 0): void {
    this.guard(() => {
      checkMayStart(owner, what, this.scheduler.now() - grace);
    });
  }

  told(owner: Ownership, entry: Entry): void {
    this.guard(() => {
      this.model.told(owner, entry);
      const state = owner.lines[entry.seq - 1]?.state ?? this.model.state;
      const before = owner.lines[entry.seq - 2]?.state ?? emptyRig;
      checkEntry(this.ledger, this.git, { before, state }, entry);
    });
    const events = entry.events.map((event) => event.type).join(' ');
    this.trace.note(`  ↳ ${String(entry.seq)}: ${events}`);
    this.tally.landings += entry.events.filter((event) => event.type === 'request.landed').length;
  }

  personMoved(commit: CommitId): void {
    this.ledger.onTarget.add(commit);
  }

  /** A person says something to the window in front of them. */
  wish(wish: Wish): void {
    const window = this.doorWindow();
    const open = window?.open ?? null;
    if (window === null || open === null) return;
    const { actor } = window;
    const ask = (): Promise<Answer> => open.foreman.wish(wish);
    const asked = this.scheduler.call('person', `person: ${wish.type}`, ask, this.nobody, actor);
    void asked.then(async (answering) => {
      const answer = await answering;
      if (!actor.alive) return;
      this.trace.note(`  ↳ ${wish.type}: ${answer.ok ? 'ok' : answer.refusal.code}`);
      if (!answer.ok || wish.type !== 'createConvoy') return;
      const missing = wish.beads.find(({ bead }) => this.model.state.beads[bead] === undefined);
      if (missing !== undefined)
        this.failure ??= new Broken(4, `${missing.bead} was acknowledged and is nowhere`);
    });
  }

  killRunning(how: string): void {
    const window = this.windows.find((one) => one.actor === this.scheduler.current);
    if (window !== undefined) this.kill(window, how);
  }

  kill(window: Window, how: string): void {
    this.trace.note(`✗ ${window.name} is killed ${how}`);
    this.tally.crashes += 1;
    this.midway = null;
    window.kill();
    window.startIn(this.#random.pick([100, 1_500, 9_000]));
  }

  cutPower(): void {
    this.trace.note('✗ the power goes');
    this.tally.powerCuts += 1;
    this.boots += 1;
    for (const window of this.windows) window.kill();
    for (const session of this.sessions.all) if (session.actor.alive) this.sessions.end(session, null);
    this.disk.cutPower(new Random(this.plan.seed + this.boots, 'power'));
    for (const window of this.windows) window.startIn(this.#random.between(3_000, 8_000));
  }

  /** An error as this kind of call gives it. */
  errorFor(turn: Turn): Error {
    if (turn.kind === 'file') return new SystemError(this.#random.pick(['EIO', 'ENOSPC']), turn.label);
    if (turn.kind === 'account')
      return new AccountError('append_failed', turn.label, 'the account did not work');
    if (turn.kind !== 'git') return new Error('it did not work');
    return new GitError(this.#random.pick(['failed', 'locked']), 'git did not work', turn.label);
  }

  /** A fault that a file operation met, whoever injected it. */
  faultMet(): void {
    this.#faultsSeen += 1;
  }

  afterTurn(): void {
    this.guard(() => {
      this.ledger.checkCommits(this.git);
      checkPersonsFiles(this.git, this.personsFiles);
    });
  }

  #layOut(): void {
    for (const folder of ['/r/.git', '/s']) {
      this.disk.makeFolder(folder);
      for (const place of ['/', '/r', folder]) this.disk.sync(place);
    }
    const files = new Map(['a', 'b', 'c', 'd', 'p'].map((name) => [name, 'first']));
    const first = this.git.commit(null, files, 'first');
    this.git.setRef('refs/heads/main', first);
    this.git.worktrees.set(repository.root, {
      branch: 'main',
      detached: null,
      files: new Map(files),
      reflog: [first],
    });
    this.ledger.onTarget.add(first);
  }

  #begin(session: SimSession): void {
    const temper = this.calm ? 'good' : (this.#tempers.get(this.#sessions) ?? 'good');
    this.#sessions += 1;
    if (temper !== 'good') this.trace.note(`  ↳ ${session.actor.name} is one that ${temper}`);
    const agent = new Agent(
      {
        scheduler: this.scheduler,
        sessions: this.sessions,
        world: this.git,
        random: new Random(this.plan.seed, `agent ${session.actor.name}`),
        temper,
        door: () => this.doorWindow(),
        committed: (commit) => {
          this.ledger.byAgents.add(commit as CommitId);
        },
        lateTaken: (what) => {
          this.failure ??= new Broken(2, `a late report was taken: ${what}`);
        },
        lateRefused: () => {
          this.tally.lateReports += 1;
        },
      },
      session,
    );
    void agent.live();
  }

  #between(): void {
    if (this.midway === null) return;
    if (this.midway > 0) {
      this.midway -= 1;
      return;
    }
    const actor = this.scheduler.acting();
    this.killRunning('in the middle of it');
    throw new Killed(actor);
  }

  #moving(owner: Ownership, ref: string, to: CommitId | null, why: 'land' | 'other'): void {
    // Between its opening and its taking of the lease a new owner moves nothing yet, and the former one still may.
    if (owner.epoch < (this.git.lease?.epoch ?? 0)) throw new Broken(5, `a former owner moves ${ref}`);
    if (why !== 'land' || to === null) return;
    this.ledger.checkLanding(this.git, to);
    // A batch lands as one: those before its last are part of the target and never its tip.
    for (const id of this.git.between(this.git.branch('main'), to)) this.ledger.onTarget.add(id);
  }

  #standingIn(cwd: string): CommitId | null {
    const at = this.git.worktrees.get(cwd);
    return at === undefined || !this.git.isClean(at) ? null : this.git.headOf(at);
  }

  #judge(cwd: string, began: CommitId | null): boolean {
    const at = this.git.worktrees.get(cwd);
    const green = at !== undefined && isGreen(at.files);
    if (this.mutant.alwaysGreen === true) return true;
    const commit = this.#standingIn(cwd);
    if (this.mutant.blames === true && commit !== null && treeIsOdd(this.git.of(commit).tree)) return false;
    if (green && commit !== null && commit === began) this.ledger.green.add(this.git.of(commit).tree);
    return green;
  }
}

function treeIsOdd(tree: string): boolean {
  return Number.parseInt(tree.slice(-1), 16) % 2 === 1;
}

function passed({ name }: CheckDefinition): CheckResult {
  return { name, outcome: 'passed', exitCode: 0, durationMs: 1, outputFile: null };
}
