import type { Clock } from '../../ports/clock.ts';
import type { Host, HostIdentity } from '../../ports/host.ts';
import { codeOf } from '../../system/errorCode.ts';
import { claimStart, readExit, readStart } from '../../system/spool.ts';
import { type Holder, type Reservation, keyOf } from '../../town/account.ts';
import type { ProcessIdentity } from '../../town/polecat.ts';
import { graceMs, silenceMs } from '../patience.ts';
import type { Place } from '../place.ts';
import { beatsOf } from './card.ts';

/** How often a holder's beat moves; several fit into the time after which it counts as gone. */
export const beatMs = 15_000;

interface LivingParts {
  readonly place: Place;
  readonly host: Host;
  readonly clock: Clock;
  readonly me: Holder;
}

type Life = 'alive' | 'dead' | 'unknown';
interface Look {
  readonly life: Life;
  readonly at: number;
}
/** What there is to know of an agent that nobody confirmed. */
type Begun = 'no' | 'over' | 'unknown' | ProcessIdentity;

/** Tells which reservations nobody is behind any more. */
export class Living {
  readonly #parts: LivingParts;
  /** Since when a session's holder is known to be dead. */
  readonly #deadSince = new Map<string, number>();
  /** What a holder's beat was when it last moved, and when that was. */
  readonly #beats = new Map<string, { readonly beats: number; readonly since: number }>();
  /** Starting a program for each look is what some systems ask for, so one look serves several questions. */
  readonly #looks = new Map<string, Look>();

  constructor(parts: LivingParts) {
    this.#parts = parts;
  }

  /**
   * Those of them that nobody can run any more. What cannot be found out counts as living. `maxAgeMs`: how old a look
   * at a living process may be.
   */
  async goneOf(reservations: readonly Reservation[], maxAgeMs = 0): Promise<readonly Reservation[]> {
    forgetOlder(this.#looks, this.#parts.host.monotonic() - maxAgeMs);
    const others = reservations.filter(({ holder }) => holder.id !== this.#parts.me.id);
    forgetBut(this.#deadSince, others.map(keyOf));
    forgetBut(
      this.#beats,
      others.map(({ holder }) => holder.id),
    );
    const gone: Reservation[] = [];
    for (const one of others) {
      try {
        const life = await this.#look(one.holder);
        if (life === 'alive') this.#deadSince.delete(keyOf(one));
        else if (life === 'unknown' ? await this.#standsStill(one.holder) : await this.#nobodyRuns(one))
          gone.push(one);
      } catch {
        // A system that does not answer about its processes says nothing about this one.
      }
    }
    return gone;
  }

  /** Where its process cannot be looked at, a holder's beat stands for it and for its agents. */
  async #standsStill({ id }: Holder): Promise<boolean> {
    const beats = await beatsOf(this.#parts.place, id);
    const now = this.#parts.host.monotonic();
    const before = this.#beats.get(id);
    if (before?.beats === beats) return now - before.since >= silenceMs;
    this.#beats.set(id, { beats, since: now });
    return false;
  }

  async #nobodyRuns(one: Reservation): Promise<boolean> {
    if (one.agent !== null) return !(await this.#isAlive(one, one.agent));
    // Nothing outlives its boot; the machine is known to be the same.
    if (one.holder.boot !== this.#parts.me.boot) return true;
    const begun = await this.#begun(one);
    if (begun === 'unknown') return false;
    if (begun === 'over') return true;
    if (begun !== 'no') return !(await this.#isAlive(one, begun));
    return this.#isGraceOver(one) && (await this.#forbid(one));
  }

  async #isAlive({ holder }: Reservation, { pid, startTime }: ProcessIdentity): Promise<boolean> {
    // It was started beside its holder.
    return (await this.#look({ ...holder, pid, startTime })) !== 'dead';
  }

  async #look(process: HostIdentity): Promise<Life> {
    const { pid, startTime, pidSpace } = process;
    const key = `${String(pid)} ${startTime} ${pidSpace}`;
    const known = this.#looks.get(key);
    if (known !== undefined) return known.life;
    const life = await this.#parts.host.isAlive(process);
    this.#looks.set(key, { life, at: this.#parts.host.monotonic() });
    return life;
  }

  #isGraceOver(one: Reservation): boolean {
    const now = this.#parts.host.monotonic();
    const since = this.#deadSince.get(keyOf(one)) ?? now;
    this.#deadSince.set(keyOf(one), since);
    return now - since >= graceMs;
  }

  async #begun({ spool, ...key }: Reservation): Promise<Begun> {
    if (spool === null) return 'no';
    try {
      if ((await readExit(spool, key)) !== null) return 'over';
      const start = await readStart(spool, key);
      if (start === null) return 'no';
      return start.child ?? start.shim ?? 'over';
    } catch {
      // Something is there that cannot be read: it may have begun.
      return 'unknown';
    }
  }

  /** Claims the session, so that a terminal that comes up late starts nothing. False: it was quicker, or who knows. */
  async #forbid({ spool, polecat, token }: Reservation): Promise<boolean> {
    if (spool === null) return true;
    const at = this.#parts.clock.now();
    try {
      return await claimStart(spool, { polecat, token, shim: null, child: null, at });
    } catch (error) {
      // Without the folder nothing can be claimed, and so nothing be started.
      return codeOf(error) === 'ENOENT';
    }
  }
}

function forgetBut(map: Map<string, unknown>, keys: readonly string[]): void {
  for (const key of map.keys()) if (!keys.includes(key)) map.delete(key);
}

function forgetOlder(looks: Map<string, Look>, than: number): void {
  for (const [key, { at }] of looks) if (at <= than) looks.delete(key);
}
