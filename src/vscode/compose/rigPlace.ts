import type { Control } from '../../foreman/control.ts';
import type { FollowedRig } from '../../gateway/followedRig.ts';
import { StoreError } from '../../ports/store.ts';
import { systemClock } from '../../system/clock.ts';
import type { Mend } from '../town.ts';
import type { OpenRig } from './openRig.ts';

/** How a rig's place in this window stands. */
export type Standing =
  /** This window does the work. */
  | { readonly kind: 'owned'; readonly rig: OpenRig; readonly control: Control; readonly mend: null }
  /** Another window does, and takes this one's commands. */
  | { readonly kind: 'followed'; readonly control: Control; readonly mend: null }
  /** It can be looked at. */
  | { readonly kind: 'seen'; readonly control: Control; readonly mend: Mend | null }
  | { readonly kind: 'closed'; readonly problem: string; readonly mend: Mend | null };

/** What a place is made of; each way in may throw, and says then why. */
export interface RigPlaceParts {
  /** Opens the rig as its owner. Throws StoreError `owned_elsewhere` as long as it is another's. */
  own(): Promise<OpenRig>;
  /** Follows the window that owns it. */
  follow(): Promise<FollowedRig>;
  /** Opens what can be read of a damaged memory. */
  see(damage: StoreError): Promise<{ readonly control: Control; readonly close: () => Promise<void> }>;
  mend(mend: Mend): Promise<void>;
  /** Whether the rig is another's yet. */
  taken(): Promise<boolean>;
  problemOf(error: unknown): string;
  changed(): void;
  failed(error: unknown): void;
}

/** How often to look whether a rig that is another window's is free. */
const lookEveryMs = 500;
const looksBeforeFollowing = 3;
/** How long to leave a memory alone that could not be written, at first and at most. */
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * One repository in this window, from the first look to the last: owned, followed while another window owns it and
 * taken over when that one is gone, opened anew after its memory could not be written, or shown with what is wrong.
 */
export class RigPlace {
  readonly #parts: RigPlaceParts;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  #standing: Standing | null = null;
  #settled = Promise.withResolvers<Standing>();
  #wake: AbortController = new AbortController();
  #pauseMs = firstPauseMs;

  constructor(parts: RigPlaceParts) {
    this.#parts = parts;
    this.#ended = this.#live();
  }

  /** Null until the first look is through. */
  get standing(): Standing | null {
    return this.#standing;
  }

  /** Tries again at once when the rig is not open, and resolves with how it stands then. */
  async open(): Promise<Standing> {
    if (this.#standing?.kind === 'closed' || this.#standing?.kind === 'seen') {
      this.#settled = Promise.withResolvers();
      this.#wake.abort();
    }
    return this.#settled.promise;
  }

  async mend(): Promise<void> {
    const mend = this.#standing?.mend ?? null;
    if (mend === null) return;
    await this.#parts.mend(mend);
    await this.open();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#ended;
  }

  async #live(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#wake = new AbortController();
      try {
        await this.#own();
      } catch (error) {
        if (this.#isClosing()) return;
        const trouble = isReason(error, 'owned_elsewhere') ? await this.#follow(error) : error;
        if (trouble !== null) await this.#stand(trouble);
      }
    }
  }

  /** Until it is closed, taken by another window, or cannot be written any more. */
  async #own(): Promise<void> {
    const rig = await this.#parts.own();
    const { foreman } = rig;
    const broken = new Promise<void>((resolve) => {
      const look = (): void => {
        this.#parts.changed();
        if (foreman.readOnly !== null) resolve();
      };
      foreman.onChange(look);
    });
    this.#put({ kind: 'owned', rig, control: foreman, mend: null });
    const began = systemClock.now();
    try {
      await Promise.race([broken, aborted(this.#closing.signal)]);
      // Shown as it is for a while, so that a disk that stays full is not read again and again.
      if (!this.#closing.signal.aborted && foreman.readOnly?.code !== 'taken_over') {
        if (systemClock.now() - began > longestPauseMs) this.#pauseMs = firstPauseMs;
        await this.#rest(this.#pauseMs);
        this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
      }
    } finally {
      await rig.close();
    }
  }

  /** Until the rig is free; returns what kept it from being looked at. */
  async #follow(owned: unknown): Promise<unknown> {
    let followed: FollowedRig | null = null;
    let lost = new AbortController();
    try {
      for (let look = 1; !this.#closing.signal.aborted && (await this.#parts.taken()); look += 1) {
        // A host that reloads is gone in a moment, and its successor in this window has nobody to follow.
        if (look > looksBeforeFollowing) followed ??= await this.#tryFollowing(owned, lost);
        await this.#rest(lookEveryMs);
        if (lost.signal.aborted) {
          lost = new AbortController();
          followed = null;
        }
      }
      return null;
    } catch (error) {
      return error;
    } finally {
      followed?.close();
    }
  }

  async #tryFollowing(owned: unknown, lost: AbortController): Promise<FollowedRig | null> {
    try {
      const followed = await this.#parts.follow();
      followed.onChange(() => {
        this.#parts.changed();
      });
      followed.onLost(() => {
        lost.abort();
      });
      this.#put({ kind: 'followed', control: followed, mend: null });
      return followed;
    } catch (error) {
      // The owner may just be leaving, or coming; what it looked like before stays until then.
      if (this.#standing === null || this.#standing.kind !== 'followed') {
        this.#parts.failed(error);
        this.#put({ kind: 'closed', problem: this.#parts.problemOf(owned), mend: null });
      }
      return null;
    }
  }

  /** Shows what is wrong until a person says to try again. */
  async #stand(error: unknown): Promise<void> {
    this.#parts.failed(error);
    const seen = isReason(error, 'damaged') ? await this.#see(error) : null;
    if (seen === null) {
      const mend = isReason(error, 'pointer_leads_nowhere') ? 'startAfresh' : null;
      this.#put({ kind: 'closed', problem: this.#parts.problemOf(error), mend });
    }
    await aborted(this.#wake.signal);
    await seen?.close();
  }

  async #see(damage: StoreError): Promise<{ readonly close: () => Promise<void> } | null> {
    try {
      const { control, close } = await this.#parts.see(damage);
      this.#put({ kind: 'seen', control, mend: 'goOnFromLastGood' });
      return { close };
    } catch (error) {
      this.#parts.failed(new Error('Nothing of it could be shown.', { cause: [damage, error] }));
      return null;
    }
  }

  /** A call, because the compiler takes an earlier look at the signal for the last word. */
  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #put(standing: Standing): void {
    this.#standing = standing;
    this.#settled.resolve(standing);
    this.#parts.changed();
  }

  async #rest(ms: number): Promise<void> {
    const signal = AbortSignal.any([this.#closing.signal, this.#wake.signal]);
    await systemClock.sleep(ms, signal).catch(() => undefined);
  }
}

function isReason(error: unknown, wanted: StoreError['reason']): error is StoreError {
  return error instanceof StoreError && error.reason === wanted;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
