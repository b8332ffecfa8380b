import type { Command } from '../../../src/town/command.ts';
import { decide } from '../../../src/town/decide.ts';
import type { Routing } from '../../../src/town/routing.ts';
import type { DispatchFacts } from '../../../src/town/dispatch.ts';
import type { AskId, BeadId, CommitId, ConvoyId, Instant, RequestId } from '../../../src/town/ids.ts';
import { restOf } from '../../../src/town/need.ts';
import type { Polecat, Session } from '../../../src/town/polecat.ts';
import { reason } from '../../../src/town/reason.ts';
import { type RigState, type TownEvent, emptyRig } from '../../../src/town/state.ts';
import { TurnFold } from '../../../src/town/window.ts';
import { tankNews } from '../../../src/foreman/tankNews.ts';
import { beadIdOf, emptyDraft, rigId } from '../../fakes/events.ts';
import { Random } from '../random.ts';
import { type Arriving, type Goal, arrivals, normal } from './arrivals.ts';
import { Book } from './book.ts';
import type { Policy } from './policies.ts';
import { type Scenario, day, hour, minute, week } from './scenario.ts';
import { Vendor } from './vendor.ts';

export interface Outcome {
  readonly merged: number;
  readonly failed: number;
  readonly launches: number;
  /** Sessions that the person's quota ended. */
  readonly limited: number;
  /** Windows' worth of quota that sessions drew. */
  readonly windows: number;
  readonly tokens: number;
}

type WithoutInstant<C> = C extends unknown ? Omit<C, 'at'> : never;
type Word = WithoutInstant<Command>;

/** A bead as it really is. */
interface Job {
  readonly arriving: Arriving;
  readonly draw: Random;
  /** Of the try that is under way, 0–1. */
  done: number;
  /** Tokens of all its sessions. */
  known: number;
  /** Tokens that a fresh session reads again before it goes on. */
  rereads: number;
  tries: number;
  /** Tokens of its newest session. */
  drawn: number;
}

const slice = 2 * minute;
/** A session that goes on hours later reads anew what no cache holds any more: about half, the rest was summed up. */
const rereadsOf = (known: number): number => Math.min(known / 2, 50_000);
const pollEvery = 10 * minute;

/**
 * A week of one policy, or its beginning `until` an instant. Whatever happens is the same for all policies of a seed, as
 * far as they do the same.
 */
export function play(
  scenario: Scenario,
  seed: number,
  makePolicy: () => Policy,
  routing?: Routing,
  until = week,
): Outcome {
  return new Week(scenario, seed, makePolicy(), routing).play(until);
}

class Week {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #policy: Policy;
  readonly #routing: Routing | undefined;
  readonly #book = new Book();
  readonly #vendors: ReadonlyMap<string, Vendor>;
  readonly #jobs = new Map<BeadId, Job>();
  readonly #skill = new Map<string, number>();
  /** By provider and model, where tokens are paid for. */
  readonly #prices: Readonly<Record<string, number>>;
  #state: RigState = emptyRig;
  #at: Instant = 0;
  #drawn = 0;
  #launches = 0;
  #limited = 0;

