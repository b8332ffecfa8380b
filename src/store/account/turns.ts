import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { Host } from '../../ports/host.ts';
import { codeOf } from '../../system/errorCode.ts';
import { unlinkIfThere } from '../../system/unlinkIfThere.ts';
import { silenceMs } from '../patience.ts';
import type { Place } from '../place.ts';
import { readCard } from './card.ts';
import { deedName } from './found.ts';
import { segmentsIn } from './journal.ts';
import { busy, damaged, notWritable } from './problems.ts';

/** How long a step waits for its turn; others hold theirs for milliseconds. */
const patienceMs = 5_000;
/** Looking whether a holder lives starts a program on some systems, so not for one that just works. */
const firstLookMs = 30;
const lookAgainMs = 1_000;
const longestPauseMs = 8;
/** Farther than turns that are taken by an older name at the same moment can come. */
const leap = 1_000;
/** Windows says these of a file that a virus scanner has open for a moment. */
const passing: readonly unknown[] = process.platform === 'win32' ? ['EPERM', 'EACCES', 'EBUSY'] : [];

/** The one right to write, for one step. */
export interface Turn {
  /** Name of the file while this turn lasts. */
  readonly name: string;
  /** Larger than those of all turns before it, and than all numbers of the journal's files. */
  readonly count: number;
  /** The one before did not come to its end: go on in a new file of the journal, where it cannot write. */
  readonly anew: boolean;
}

interface Token {
  readonly name: string;
  readonly count: number;
  /** `free`, `anew` (free, and the journal's end is not known), or the id of who has it. */
  readonly who: string;
}

/**
 * Whose turn it is, told by the name of one file, `turn-<nonce>-<count>-<who>`, which is taken, given back and passed
 * on by a rename. Each name occurs once, so of any number who try the same one succeeds and the others find it gone. A
 * lock file that is created and removed would not do: of two successors of a dead holder the slower one removes what
 * the quicker one just made.
 */
export class Turns {
  readonly #place: Place;
  readonly #parts: {
    readonly host: Host;
    readonly clock: Clock;
    readonly nonce: string;
    readonly me: string;
  };
  /** The newest turn of another, since when it stands still, and when its holder was looked at. */
  #seen = { name: '', since: 0, lookedAt: -Infinity };

  constructor(place: Place, parts: { host: Host; clock: Clock; nonce: string; me: string }) {
    this.#place = place;
    this.#parts = parts;
  }

  /** Throws AccountError `busy`, `not_writable` or `damaged`. */
  async take(): Promise<Turn> {
    const { host, clock } = this.#parts;
    const until = host.monotonic() + patienceMs;
    for (let pause = 1; ; pause = Math.min(pause * 2, longestPauseMs)) {
      const names = await this.#names();
      const tokens = this.#tokensIn(names);
      const token = tokens.at(-1);
      const anew = token === undefined ? null : await this.#mayTake(token);
      if (token !== undefined && anew !== null) {
        // A power cut may leave a journal that is ahead of the turns.
        const newest = Math.max(token.count, ...segmentsIn(names));
        const turn = await this.#takeFrom(token, newest, tokens.length > 1, anew);
        if (turn !== null) return turn;
      }
      if (host.monotonic() >= until) throw await this.#refusal(token);
      await clock.sleep(pause);
    }
  }

  /** Whether nobody passed this turn over. Synchronous: between the sync of a step and its answer nothing may come. */
  holds({ name }: Turn): boolean {
    return this.#place.files.stands(join(this.#place.folder, name));
  }

  /** `anew`: the journal's end is not known. */
  async give({ name, count }: Turn, anew: boolean): Promise<void> {
    try {
      await this.#rename(name, this.#nameOf(count + 1, anew ? 'anew' : 'free'));
    } catch {
      // The step has its answer already. Its turn stays ours, and our next step takes it over.
    }
  }

  /** Null: another was quicker. */
  async #takeFrom(token: Token, newest: number, several: boolean, anew: boolean): Promise<Turn | null> {
    const count = newest + (several ? leap : 1);
    const name = this.#nameOf(count, this.#parts.me);
    if (!(await this.#rename(token.name, name))) return null;
    if (several) await this.#removeBelow(count);
    return { name, count, anew: anew || several };
  }

  #names(): Promise<readonly string[]> {
    const { files, folder } = this.#place;
    return files.list(folder).catch((error: unknown) => {
      throw damaged(join(folder, deedName), 'its folder cannot be read', error);
    });
  }

  #tokensIn(names: readonly string[]): readonly Token[] {
    const pattern = new RegExp(`^turn-${this.#parts.nonce}-(\\d+)-([0-9a-z]+)$`);
    const tokens = names.flatMap((name) => {
      const [, count, who] = pattern.exec(name) ?? [];
      return count === undefined || who === undefined ? [] : { name, count: Number(count), who };
    });
    return tokens.sort((a, b) => a.count - b.count);
  }

  #nameOf(count: number, who: string): string {
    return `turn-${this.#parts.nonce}-${String(count)}-${who}`;
  }

  /** Null: not now. Else whether it is to be begun anew. */
  async #mayTake({ name, who }: Token): Promise<boolean | null> {
    if (who === 'free') return false;
    // One of ours that could not be given back; our steps come one after the other.
    if (who === 'anew' || who === this.#parts.me) return true;
    const now = this.#parts.host.monotonic();
    if (this.#seen.name !== name) this.#seen = { name, since: now, lookedAt: -Infinity };
    const still = now - this.#seen.since;
    if (still >= silenceMs) return true;
    if (still < firstLookMs || now - this.#seen.lookedAt < lookAgainMs) return null;
    this.#seen.lookedAt = now;
    return (await this.#isDead(who)) ? true : null;
  }

  async #isDead(who: string): Promise<boolean> {
    try {
      const card = await readCard(this.#place, who);
      return card !== null && (await this.#parts.host.isAlive(card)) === 'dead';
    } catch {
      // Nothing is known then; it is passed over when it stood still for long enough.
      return false;
    }
  }

  async #rename(from: string, to: string): Promise<boolean> {
    const { files, folder } = this.#place;
    try {
      await files.rename(join(folder, from), join(folder, to));
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT') return false;
      if (!passing.includes(code)) throw notWritable(join(folder, from), error);
      await this.#parts.clock.sleep(longestPauseMs);
      return false;
    }
  }

  /**
   * A power cut may bring an older name of the file back beside its newest. Whoever took that one finds its turn gone
   * before it answers anybody.
   */
  async #removeBelow(count: number): Promise<void> {
    for (;;) {
      const older = this.#tokensIn(await this.#names()).filter((token) => token.count < count);
      if (older.length === 0) return;
      for (const { name } of older) await unlinkIfThere(this.#place.files, join(this.#place.folder, name));
    }
  }

  async #refusal(token: Token | undefined): Promise<Error> {
    const { folder } = this.#place;
    if (token === undefined)
      return damaged(join(folder, deedName), 'the file that says whose turn it is is gone');
    return busy(join(folder, token.name), (await readCard(this.#place, token.who))?.pid ?? null);
  }
}
