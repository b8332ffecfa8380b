import type { Bead } from '../../src/town/bead.ts';
import { keptAttempts, standingOf, waitsForPick } from '../../src/town/contest.ts';
import type { RequestId } from '../../src/town/ids.ts';
import type { RigState } from '../../src/town/state.ts';
import { checkEnd, unrest } from './invariants.ts';
import type { Mutant } from './mutants.ts';
import { Broken } from './model.ts';
import { goal, mendByHand, takeUp } from './person.ts';
import type { Item, Plan } from './plan.ts';
import { Random } from './random.ts';
import type { Kind, Turn } from './scheduler.ts';
import type { Tally } from './tally.ts';
import { World } from './world.ts';
import { type Window, checks, idsOf } from './window.ts';

export interface Outcome {
  readonly failure: Broken | null;
  readonly tally: Tally;
  readonly hash: number;
  readonly lines: readonly string[];
}

/** Git calls that move a ref of the rig. */
const movesRef = /^git (commit all|land|reapply|retire)/;
/** What a window asks of the world beside it, which may fail it. */
const reached: ReadonlySet<Kind> = new Set<Kind>(['file', 'git', 'account', 'port']);
/** How long everything may take to come to rest once nothing fails any more: virtual time, and turns. */
const restMs = 45 * 60_000;
const longestSleepMs = 120_000;
const restTurns = 12_000;
const lookEvery = 25;

let running: World | null = null;

/** An error that nobody handles ends an extension host's work without a word. */
process.on('unhandledRejection', (error) => {
  const world = running;
  if (world === null) throw error;
  const actor = world.scheduler.current;
  if (actor?.alive !== true) return;
  world.failure ??= error instanceof Broken ? error : new Broken(0, `nobody handles ${inFull(error)}`);
});