  constructor(scenario: Scenario, seed: number, policy: Policy, routing: Routing | undefined) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#policy = policy;
    this.#routing = routing;
    this.#vendors = new Map(scenario.tanks.map((tank) => [tank.tank, new Vendor(tank, seed)]));
    this.#prices = Object.fromEntries(
      scenario.seats.flatMap(({ seat }) => {
        const price = scenario.tanks.find(({ tank }) => tank === seat.tank)?.price ?? null;
        return price === null ? [] : [[`${seat.provider} ${seat.model}`, price]];
      }),
    );
    const draw = new Random(seed, 'week skills');
    for (const { seat, skill } of scenario.seats) {
      for (const [type, value] of Object.entries(skill))
        this.#skill.set(`${seat.tank} ${seat.model} ${type}`, value * Math.exp(0.1 * normal(draw)));
    }
  }

  play(until: Instant): Outcome {
    const scenario = this.#scenario;
    this.#say({ type: 'adoptRig', id: rigId, name: 'week', commonDir: '/week', target: 'main' });
    this.#say({ type: 'confirmChecks', checks: { definitions: [], hash: 'h', confirmedAt: 0 } });
    const goals = [...arrivals(scenario, this.#seed)];
    const incidents = scenario.incidents.toSorted((a, b) => a.at - b.at);
    for (this.#at = slice; this.#at <= until; this.#at += slice) {
      while ((goals[0]?.at ?? Infinity) <= this.#at) this.#arrive(goals.shift());
      while ((incidents[0]?.at ?? Infinity) <= this.#at) this.#befall(incidents.shift());
      for (const vendor of this.#vendors.values()) {
        vendor.personDraws(this.#at, slice);
        if (vendor.tank.polled && this.#at % pollEvery === 0) this.#read(vendor);
      }
      for (const polecat of Object.values(this.#state.polecats)) {
        if (polecat.session !== null) this.#work(polecat, polecat.session);
      }
      this.#answer();
      this.#dispatch();
    }
    return this.#outcome();
  }

  #outcome(): Outcome {
    const of = (status: string): number =>
      Object.values(this.#state.beads).filter((bead) => bead.status === status).length;
    const vendors = [...this.#vendors.values()];
    return {
      merged: of('completed'),
      failed: of('failed'),
      launches: this.#launches,
      limited: this.#limited,
      windows: vendors.reduce((sum, one) => sum + one.windowsDrawn(), 0),
      tokens: vendors.reduce((sum, one) => sum + one.drawn, 0),
    };
  }

  /** Says what must be taken; what is told of accounts follows from the events, as in the product. */
  #say(word: Word): void {
    const decision = decide(this.#state, { ...word, at: this.#at });
    if (!decision.ok) throw new Error(`${word.type} was refused: ${JSON.stringify(decision.refusal)}`);
    this.#happened(decision.events, decision.state);
  }

  #happened(events: readonly TownEvent[], after: RigState): void {
    const before = this.#state;
    this.#state = after;
    for (const event of events) {
      const happened = { rig: 'week', before, after, event, requests: this.#requests(event) };
      this.#book.tell(tankNews(happened), this.#at);
      if (event.type === 'session.opened') this.#open(event);
      else if (event.type === 'session.ended') this.#book.release(event.polecat, event.token);
    }
  }

  #requests(event: TownEvent): number {
    if (event.type !== 'bead.usage') return 0;
    return Math.ceil((event.usage.input + event.usage.output) / 2_500);
  }

  #arrive(goal: Goal | undefined): void {
    if (goal === undefined) return;
    const first = this.#jobs.size;
    const beads = goal.beads.map((arriving, n) => {
      const bead = beadIdOf(first + n);
      const draw = new Random(this.#seed, `week ${bead}`);
      const job: Job = { arriving, draw, done: 0, known: 0, rereads: 0, tries: 0, drawn: 0 };
      this.#jobs.set(bead, job);
      const { type, priority, estimate, after } = arriving;
      const dependencies = after.map((one) => beadIdOf(first + one));
      return { bead, draft: { ...emptyDraft, title: bead, type, priority, estimate, dependencies } };
    });
    const convoy = this.#id('cv') as ConvoyId;
    this.#say({ type: 'createConvoy', convoy, title: 'goal', landing: 'auto', held: false, beads });
  }

  #befall(incident: Scenario['incidents'][number] | undefined): void {
    if (incident === undefined) return;
    const vendor = this.#vendors.get(incident.tank);
    if (incident.kind === 'limit_moves') vendor?.move(incident.times);
    else vendor?.silence(incident.at, incident.until);
  }

  #read(vendor: Vendor): void {
    const readings = vendor.readings(this.#at);
    const { tank, provider } = vendor.tank;
    if (readings.length > 0) this.#book.tell([{ kind: 'read', tank, provider, readings }], this.#at);
  }

  #open({ polecat, token, seat }: Extract<TownEvent, { type: 'session.opened' }>): void {
    const before = this.#state.polecats[polecat];
    const bead = this.#state.beads[before?.bead ?? beadIdOf(0)];
    const job = bead === undefined ? undefined : this.#jobs.get(bead.id);
    if (bead === undefined || job === undefined) throw new Error('a session of nothing was opened');
    this.#launches += 1;
    const { learned } = this.#book.fuel(this.#at);
    const need = restOf(bead, seat, learned, this.#prices[`${seat.provider} ${seat.model}`] ?? null);
    this.#book.reserve(polecat, token, seat, need, this.#at);
    job.rereads = rereadsOf(job.known);
    job.drawn = 0;
  }

  #work(polecat: Polecat, session: Session): void {
    const { seat, token } = session;
    const job = this.#jobs.get(polecat.bead);
    const vendor = this.#vendors.get(seat.tank);
    const truth = this.#scenario.seats.find(
      (one) => one.seat.tank === seat.tank && one.seat.model === seat.model,
    );
    if (job === undefined || vendor === undefined || truth === undefined)
      throw new Error('an unknown seat works');
    const tokens = Math.round((truth.speed * slice * (80 + job.draw.below(41))) / 100 / minute);
    const answer = vendor.draw(seat.model, tokens, this.#at);
    const account = { tank: seat.tank, provider: seat.provider };
    if (answer.kind === 'busy') {
      this.#book.tell([{ kind: 'throttled', ...account, model: seat.model }], this.#at);
      return;
    }
    if (answer.kind === 'refused') {
      this.#count(polecat, session, job);
      const { told } = answer;
      this.#book.tell([{ kind: 'read', ...account, readings: [told] }], this.#at);
      if (told.resetsAt === null)
        this.#book.tell([{ kind: 'refused', ...account, problem: 'credit', detail: 'no balance' }], this.#at);
      this.#refuse(polecat.id, token, told.resetsAt);
      return;
    }
    this.#progress(job, tokens, this.#skillOf(seat.tank, seat.model, job));
    this.#count(polecat, session, job);
    if (this.#at % (3 * slice) === 0 || job.done >= 1) this.#read(vendor);
    if (job.done >= 1) this.#finish(polecat, token, job, this.#skillOf(seat.tank, seat.model, job));
  }

  #skillOf(tank: string, model: string, { arriving }: Job): number {
    return Math.min(1, this.#skill.get(`${tank} ${model} ${arriving.type}`) ?? 0);
  }

  /** Who is less able takes longer for the same; what is tried again is half done already. */
  #progress(job: Job, tokens: number, skill: number): void {
    job.drawn += tokens;
    job.known += tokens;
    const read = Math.min(job.rereads, tokens);
    job.rereads -= read;
    const whole = job.arriving.size * (1 + 0.6 * (1 - skill)) * (job.tries === 0 ? 1 : 0.5);
    job.done += (tokens - read) / whole;
  }

  #count({ id: polecat }: Polecat, { token }: Session, job: Job): void {
    const usage = { input: Math.round(job.drawn * 0.8), cachedInput: 5 * job.drawn, output: 0 };
    this.#say({
      type: 'countUsage',
      polecat,
      token,
      usage: { ...usage, output: job.drawn - usage.input },
    });
  }

  #refuse(polecat: Polecat['id'], token: number, until: Instant | null): void {
    this.#limited += 1;
    const doing = { kind: 'limited', until, detail: null } as const;
    this.#say({ type: 'sawAgent', polecat, token, doing, ask: this.#id('ak') as AskId });
    this.#end(polecat, token, 'signalled');
  }

  #end(polecat: Polecat['id'], token: number, how: 'exited' | 'signalled'): void {
    const exit = { how, code: how === 'exited' ? 0 : null, signal: how === 'exited' ? null : 'SIGINT' };
    this.#say({ type: 'sessionEnded', polecat, token, exit, ask: this.#id('ak') as AskId });
    const ended = this.#state.polecats[polecat];
    if (ended?.state === 'retired') this.#say({ type: 'cleared', polecat });
  }

  /** Its checks say whether it is done; the third time they do not, a person lets it go. */
  #finish({ id: polecat, bead }: Polecat, token: number, job: Job, skill: number): void {
    const passes = job.draw.below(1_000) < 1_000 * (0.35 + 0.6 * skill);
    const claim = `${bead} ${String(job.tries)}`;
    job.tries += 1;
    job.done = 0;
    this.#say({ type: 'claimDone', polecat, token, claim });
    if (passes) {
      this.#land(polecat, token, bead);
      return;
    }
    const why = reason('check_failed', { name: 'test' });
    this.#say({ type: 'evidenceMissing', polecat, token, reason: why, ask: this.#id('ak') as AskId });
    if (this.#state.beads[bead]?.status !== 'in_progress' || job.tries < 3) return;
    const stuck = Object.values(this.#state.asks).find((one) => one.bead === bead && one.answer === null);
    if (stuck === undefined) throw new Error('nobody was asked about a bead that failed three times');
    this.#say({ type: 'answerAsk', ask: stuck.id, answer: 'dismiss' });
    this.#end(polecat, token, 'exited');
  }

  #land(polecat: Polecat['id'], token: number, bead: BeadId): void {
    const commit = this.#id('c').padEnd(40, '0') as CommitId;
    const request = this.#id('mr') as RequestId;
    const diff = { files: [], insertions: 1, deletions: 0, checks: [], committedForAgent: false };
    const evidence = { commit, tree: commit, base: null, ...diff, summary: 'done', at: this.#at };
    this.#say({ type: 'evidenceFound', polecat, token, evidence, request });
    if (this.#state.beads[bead]?.status !== 'completed') {
      this.#say(queueOnly);
      const { batch } = this.#state.queue;
      if (batch === null) throw new Error('nothing is proven');
      const links = [{ request, commit, tree: commit }];
      const chain = { onto: commit, base: commit, baseTree: 'b', links, basis: 'w' };
      this.#say({
        ...{ type: 'assembled', batch: batch.id, chain },
        ...{ conflicts: [], postponed: [], contained: [], maxRounds: 3 },
      });
      this.#say(queueOnly);
      this.#say({ type: 'ran', batch: batch.id, length: 1, checks: [] });
      this.#say(queueOnly);
      if (this.#state.queue.batch?.landing === 1) this.#say({ type: 'landed', batch: batch.id, length: 1 });
      this.#say(queueOnly);
    }
    this.#end(polecat, token, 'exited');
  }

  /** In the day the person looks now and then whether they are asked something. */
  #answer(): void {
    const inDay = this.#at % day > 9 * hour && this.#at % day < 18 * hour;
    if (!inDay || this.#at % (30 * minute) !== 0) return;
    for (const { id, answer, subject } of Object.values(this.#state.asks)) {
      if (answer === null && subject.kind !== 'stuck')
        this.#say({ type: 'answerAsk', ask: id, answer: 'allow' });
    }
  }

  #dispatch(): void {
    // A worktree stands at once; then its polecat asks for a session.
    for (let round = 0; round < 3; round += 1) {
      const events = this.#policy(this.#state, this.#facts(), this.#at);
      if (events.length === 0) return;
      const fold = new TurnFold(this.#state);
      for (const event of events) fold.apply(event);
      this.#happened(events, fold.state);
      for (const event of events) {
        if (event.type === 'polecat.created') this.#house(event);
        else if (event.type === 'session.opened') this.#start(event);
      }
    }
  }

  #facts(): DispatchFacts {
    const { seats, maxPolecats } = this.#scenario;
    const fuel = this.#book.fuel(this.#at);
    const chosen = this.#routing === undefined ? {} : { routing: this.#routing };
    return { seats: seats.map(({ seat }) => seat), maxPolecats, fuel, prices: this.#prices, ...chosen };
  }

  #house({ polecat, token }: Extract<TownEvent, { type: 'polecat.created' }>): void {
    const base = '0'.repeat(40) as CommitId;
    this.#say({ type: 'housed', polecat, token, worktree: `/w/${polecat}`, base });
  }

  #start({ polecat, token }: Extract<TownEvent, { type: 'session.opened' }>): void {
    this.#say({ type: 'sessionStarted', polecat, token, process: { pid: token, startTime: 's' } });
  }

  #id(kind: string): string {
    this.#drawn += 1;
    return `${kind}-${this.#drawn.toString(36).padStart(5, '0')}`;
  }
}

/** Moves the merge queue and starts nothing. */
const queueOnly: Word = { type: 'tick', seats: [], maxPolecats: 0 };
