import { AccountError } from '../ports/account.ts';
import type { FreePoll } from '../ports/agents.ts';
import type { Fuel } from '../town/fuel.ts';
import type { Instant } from '../town/ids.ts';
import { breakerAt } from '../town/pace.ts';
import type { Tank } from '../town/tank.ts';
import { askTanks } from './askTanks.ts';
import { failure } from './failure.ts';
import type { HandContext } from './hands/context.ts';

type Parts = Pick<HandContext, 'agents' | 'account' | 'clock' | 'rig' | 'epoch' | 'say'>;

/** What was told longer ago may have been used up or filled since, by the person's own work too. */
const oldMs = 30 * 60_000;
/** So long dispatch leaves an account alone whose trial is up, because asking may be enough. */
const answerMs = 15_000;

/**
 * Asks accounts what costs nothing where that is worth it: before one that failed is tried with work again, and once,
 * when the rig is opened, of those that nothing was heard of for long. Of all windows one asks.
 */
export class Polling {
  readonly #parts: Parts;
  readonly #closing: AbortSignal;
  #opened = false;
  #questions = 0;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: Parts, closing: AbortSignal) {
    this.#parts = parts;
    this.#closing = closing;
  }

  /** What dispatch is to know while that is being asked. */
  async over(fuel: Fuel): Promise<Fuel> {
    const now = this.#parts.clock.now();
    const tanks = Object.values(fuel.tanks);
    const tried = tanks.filter((tank) => isTried(tank, now));
    const old = this.#opened ? [] : tanks.filter((tank) => isOld(tank, now));
    this.#opened = true;
    if (tried.length + old.length === 0) return fuel;
    const polls = (await this.#parts.agents.polls()).filter(({ ask }) => ask !== null);
    const unasked = new Set([...tried.filter((tank) => !isAskedInTrial(tank)), ...old].map(({ id }) => id));
    const asked = polls.filter(({ tank }) => unasked.has(tank));
    if (asked.length > 0) this.#ask(asked);
    return held(
      fuel,
      tried.filter(({ id }) => polls.some(({ tank }) => tank === id)),
      now,
    );
  }

  /** Resolves when nothing is being asked any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  #ask(polls: readonly FreePoll[]): void {
    const running = this.#askOnce(polls)
      .catch((error: unknown) => {
        if (this.#closing.aborted) return;
        // What is not known of accounts is asked for at the next occasion.
        const level = AccountError.is(error) ? 'warning' : 'error';
        this.#parts.say({ what: 'hand.failed', level, facts: failure('account', error) });
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #askOnce(polls: readonly FreePoll[]): Promise<void> {
    const { account, clock } = this.#parts;
    const mine = await this.#claimed(polls);
    await askTanks({ account, now: () => clock.now() }, mine, this.#closing);
  }

  /** Those that nobody else asks at this moment. */
  async #claimed(polls: readonly FreePoll[]): Promise<readonly FreePoll[]> {
    const { account, clock, rig, epoch } = this.#parts;
    // Of two questions of one window, too, only one is asked.
    this.#questions += 1;
    const by = `${rig} ${String(epoch)} ${String(this.#questions)}`;
    const now = clock.now();
    await account.tell(polls.map(({ tank, provider }) => ({ kind: 'asked', tank, provider, by })));
    const { tanks } = await account.fuel();
    return polls.filter(({ tank }) => {
      const asked = tanks[tank]?.asked;
      return asked?.by === by && asked.at >= now;
    });
  }
}

/** What only a person mends is not mended by asking, and a wait that a clock set back made longer is left to work. */
function isTried({ breaker, problem }: Tank, now: Instant): boolean {
  return problem === null && breakerAt(breaker, now) === 'half' && (breaker.until ?? 0) <= now;
}

/** Once is enough: what asking did not tell, work finds out. */
function isAskedInTrial({ asked, breaker }: Tank): boolean {
  return asked !== undefined && asked.at >= (breaker.until ?? 0);
}

function isOld({ gauges, asked }: Tank, now: Instant): boolean {
  const heard = Math.max(asked?.at ?? 0, ...Object.values(gauges).map(({ at }) => at));
  return Math.abs(now - heard) > oldMs;
}

function held(fuel: Fuel, those: readonly Tank[], now: Instant): Fuel {
  const kept = those.flatMap((tank): readonly (readonly [string, Tank])[] => {
    const until = (tank.breaker.until ?? 0) + answerMs;
    return until > now ? [[tank.id, { ...tank, breaker: { ...tank.breaker, until } }]] : [];
  });
  return kept.length === 0 ? fuel : { ...fuel, tanks: { ...fuel.tanks, ...Object.fromEntries(kept) } };
}
