/** A rig without an editor whose agents are the vendors' real command lines, on real terminals, over a wire. */
import { stripVTControlCharacters } from 'node:util';
import type { SetVendor } from '../../../src/providers/roster.ts';
import type { RigsProgram, Vendor, VendorSettings } from '../../../src/providers/vendor.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import type { ForemanSettings } from '../../../src/foreman/hands/context.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Ask } from '../../../src/town/ask.ts';
import type { Bead } from '../../../src/town/bead.ts';
import { type Need, needsYou } from '../../../src/town/needsYou.ts';
import { planToDrafts } from '../../../src/town/plan.ts';
import type { Polecat } from '../../../src/town/polecat.ts';
import { planBeads } from '../../fakes/planBeads.ts';
import { type AgentHomes, makeAgentHomes } from '../../harness/agentHomes.ts';
import { type AgentRepository, makeAgentRepository } from '../../harness/agentRepository.ts';
import { setVendors } from '../../harness/agentVendors.ts';
import { ensureAgents } from '../../harness/agents.ts';
import { SpawnedTerminals } from '../../harness/spawnedTerminals.ts';
import { type Step, tasks } from '../../harness/wire/play.ts';
import { type Wire, startWire } from '../../harness/wire/wire.ts';
import { HeadlessRig } from './headlessRig.ts';

export interface AgentRigOptions {
  readonly vendors: readonly Vendor[];
  readonly rigs: RigsProgram;
  readonly set?: Partial<VendorSettings>;
  readonly settings?: Partial<ForemanSettings>;
  readonly claude?: 'key' | 'subscription';
  /** Added to what the programs see. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A task: who is to work on it, and what its model does. */
export interface Job {
  readonly title: string;
  readonly provider: string;
  readonly steps: readonly Step[];
}

export class AgentRig {
  readonly wire: Wire;
  readonly homes: AgentHomes;
  readonly repository: AgentRepository;
  readonly rig: HeadlessRig;
  readonly #restore: () => void;
  readonly #answered = new Set<string>();
  readonly #book: Record<string, readonly Step[]> = {};

  private constructor(
    parts: Pick<AgentRig, 'wire' | 'homes' | 'repository' | 'rig'> & { readonly restore: () => void },
  ) {
    this.wire = parts.wire;
    this.homes = parts.homes;
    this.repository = parts.repository;
    this.rig = parts.rig;
    this.#restore = parts.restore;
    for (const queue of ['claude', 'codex', 'gemini']) this.wire.queue(queue, tasks(this.#book));
  }

  static async open(options: AgentRigOptions): Promise<AgentRig> {
    const { claude = 'key', rigs, set, settings = {} } = options;
    const programs = await ensureAgents();
    const wire = await startWire();
    const repository = await makeAgentRepository('rigs agents é');
    const homes = await makeAgentHomes({ wire, trusted: [repository.place, repository.folder], claude });
    const restore = setEnvironment({ ...homes.env, ...options.env });
    const vendors: readonly SetVendor[] = setVendors(options.vendors, programs, set);
    const rig = await HeadlessRig.open({
      folder: repository.folder,
      vendors,
      rigs,
      settings: { maxPolecats: 6, ...settings },
      terminals: new SpawnedTerminals({ tty: true }),
    });
    return new AgentRig({ wire, homes, repository, rig, restore });
  }

  /** Gives tasks in one convoy that lands by itself. */
  async give(title: string, jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) this.#book[job.title] = job.steps;
    // So little that an account of any size, of which nothing is measured yet, carries all of them at once.
    const beads = planBeads(jobs).map((bead) => ({ ...bead, estimate: 100 }));
    const drafts = planToDrafts({ goal: title, beads }, (taken) => systemIds.bead(taken));
    const convoy = systemIds.convoy();
    await this.rig.rig.foreman.wish({
      type: 'createConvoy',
      convoy,
      title,
      landing: 'auto',
      held: false,
      beads: drafts,
    });
  }

  /** Answers what needs a person as they would, a dialog on an agent's own screen with Enter; leaves the rest. */
  readonly person = async (need: Need): Promise<void> => {
    if (need.kind === 'ask' && need.ask.subject.kind === 'stuck') return;
    if (need.kind !== 'ask' || need.ask.subject.kind !== 'attention') {
      await this.rig.agree(need);
      return;
    }
    const { polecat, reason } = need.ask.subject;
    if (reason.code !== 'agent_shows_dialog' || this.#answered.has(need.ask.id)) return;
    // The hook tells of a dialog before it stands on the screen.
    if (!/Allow once[^]*No, suggest/.test(this.rig.terminals.printed.get(polecat)?.slice(-4_000) ?? ''))
      return;
    this.#answered.add(need.ask.id);
    this.rig.terminals.press(polecat, '\r');
  };

  /** Waits for something about one task, as a person who answers what they can; what never comes tells its story. */
  async until(title: string, holds: () => boolean, limitMs = 90_000): Promise<void> {
    const deadline = systemClock.now() + limitMs;
    while (!holds()) {
      if (systemClock.now() > deadline)
        throw new Error(`Not in time: ${holds.toString()}\n${this.#story(title)}`);
      for (const need of needsYou(this.rig.state)) await this.person(need);
      await systemClock.sleep(50);
    }
  }

  #story(title: string): string {
    const polecat = this.polecat(title);
    const notices = this.rig.notices.filter(({ facts }) => facts['title'] === title);
    const screen = polecat === undefined ? '' : (this.rig.terminals.printed.get(polecat.id) ?? '');
    return [
      ...notices.map(({ what, facts, why }) => `${what} ${JSON.stringify(facts)} ${JSON.stringify(why)}`),
      JSON.stringify({ bead: this.bead(title), polecat, asks: this.asks(title) }, null, 1),
      stripVTControlCharacters(screen).slice(-2_000),
    ].join('\n');
  }

  bead(title: string): Bead {
    return this.rig.bead(title);
  }

  polecat(title: string): Polecat | undefined {
    const { id } = this.bead(title);
    return Object.values(this.rig.state.polecats).find(({ bead }) => bead === id);
  }

  /** What waits for a person about a task. */
  asks(title: string): readonly Ask[] {
    const { id } = this.bead(title);
    return Object.values(this.rig.state.asks).filter(({ bead, answer }) => bead === id && answer === null);
  }

  /** Calls a task off, as a person does; one that ended stays as it is. */
  async cancel(title: string): Promise<void> {
    await this.rig.rig.foreman.wish({ type: 'cancelBead', bead: this.bead(title).id });
  }

  hasLanded(title: string): boolean {
    return this.bead(title).landed !== null;
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.wire.close();
    this.#restore();
    await this.repository.remove();
    await this.homes.remove();
  }
}

/** Vendors look at this process's environment as they do at the editor's. */
function setEnvironment(env: Readonly<Record<string, string>>): () => void {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
