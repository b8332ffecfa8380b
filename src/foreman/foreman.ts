import { rm, writeFile } from 'node:fs/promises';
import type { Repository } from '../ports/git.ts';
import type { Notice } from '../ports/notices.ts';
import type { Store } from '../ports/store.ts';
import { type Action, due } from '../town/action.ts';
import { isOpen } from '../town/bead.ts';
import type { Command } from '../town/command.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { BeadId } from '../town/ids.ts';
import { type Reason, reason } from '../town/reason.ts';
import type { RigState, TownEvent } from '../town/state.ts';
import { priceOfToken } from '../town/price.ts';
import { type PriceRow, withOwn } from '../town/prices.ts';
import { step } from '../town/step.ts';
import { whyAll } from '../town/why.ts';
import type { Answer, Beginning, Followed, Follower, Wish } from './control.ts';
import { failure, isFence } from './failure.ts';
import { carryOut } from './hands/carryOut.ts';
import type { HandContext, Line } from './hands/context.ts';
import { fuelFacts } from './fuelFacts.ts';
import { Fueling } from './fueling.ts';
import { FlakyBeads } from './flakyBeads.ts';
import { Lanes } from './lanes.ts';
import { NearBudgets } from './nearBudgets.ts';
import { Messages } from './messages.ts';
import { canOptimize, withOptimizing } from './optimizing.ts';
import { OneAtATime } from './oneAtATime.ts';
import { personPlaces } from './personPlaces.ts';
import { Polling } from './polling.ts';
import { noticeOf } from './noticing.ts';
import { raisedBefore } from './tankNews.ts';
import { Sightings } from './sightings.ts';
import { slept } from './slept.ts';
import { Upkeep } from './upkeep.ts';

export type ForemanParts = Omit<
  HandContext,
  'state' | 'facts' | 'wish' | 'say' | 'sightings' | 'messages'
> & {
  readonly store: Store;
  /** Checks the rig would use, found in the repository or set by the person. */
  readonly findChecks: () => Promise<Extract<Wish, { type: 'proposeChecks' }>>;
};

/** How long to leave checks alone that could not be found. */
const findAgainMs = 60_000;
/** Tries of one step of the queue before its person is asked: about a minute. */
const queuePatience = 6;

/** What several agents tell the account at once is looked at together. */
const lookAgainMs = 500;
/** After which an account that nobody changed is followed anew. */
const followAnewMs = 600_000;

/** Time alone brings about little (a deferral ends, a key appears): a slow heartbeat is enough. */
const heartbeatMs = 5_000;

/**
 * The loop that moves one rig. A wish is decided and folded in one synchronous turn; its answer, what others
 * see and what is done about it wait until its events are on disk.
 */
export class Foreman implements Followed {
  readonly repository: Repository;
  readonly store: Store;
  readonly sightings: Sightings;
  readonly messages: Messages;
  readonly #parts: ForemanParts;
  readonly #context: HandContext;
  readonly #lanes: Lanes;
  readonly #upkeep: Upkeep;
  readonly #fueling: Fueling;
  readonly #polling: Polling;
  readonly #nearBudgets = new NearBudgets();
  readonly #flakyBeads: FlakyBeads;
  /** An older look must not overwrite what a newer one found. */
  readonly #looks = new OneAtATime(() => this.#lookAround());
  readonly #listeners = new Set<() => void>();
  readonly #noticed = new Set<(notice: Notice) => void>();
  readonly #followers = new Set<Follower>();
  readonly #closing = new AbortController();
  /** The number of the newest entry in `#durable`. */
  #seq: number;
  /** What decisions see, and the part of it that is on disk: what everybody else sees. */
  #decided: RigState;
  #durable: RigState;
  #facts: DispatchFacts = { seats: [], maxPolecats: 0 };
  /** New beads are worded for their agents before they queue: a model is there for it. */
  #optimizes = false;
  /** Made when somebody asks: it looks at every bead, and most turns nobody does. */
  #why: Readonly<Record<BeadId, Reason>> | null = null;
  /** What follows from the durable state. */
  #actions: readonly Action[];
  /** Until then it takes wishes and moves nothing. */
  #started = false;
  #broken: Reason | null = null;
  #proposing = false;
  #marking: Promise<void> = Promise.resolve();
  /** What was last marked for the next window. */
  #unfinished: boolean | null = null;
  #hosting: boolean | null = null;

