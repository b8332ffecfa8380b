import { defaultQueueSettings } from '../../src/town/queueSettings.ts';
import { defaultRouting } from '../../src/town/routing.ts';
import { AgentDesk } from '../../src/foreman/desk.ts';
import { Foreman } from '../../src/foreman/foreman.ts';
import { placesOf } from '../../src/foreman/places.ts';
import { ProofRooms } from '../../src/foreman/proofRooms.ts';
import { drawnIds } from '../../src/town/drawnIds.ts';
import { noForge } from '../fakes/noForge.ts';
import { fakeAgents } from '../fakes/fakeAgents.ts';
import type { Desk } from '../../src/ports/desk.ts';
import type { Host, HostIdentity } from '../../src/ports/host.ts';
import type { Ids } from '../../src/ports/ids.ts';
import { ModelError } from '../../src/ports/models.ts';
import type { Store } from '../../src/ports/store.ts';
import { SimAccount } from './account.ts';
import { OwnerWatch } from '../../src/store/ownerWatch.ts';
import type { Random } from './random.ts';
import type { Actor } from './scheduler.ts';
import { WindowSessions } from './sessions.ts';
import { type SimGit, repository } from './simGit.ts';
import type { Ownership } from './model.ts';
import type { World } from './world.ts';

/** A rig that a window has open. */
export interface Open {
  readonly foreman: Foreman;
  readonly desk: Desk;
  readonly git: SimGit;
  readonly sessions: WindowSessions;
  readonly owner: Ownership;
  /** Resolves with null when the window lets go of the rig, however it does. */
  readonly gone: Promise<null>;
  readonly leave: () => void;
}

/** A window of the editor: opens the rig, loses it, and opens it again, each time as a new process. */
export class Window {
  readonly name: string;
  /** Which container of the machine it runs in: processes of another one it cannot see. */
  readonly pidSpace: string;
  readonly #world: World;
  #host: Host;
  #watch: OwnerWatch;
  actor: Actor;
  open: Open | null = null;
  /** It goes away in good order and opens again. */
  leaving = false;

  constructor(world: World, name: string, pidSpace: string) {
    this.#world = world;
    this.name = name;
    this.pidSpace = pidSpace;
    this.actor = world.newActor(name);
    this.actor.alive = false;
    this.#host = this.#hostOf(this.actor);
    this.#watch = new OwnerWatch({ commonDir: repository.commonDir, host: this.#host });
  }

  /** Starts a process for the window, some time from now. */
  startIn(ms: number): void {
    this.actor = this.#world.newActor(this.name);
    this.#host = this.#hostOf(this.actor);
    const { commonDir } = repository;
    this.#watch = new OwnerWatch({ commonDir, window: this.name, host: this.#host });
    this.openIn(ms);
  }

