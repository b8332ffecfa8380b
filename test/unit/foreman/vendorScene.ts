import { AgentDesk } from '../../../src/foreman/desk.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import type { AgentSession, Agents, HookAnswer, HookQuestion, Sighting } from '../../../src/ports/agents.ts';
import type { Caller } from '../../../src/ports/desk.ts';
import type { AskAnswer } from '../../../src/town/ask.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import type { Doing, DoingKind } from '../../../src/town/polecat.ts';
import { playedHook } from '../../fakes/fakeAgents.ts';
import { World } from './world.ts';

export interface Call {
  readonly sightings?: readonly Sighting[];
  readonly question?: HookQuestion;
}

/** A vendor that says what the test makes it say. */
export class PlayedVendor {
  see: ((sighting: Sighting) => void) | null = null;
  watched: AgentSession | null = null;
  /** How often its files were begun to be read; so many of the first ones fail. */
  watches = 0;
  failing = 0;
  readonly agents: Partial<Agents> = {
    seats: () => Promise.resolve([{ runner: 'claude-code', provider: 'p', tank: 't', model: 'm' }]),
    hook: (_seat, _event, body) => playedHook(body),
    watch: (session, see, signal) => {
      this.watches += 1;
      if (this.watches <= this.failing) return Promise.reject(new Error('cannot be read'));
      this.watched = session;
      this.see = see;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    },
    quit: () => 'terminate',
  };
}

export const doing = (kind: DoingKind, more: Partial<Doing> = {}): Sighting => ({
  kind: 'doing',
  doing: { kind, until: null, detail: null, ...more },
});

/** A vendor's agent at work on a bead, and the desk that its hooks reach. */
export class VendorScene {
  readonly vendor: PlayedVendor;
  readonly bead: BeadId;
  world: World;
  desk: AgentDesk;

  private constructor(vendor: PlayedVendor, world: World, bead: BeadId) {
    this.vendor = vendor;
    this.world = world;
    this.bead = bead;
    this.desk = deskOf(world, vendor);
  }

  static async open(change: (vendor: PlayedVendor) => void = () => undefined): Promise<VendorScene> {
    const vendor = new PlayedVendor();
    change(vendor);
    const world = await World.ready(vendor.agents);
    const bead = await world.sling('greet', {}, 'review');
    const scene = new VendorScene(vendor, world, bead);
    await world.until(() => world.polecat(bead).state === 'working');
    return scene;
  }

  /** The window's process is gone without a word, and another opens the same rig. */
  async crash(): Promise<void> {
    this.world = await this.world.reload();
    this.desk = deskOf(this.world, this.vendor);
  }

  me(): Caller {
    const { id, token } = this.world.polecat(this.bead);
    return { polecat: id, token };
  }

  async call(said: Call, signal = new AbortController().signal): Promise<HookAnswer> {
    return JSON.parse(await this.desk.hook(this.me(), 'any', JSON.stringify(said), signal)) as HookAnswer;
  }

  needs(): ReturnType<typeof needsYou> {
    return needsYou(this.world.foreman.state);
  }

  async answer(answer: AskAnswer, reply?: string): Promise<void> {
    const need = await this.world.need();
    if (need?.kind !== 'ask') throw new Error('nothing is asked');
    const said = reply === undefined ? {} : { reply };
    await this.world.foreman.wish({ type: 'answerAsk', ask: need.ask.id, answer, ...said });
  }
}

function deskOf({ foreman, git, clock }: World, vendor: PlayedVendor): AgentDesk {
  return new AgentDesk({
    git,
    clock,
    repository: git.repository,
    places: { claim: () => '/nowhere' } as never,
    agents: { hook: vendor.agents.hook } as never,
    settings: () => {
      throw new Error('no task is asked for');
    },
    ids: systemIds,
    control: foreman,
    sightings: foreman.sightings,
    messages: foreman.messages,
  });
}
