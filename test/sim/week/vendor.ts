import type { Reading } from '../../../src/town/tank.ts';
import { Random } from '../random.ts';
import { type TrueLimit, type TrueTank, day, hour, minute } from './scenario.ts';

/** What a vendor answers to a draw. refused: the person's quota is used up · busy: not now, whatever the quota. */
export type Drawn =
  { readonly kind: 'given' | 'busy' } | { readonly kind: 'refused'; readonly told: Reading };

interface Window {
  limit: TrueLimit;
  used: number;
  /** Null: it has not begun. */
  endsAt: number | null;
}

/** An account as its vendor keeps it. */
export class Vendor {
  readonly tank: TrueTank;
  readonly #windows: Window[];
  readonly #overloads: readonly (readonly [number, number])[];
  readonly #bursts: readonly (readonly [number, number])[];
  #minute = { at: -1, used: 0 };
  #silent: readonly [number, number] = [0, 0];
  /** By Rigs' sessions, in tokens. */
  drawn = 0;

  constructor(tank: TrueTank, seed: number) {
    this.tank = tank;
    this.#windows = tank.limits.map((limit) => ({
      limit,
      used: limit.used * limit.capacity,
      endsAt: typeof limit.begins === 'object' ? limit.begins.phase : null,
    }));
    const draw = new Random(seed, `week vendor ${tank.tank}`);
    this.#overloads = Array.from({ length: tank.overloads }, () => {
      const from = draw.below(7 * day);
      return [from, from + draw.between(10, 40) * minute];
    });
    // A person who works with it themselves does so a few times a day, in the day.
    this.#bursts = Array.from({ length: 15 }, () => {
      const from = draw.below(7) * day + 9 * hour + draw.below(9 * hour);
      return [from, from + draw.between(10, 50) * minute];
    });
  }

  /** A session draws; of what does not fit, nothing is given. */
  draw(model: string, tokens: number, at: number): Drawn {
    if (within(this.#overloads, at)) return { kind: 'busy' };
    const { perMinute } = this.tank;
    const now = Math.floor(at / (2 * minute));
    if (this.#minute.at !== now) this.#minute = { at: now, used: 0 };
    if (perMinute !== null && this.#minute.used + tokens > 2 * perMinute) return { kind: 'busy' };
    const full = this.#current(at).filter(
      ({ limit, used }) => draws(limit, model) && used + tokens > limit.capacity,
    );
    if (full.length > 0) return { kind: 'refused', told: this.#refusal(full) };
    this.#minute.used += tokens;
    this.drawn += tokens;
    this.#take(model, tokens, at);
    return { kind: 'given' };
  }

  /** What the person draws themselves in a slice of time, as far as there is something. */
  personDraws(at: number, slice: number): void {
    if (!within(this.#bursts, at)) return;
    const tokens = (this.tank.person * slice) / minute;
    if (this.#current(at).every(({ limit, used }) => used + tokens <= limit.capacity))
      this.#take('', tokens, at);
  }

  /** What it says of its windows, rounded as vendors do; nothing where it does not. */
  readings(at: number): readonly Reading[] {
    if (this.tank.telling !== 'readings' || within([this.#silent], at)) return [];
    return this.#current(at).map(({ limit, used, endsAt }) => ({
      gauge: limit.gauge,
      model: limit.model,
      used: Math.round((100 * used) / limit.capacity) / 100,
      // Money is told as it is, windows only in parts.
      capacity: limit.length === null ? limit.capacity * (this.tank.price ?? 0) : null,
      resetsAt: endsAt === null ? null : endsAt + this.tank.skew,
      source: 'poll',
    }));
  }

  move(times: number): void {
    for (const window of this.#windows)
      window.limit = { ...window.limit, capacity: window.limit.capacity * times };
  }

  silence(from: number, until: number): void {
    this.#silent = [from, until];
  }

  /** How many of its shortest windows Rigs has drawn; an account without limits has none. */
  windowsDrawn(): number {
    const smallest = Math.min(...this.tank.limits.map(({ capacity }) => capacity));
    return Number.isFinite(smallest) ? this.drawn / smallest : 0;
  }

  #take(model: string, tokens: number, at: number): void {
    for (const window of this.#current(at)) {
      if (!draws(window.limit, model)) continue;
      window.used += tokens;
      if (window.endsAt === null && window.limit.length !== null) window.endsAt = at + window.limit.length;
    }
  }

  /** The windows as they are now: those that ended are empty of use again. */
  #current(at: number): readonly Window[] {
    for (const window of this.#windows) {
      const { length, begins } = window.limit;
      while (window.endsAt !== null && length !== null && window.endsAt <= at) {
        window.used = 0;
        window.endsAt = begins === 'use' ? null : window.endsAt + length;
      }
    }
    return this.#windows;
  }

  /** All full windows must have ended before it gives again. */
  #refusal(full: readonly Window[]): Reading {
    const ends = full.map(({ endsAt }) => endsAt ?? Infinity);
    const last = full.find(({ endsAt }) => (endsAt ?? Infinity) === Math.max(...ends)) ?? full[0];
    const endsAt = last?.endsAt ?? null;
    return {
      gauge: last?.limit.gauge ?? '',
      model: last?.limit.model ?? null,
      used: 1,
      // Who says nothing before says at least how much it would have been.
      capacity: this.tank.telling === 'errors' ? (last?.limit.capacity ?? null) : null,
      resetsAt: endsAt === null ? null : endsAt + this.tank.skew,
      source: 'limitError',
    };
  }
}

function draws(limit: TrueLimit, model: string): boolean {
  return limit.model === null || limit.model === model;
}

function within(spans: readonly (readonly [number, number])[], at: number): boolean {
  return spans.some(([from, until]) => at >= from && at < until);
}