  /** Opens the rig, or tries to, in the process that runs. */
  openIn(ms: number): void {
    const { scheduler, trace } = this.#world;
    this.leaving = false;
    scheduler.later(this.actor, 'window', 'opens the rig', ms, () => {
      void this.#boot(this.actor).catch((error: unknown) => {
        trace.note(`  ↳ ${this.name} cannot open: ${String(error)}`);
        this.#world.notOpened(this, error);
      });
    });
  }

  async #boot(actor: Actor): Promise<void> {
    const world = this.#world;
    world.opening(this);
    const store = await world.openStore({ host: this.#host, watch: this.#watch, window: this.name });
    if (!actor.alive) return;
    try {
      await this.#around(actor, store);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #around(actor: Actor, store: Store): Promise<void> {
    const world = this.#world;
    const owner = world.model.opened(store.initial, store.read.seq(), store.epoch);
    world.opened(this);
    world.model.shown(owner);
    const git = world.gitFor(actor, owner);
    await git.takeLease(repository, { rig: store.rig, epoch: store.epoch });
    const sessions = new WindowSessions(world.sessions, world.scheduler, actor, () => {
      world.starting(owner, 'a terminal');
    });
    const places = placesOf(repository, store.folder, null);
    const { scheduler, sessions: all } = world;
    const account = new SimAccount({ places: world.places, sessions: all, scheduler, actor });
    const common = {
      repository,
      places,
      git,
      account,
      rig: 'r',
      epoch: store.epoch,
      agents: fakeAgents(),
      bin: null,
      openModels: () => Promise.reject(new ModelError('refused', 'The simulation has no models.')),
      settings: () => settings,
    };
    const ids = idsOf(world.idDraws);
    const foreman = new Foreman({
      ...common,
      terminals: sessions,
      processes: sessions,
      tokens: sessions,
      forge: noForge,
      checks: world.checksFor(actor, owner),
      clock: world.scheduler,
      ids,
      proofRooms: new ProofRooms(2),
      queueRooms: new ProofRooms(2),
      store: watched(store, actor, (at, events) => {
        world.model.attempted(owner, at, events);
      }),
      // What an agent says while nobody answers it keeps saying here: the outbox is not simulated.
      takeUpReports: () => Promise.resolve(),
      findChecks: () =>
        Promise.resolve({
          type: 'proposeChecks',
          ask: ids.ask(),
          definitions: checks.definitions,
          hash: checks.hash,
        }),
    });
    foreman.follow({
      entry: (entry) => {
        if (actor.alive) world.told(owner, entry);
      },
      facts: () => undefined,
      notice: () => undefined,
    });
    if (store.initial.rig === null)
      await foreman.wish({
        type: 'adoptRig',
        id: store.rig,
        name: 'r',
        commonDir: repository.commonDir,
        target: 'main',
      });
    await foreman.start();
    const { sightings, messages } = foreman;
    const desk = new AgentDesk({
      ...common,
      ids,
      clock: world.scheduler,
      control: foreman,
      sightings,
      messages,
    });
    let leave = (): void => undefined;
    const gone = new Promise<null>((resolve) => {
      leave = () => {
        resolve(null);
      };
    });
    if (!actor.alive) return;
    this.open = { foreman, desk, git, sessions, owner, gone, leave };
  }

  /** Killed, or its machine lost power. */
  kill(): void {
    this.#world.scheduler.kill(this.actor);
    this.#close();
  }

  /** Closes the rig in good order and opens it again: as a new process, or in the same one. */
  reopen(how: 'reload' | 'same process'): void {
    const { open, actor } = this;
    if (open === null || this.leaving) return;
    this.leaving = true;
    this.#close();
    const ended = (): void => {
      if (this.actor !== actor || !actor.alive || !this.leaving) return;
      if (how === 'same process') {
        this.openIn(500);
        return;
      }
      this.#world.scheduler.kill(actor);
      this.startIn(500);
    };
    this.#world.scheduler.later(actor, 'window', 'lets the rig go', 0, () => {
      void open.foreman.close().then(ended, ended);
    });
    // The editor does not wait for ever for its extensions.
    this.#world.scheduler.later(this.#world.nobody, 'window', `${this.name} is gone`, 20_000, ended);
  }

  #close(): void {
    this.open?.leave();
    this.open = null;
  }

  #hostOf(actor: Actor): Host {
    const world = this.#world;
    const me: HostIdentity = {
      pid: actor.pid,
      startTime: String(actor.pid),
      boot: `boot-${String(world.boots)}`,
      pidSpace: this.pidSpace,
      machine: 'm',
    };
    return {
      me: () => Promise.resolve(me),
      isAlive: (other) => {
        if (other.boot !== me.boot) return Promise.resolve('dead');
        if (other.pidSpace !== me.pidSpace) return Promise.resolve('unknown');
        return Promise.resolve(world.isAlive(other.pid) ? 'alive' : 'dead');
      },
      monotonic: () => world.scheduler.now(),
    };
  }
}

export const checks = {
  definitions: [{ name: 'test', command: 'npm', args: ['test'], timeoutMs: 60_000 }],
  hash: 'h',
};

const settings = {
  maxPolecats: 2,
  maxAgents: 2,
  spareWorktrees: 1,
  optimize: false,
  inspect: false,
  controlShare: 0,
  refinery: { ...defaultQueueSettings, style: 'merge' as const },
  worktreeSetup: null,
  share: {},
  allowedCommands: [],
  routing: defaultRouting,
  // No agent of the simulator tells what it does.
  silentAfterMs: 300_000,
};

export function idsOf(random: Random): Ids {
  return { ...drawnIds((bound) => random.below(bound)), secret: () => random.hex(32) };
}

/** The store itself, its appends overheard. */
function watched(
  store: Store,
  actor: Actor,
  attempt: (at: number, events: Parameters<Store['append']>[1]) => void,
): Store {
  const append: Store['append'] = (at, events) => {
    if (actor.alive) attempt(at, events);
    return store.append(at, events);
  };
  return new Proxy(store, {
    get: (target, member) => {
      if (member === 'append') return append;
      const value: unknown = Reflect.get(target, member, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}