  constructor(parts: ForemanParts) {
    this.#parts = parts;
    this.repository = parts.repository;
    this.store = parts.store;
    this.#seq = parts.store.read.seq();
    this.#decided = parts.store.initial;
    this.#durable = parts.store.initial;
    this.#actions = due(parts.store.initial);
    const state = (): RigState => this.#durable;
    this.#fueling = new Fueling({
      account: parts.account,
      rig: parts.rig,
      failed: ({ message }) => {
        this.#say({ what: 'hand.failed', level: 'warning', facts: { action: 'account', message } });
      },
    });
    this.sightings = new Sightings({
      ...parts,
      state,
      wish: (wish) => this.wish(wish),
      tell: (news) => {
        this.#fueling.tell(news);
      },
    });
    this.messages = new Messages({ ...parts, sightings: this.sightings, state });
    this.#context = {
      ...parts,
      sightings: this.sightings,
      messages: this.messages,
      state,
      facts: () => this.#facts,
      wish: (wish) => this.#toldByHand(wish),
      say: (line) => {
        this.#say(line);
      },
    };
    this.#flakyBeads = new FlakyBeads({
      ...this.#context,
      failed: (error) => {
        this.#say({ what: 'hand.failed', level: 'warning', facts: failure('flakyBeads', error) });
      },
    });
    this.#polling = new Polling(this.#context, this.#closing.signal);
    this.#upkeep = new Upkeep(this.#context, this.#closing.signal, (error) => this.#isFenced(error));
    // A rig with nothing to write down must notice too that it is another's now.
    void parts.store.ended.then((why) => {
      if (!this.#closing.signal.aborted) this.#breakDown(why);
    });
    this.#lanes = new Lanes(
      (action, signal) => carryOut(this.#context, action, signal),
      parts.clock,
      (action, error, times) => {
        this.#handFailed(action, error, times);
      },
    );
  }

  get state(): RigState {
    return this.#durable;
  }

  get facts(): DispatchFacts {
    return this.#facts;
  }

  get readOnly(): Reason | null {
    return this.#broken;
  }

  why(bead: BeadId): Reason | null {
    this.#why ??= whyAll(this.#durable, this.#facts, this.#parts.clock.now());
    return this.#why[bead] ?? null;
  }

  follow(follower: Follower): Beginning {
    this.#followers.add(follower);
    const stop = (): void => void this.#followers.delete(follower);
    return { seq: this.#seq, state: this.#durable, facts: this.#facts, stop };
  }

  /** Looks at seats and settings, takes up what was left open, and beats until closed. */
  async start(): Promise<void> {
    this.#started = true;
    this.#fueling.tell(raisedBefore(this.#parts.rig, this.#durable));
    this.#flakyBeads.begin();
    await this.refresh();
    void this.#beat();
    void this.#followAccount();
  }

  /** Asks anew what work could run with and what proves it; call when settings or keys changed. */
  async refresh(): Promise<void> {
    await this.#looks.again();
    this.#proposeChecks();
  }

  async #lookAround(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { agents, settings } = this.#parts;
    const [seats, person, known, optimizes] = await Promise.all([
      agents.seats(),
      personPlaces(this.#context),
      fuelFacts(this.#context),
      canOptimize(this.#context),
    ]);
    const fuel = known === null ? null : await this.#polling.over(known);
    this.#optimizes = optimizes;
    const { maxPolecats, routing, prices: own } = settings();
    const prices = pricesOf(seats, this.#parts.clock.now(), withOwn(own));
    const facts = { seats, maxPolecats, person, routing, prices, ...(fuel === null ? {} : { fuel }) };
    if (JSON.stringify(facts) !== JSON.stringify(this.#facts)) {
      this.#facts = facts;
      this.#why = null;
      this.#tell(this.#followers, (follower) => {
        follower.facts(facts);
      });
    }
    if (fuel !== null) for (const line of this.#nearBudgets.lines(fuel)) this.#say(line);
    await this.#settle();
  }

  async wish(wish: Wish): Promise<Answer> {
    const meant = this.#optimizes ? withOptimizing(wish, this.#parts.settings().controlShare) : wish;
    // Spreading a union of wishes and an instant is the union of commands again.
    const command = { ...meant, at: this.#parts.clock.now() } as Command;
    return this.#turn(command);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticed.add(listener);
    return () => this.#noticed.delete(listener);
  }

  /** Lets go of everything of this process; agents in their terminals go on. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#lanes.close();
    await this.#upkeep.ended();
    await this.#fueling.ended();
    await this.#polling.ended();
    await this.messages.close();
    await this.store.close();
  }

  async #turn(command: Command): Promise<Answer> {
    if (this.#broken !== null) return { ok: false, refusal: this.#broken };
    const before = this.#decided;
    const decision = step(before, command);
    if (!decision.ok) return decision;
    if (decision.events.length === 0) return { ok: true };
    this.#decided = decision.state;
    try {
      this.#seq = await this.store.append(command.at, decision.events);
    } catch (error) {
      return this.#breakDown(error);
    }
    this.#durable = decision.state;
    this.#why = null;
    this.#actions = decision.actions;
    const entry = { seq: this.#seq, at: command.at, events: decision.events };
    this.#tell(this.#followers, (follower) => {
      follower.entry(entry);
    });
    this.#announce(before, decision.events, command.at);
    this.#flakyBeads.learned(before);
    await this.#settle();
    return { ok: true };
  }

  /** After every change: let time and free places do their part, then see what is due. */
  async #settle(): Promise<void> {
    if (this.#closing.signal.aborted || this.#broken !== null) return;
    const { refinery: queue } = this.#parts.settings();
    const tick: Command = { type: 'tick', at: this.#parts.clock.now(), ...this.#facts, queue };
    const decision = step(this.#decided, tick);
    if (decision.ok && decision.events.length > 0) {
      await this.#turn(tick);
      return;
    }
    if (this.#started) this.#lanes.reconcile(this.#actions);
    this.#tellListeners();
    if (this.#durable.rig?.checks === null) this.#proposeChecks();
    await this.#markUnfinished();
  }

  #tellListeners(): void {
    this.#tell(this.#listeners, (listener) => {
      listener();
    });
  }

  /** One surface that fails must not keep the others, or the foreman itself, from going on. */
  #tell<Who>(those: ReadonlySet<Who>, tell: (who: Who) => void): void {
    for (const one of those) {
      try {
        tell(one);
      } catch (error) {
        // Into the file only: whoever fails at a notice would fail at this one too.
        this.store.feed(
          this.#line({ what: 'hand.failed', level: 'error', facts: failure('listener', error) }),
        );
      }
    }
  }

  /** A hand whose news cannot be written down has not succeeded. */
  async #toldByHand(wish: Wish): Promise<Answer> {
    const answer = await this.wish(wish);
    if (!answer.ok && this.#broken !== null) throw new Error('The rig is read-only.');
    return answer;
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closing;
    while (await slept(this.#parts.clock, heartbeatMs, signal)) {
      await this.#lookAroundInSpite();
      this.#fueling.again();
      if (this.#broken === null) this.#upkeep.look(this.#actions);
    }
  }

  /** What this window or another told the account, or took of it, decides what can start here. */
  async #followAccount(): Promise<void> {
    const { signal } = this.#closing;
    do {
      await this.#parts.account.changed(followAnewMs, signal);
      if (!(await slept(this.#parts.clock, lookAgainMs, signal))) return;
      await this.#lookAroundInSpite();
    } while (!signal.aborted);
  }

  async #lookAroundInSpite(): Promise<void> {
    await this.#looks.again().catch((error: unknown) => {
      this.#say({ what: 'hand.failed', level: 'error', facts: failure('heartbeat', error) });
    });
  }

  /**
   * An append that failed leaves the disk as the truth, and a new owner's word is the truth: nothing more is accepted
   * here until all is read again.
   */
  #breakDown(error: unknown): Answer {
    if (this.#broken !== null) return { ok: false, refusal: this.#broken };
    const message = error instanceof Error ? error.message : String(error);
    this.#broken = isFence(error) ? reason('taken_over') : reason('store_read_only', { message });
    this.#decided = this.#durable;
    if (!isFence(error)) this.#say({ what: 'store.read_only', level: 'error', facts: { message } });
    this.#lanes.reconcile([]);
    this.#tellListeners();
    return { ok: false, refusal: this.#broken };
  }

  #announce(before: RigState, events: readonly TownEvent[], at: number): void {
    for (const event of events) {
      this.#fueling.happened(before, this.#durable, event);
      const notice = noticeOf(before, this.#durable, event, at);
      if (notice !== null) this.#post(notice);
    }
  }

  #say(line: Line): void {
    this.#post(this.#line(line));
  }

  #line(line: Line): Notice {
    const request = line.request === undefined ? undefined : this.#durable.requests[line.request];
    const polecat = line.polecat === undefined ? undefined : this.#durable.polecats[line.polecat];
    const bead = line.bead ?? this.#durable.beads[(request?.bead ?? polecat?.bead ?? '') as BeadId];
    return {
      at: this.#parts.clock.now(),
      level: line.level,
      what: line.what,
      facts: { title: bead?.title ?? null, ...line.facts },
      why: line.why ?? null,
      kind: line.what.startsWith('check') ? 'check' : line.request !== undefined ? 'landing' : 'town',
      bead: bead?.id ?? null,
      polecat: line.polecat ?? null,
      request: line.request ?? null,
    };
  }

  #post(notice: Notice): void {
    this.store.feed(notice);
    this.#tell(this.#noticed, (listener) => {
      listener(notice);
    });
    this.#tell(this.#followers, (follower) => {
      follower.notice(notice);
    });
  }

  /** Whether an error says that the rig is another's now; then nothing more is done here. */
  #isFenced(error: unknown): boolean {
    if (!isFence(error)) return false;
    this.#breakDown(error);
    return true;
  }

  #handFailed(action: Action, error: unknown, times: number): void {
    if (this.#isFenced(error)) return;
    const about = 'polecat' in action ? { polecat: action.polecat } : {};
    const facts = failure(action.type, error);
    this.#say({ what: 'hand.failed', level: 'error', facts, ...about });
    // Nobody sees a queue that tries for ever; it stops and asks, and its person lets it go on.
    if ((action.type === 'assemble' || action.type === 'proveTip') && times >= queuePatience) {
      const why = reason('git_failed', { message: facts.message });
      this.wish({ type: 'notAssembled', batch: action.batch, reason: why }).catch((broken: unknown) => {
        this.#say({ what: 'hand.failed', level: 'error', facts: failure('notAssembled', broken) });
      });
    }
  }

  /** The first bead that wants to start brings the question which checks prove work on this rig. */
  #proposeChecks(): void {
    const { rig, beads } = this.#durable;
    const wanted = Object.values(beads).some((bead) => bead.status === 'queued');
    if (this.#proposing || rig === null || (rig.checks === null && !wanted)) return;
    this.#proposing = true;
    void this.#parts
      .findChecks()
      .then((wish) => this.wish(wish))
      .catch(async (error: unknown) => {
        this.#say({ what: 'hand.failed', level: 'error', facts: failure('findChecks', error) });
        // A file that cannot be read now is not read again with every turn.
        await slept(this.#parts.clock, findAgainMs, this.#closing.signal);
      })
      .finally(() => {
        this.#proposing = false;
      });
  }

  /** Tells the next window, cheaply, that there is work to take up, and that agents live in this one's terminals. */
  async #markUnfinished(): Promise<void> {
    const { beads, polecats, stopped } = this.#durable;
    const sessions = Object.values(polecats).some((one) => one.session !== null);
    const open = Object.values(beads).some((bead) => isOpen(bead.status));
    const unfinished =
      sessions || (!stopped && (open || Object.values(polecats).some((one) => !one.cleared)));
    // One after the other, so that what is marked is what was meant last.
    this.#marking = this.#marking.then(() => this.#mark(unfinished, sessions));
    await this.#marking;
  }

  async #mark(unfinished: boolean, hosting: boolean): Promise<void> {
    try {
      if (unfinished !== this.#unfinished) {
        const file = this.#parts.places.unfinished;
        await (unfinished ? writeFile(file, '') : rm(file, { force: true }));
        this.#unfinished = unfinished;
      }
      if (hosting !== this.#hosting) {
        await this.store.hosts(hosting);
        this.#hosting = hosting;
      }
    } catch (error) {
      this.#say({ what: 'hand.failed', level: 'error', facts: failure('markUnfinished', error) });
    }
  }
}

/** What a fresh token costs by seat; a seat whose price nobody knows is not in it. */
function pricesOf(
  seats: DispatchFacts['seats'],
  at: number,
  rows: readonly PriceRow[],
): NonNullable<DispatchFacts['prices']> {
  return Object.fromEntries(
    seats.flatMap(({ provider, model }): readonly [string, number][] => {
      const usd = priceOfToken(provider, model, at, rows);
      return usd === null ? [] : [[`${provider} ${model}`, usd]];
    }),
  );
}