function inFull(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Plays one plan to its end. The same plan gives the same trace, to the last letter. */
export async function play(plan: Plan, mutant?: Mutant): Promise<Outcome> {
  const world = new World(plan, mutant);
  running = world;
  try {
    await new Play(world).run();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    world.failure ??= error;
  }
  const { tally, trace, scheduler } = world;
  tally.seeds = 1;
  tally.steps = scheduler.steps;
  if (world.failure !== null) trace.note(`✘ ${world.failure.message}`);
  return { failure: world.failure, tally, hash: trace.hash(), lines: trace.lines };
}

/** Asked anew: the effect of a turn may have been its end. */
function isAlive(window: Window): boolean {
  return window.actor.alive;
}

function isOverWithKept(state: RigState, { id, status }: Bead): boolean {
  return status !== 'contested' && keptAttempts(state, id).length > 0;
}

class Play {
  readonly #world: World;
  readonly #plan: Item[];
  /** What waits for the next call of a window that it can befall. */
  #picks = 0;
  #armed: Extract<Item, { kind: 'kill' | 'failCall' | 'sleep' }>[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#plan = world.plan.items.filter((one) => one.kind !== 'temper').toSorted((a, b) => a.at - b.at);
  }

  async run(): Promise<void> {
    const { scheduler, windows, plan } = this.#world;
    windows.forEach((window, at) => {
      window.startIn(at * 1_500);
    });
    this.#setUp();
    while (scheduler.steps < plan.steps) {
      this.#befall();
      if (!(await this.#turn())) return;
    }
    await this.#comeToRest();
  }

  /** The first thing anybody does with Rigs. */
  #setUp(): void {
    const { scheduler, nobody, plan } = this.#world;
    const random = new Random(plan.seed, 'first goal');
    const wish = goal(random);
    const ask = (): void => {
      const state = this.#world.anyOpen()?.foreman.state;
      if (state?.rig == null) {
        scheduler.later(nobody, 'time', 'waits', 500, ask);
        return;
      }
      if (state.rig.checks === null)
        this.#world.wish({ type: 'confirmChecks', checks: { ...checks, confirmedAt: scheduler.now() } });
      this.#world.wish(wish);
    };
    scheduler.later(nobody, 'time', 'waits', 500, ask);
  }

  async #turn(): Promise<boolean> {
    const { scheduler } = this.#world;
    const turn = scheduler.next();
    if (turn === null) throw new Broken(0, 'nobody will ever act again');
    if (!(await this.#struck(turn))) await scheduler.run(turn);
    this.#world.afterTurn();
    this.#reopenBroken();
    return this.#world.failure === null;
  }

  #befall(): void {
    for (
      let item = this.#plan[0];
      item !== undefined && item.at <= this.#world.scheduler.steps;
      item = this.#plan[0]
    ) {
      this.#plan.shift();
      this.#begin(item);
    }
  }

  #begin(item: Item): void {
    const { machine, windows, trace } = this.#world;
    const window = this.#world.doorWindow() ?? windows[0];
    switch (item.kind) {
      case 'kill':
      case 'failCall':
      case 'sleep':
        this.#armed.push(item);
        return;
      case 'tear':
        machine.blow = { kind: 'kill' };
        return;
      case 'diskFails':
        trace.note(`✗ the disk says ${item.code} ${String(item.count)} times`);
        machine.blow = { kind: 'fail', code: item.code, count: item.count };
        return;
      case 'powerCut':
        this.#world.cutPower();
        return;
      case 'reload':
        trace.note(`✗ ${window?.name ?? ''} is reloaded`);
        window?.reopen('reload');
        return;
      case 'person':
        takeUp(this.#world, item.wishing, item.draw);
        return;
      case 'temper':
        return;
    }
  }

  /** Whether a fault took the turn's place. */
  async #struck(turn: Turn): Promise<boolean> {
    const { scheduler, windows, trace, tally } = this.#world;
    const window = windows.find((one) => one.actor === turn.as && turn.actor === turn.as);
    const hit = reached.has(turn.kind);
    const armed = this.#armed.find(
      (one) => one.kind !== 'sleep' || one.before === 'call' || movesRef.test(turn.label),
    );
    if (armed === undefined || window === undefined || !hit || !window.actor.alive) return false;
    this.#armed = this.#armed.filter((one) => one !== armed);
    if (armed.kind === 'sleep') {
      trace.note(`✗ ${window.name} sleeps for ${String(armed.ms)} ms before: ${turn.label}`);
      window.actor.asleepUntil = scheduler.now() + armed.ms;
      scheduler.putBack(turn);
      return true;
    }
    if (armed.kind === 'kill') {
      if (armed.when === 'middle') this.#world.midway = turn.label.length % 3;
      if (armed.when !== 'before') scheduler.finish(turn);
      if (isAlive(window))
        this.#world.kill(window, `${armed.when === 'before' ? 'before' : 'after'}: ${turn.label}`);
      await scheduler.drain();
      return true;
    }
    trace.note(`✗ fails${armed.done ? ', though it happens' : ''}: ${turn.label}`);
    tally.failedCalls += 1;
    this.#world.faultMet();
    if (armed.done) scheduler.finish(turn);
    const error = this.#world.errorFor(turn);
    const effect = (): never => {
      throw error;
    };
    await scheduler.run({ ...turn, effect });
    return true;
  }

  /** A person reads that the rig is read-only, and opens it again. */
  #reopenBroken(): void {
    for (const window of this.#world.windows) {
      const why = window.open?.foreman.readOnly ?? null;
      if (why === null) continue;
      if (why.code === 'taken_over') this.#world.tally.fenced += 1;
      window.reopen('same process');
    }
  }

  async #comeToRest(): Promise<void> {
    const { scheduler, machine, windows, trace } = this.#world;
    trace.note('— from here on nothing fails');
    this.#world.calm = true;
    this.#armed = [];
    machine.blow = null;
    for (const { actor } of windows)
      actor.asleepUntil = Math.min(actor.asleepUntil, scheduler.now() + longestSleepMs);
    const until = scheduler.now() + restMs;
    let why: string | null = 'no window is open';
    for (let turn = 0; turn < restTurns && scheduler.now() < until; turn += 1) {
      if (turn % lookEvery === 0) {
        why = this.#atRest();
        if (why === null) return;
      }
      if (!(await this.#turn())) return;
    }
    throw new Broken(0, `it does not come to rest: ${why}`);
  }

  #atRest(): string | null {
    const open = this.#world.anyOpen();
    if (open === null) return 'no window is open';
    const { state } = open.foreman;
    if (this.#helpOut()) return 'a person is at it';
    const why = unrest(state, this.#world.git, this.#world.sessions);
    if (why === null) checkEnd(this.#world.model, state);
    return why;
  }

  #drawRequest(): RequestId {
    this.#picks += 1;
    return idsOf(new Random(this.#world.plan.seed, `pick ${String(this.#picks)}`)).request();
  }

  /** A person who answers whatever waits for them; false when nothing does. */
  #helpOut(): boolean {
    const { sessions, scheduler } = this.#world;
    const open = this.#world.anyOpen();
    if (open === null) return false;
    if (this.#world.places.mend(scheduler.now())) return true;
    for (const session of sessions.living()) {
      if (session.heedsInterrupt) continue;
      sessions.end(session, { code: null, signal: 'SIGKILL' });
      return true;
    }
    const { state } = open.foreman;
    const held = Object.values(state.convoys).find((one) => one.held);
    const ready = Object.values(state.requests).find((one) => one.stage === 'ready');
    const beads = Object.values(state.beads);
    const undecided = beads.find((one) => waitsForPick(state, one));
    const [best] = undecided === undefined ? [] : standingOf(state, undecided).pickable;
    const decided = beads.find((one) => isOverWithKept(state, one));
    const asked = Object.values(state.asks).find(
      (one) => one.answer === null && (one.subject.kind === 'permission' || one.subject.kind === 'question'),
    );
    const { paused, batch } = state.queue;
    if (paused?.reason?.code === 'target_red') mendByHand(this.#world);
    if (paused !== null && batch === null) this.#world.wish({ type: 'resumeQueue' });
    else if (state.stopped) this.#world.wish({ type: 'startTown' });
    else if (state.rig?.parked === true) this.#world.wish({ type: 'unparkRig' });
    else if (state.rig?.checks === null)
      this.#world.wish({ type: 'confirmChecks', checks: { ...checks, confirmedAt: scheduler.now() } });
    else if (held !== undefined) this.#world.wish({ type: 'releaseConvoy', convoy: held.id });
    else if (ready !== undefined) this.#world.wish({ type: 'approve', request: ready.id });
    else if (best !== undefined)
      this.#world.wish({ type: 'pickAttempt', bead: best.id, request: this.#drawRequest() });
    else if (decided !== undefined) this.#world.wish({ type: 'cleanAttempts', bead: decided.id });
    else if (asked?.subject.kind === 'question')
      this.#world.wish({ type: 'answerAsk', ask: asked.id, answer: 'reply', reply: 'Spaces.' });
    else if (asked !== undefined) this.#world.wish({ type: 'answerAsk', ask: asked.id, answer: 'allow' });
    else return false;
    return true;
  }
}
