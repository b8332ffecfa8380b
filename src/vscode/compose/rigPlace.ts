import type { Control } from '../../foreman/control.ts';
import { isFence } from '../../foreman/failure.ts';
import type { FollowedRig } from '../../gateway/followedRig.ts';
import { AccountError } from '../../ports/account.ts';
import type { Clock } from '../../ports/clock.ts';
import { GitError } from '../../ports/git.ts';
import { StoreError, type StoreErrorReason } from '../../ports/store.ts';
import { codeOf } from '../../system/errorCode.ts';
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
  readonly own: () => Promise<OpenRig>;
  /** Follows the window that owns it. */
  readonly follow: () => Promise<FollowedRig>;
  /** Opens what can be read of a damaged memory. */
  readonly see: (
    damage: StoreError,
  ) => Promise<{ readonly control: Control; readonly close: () => Promise<void> }>;
  readonly mend: (mend: Mend) => Promise<void>;
  /** Whether the rig is another's yet. */
  readonly taken: () => Promise<boolean>;
  readonly clock: Clock;
  readonly problemOf: (error: unknown) => string;
  readonly changed: () => void;
  readonly failed: (error: unknown) => void;
}

/** How often to look whether a rig that is another window's is free. */
const lookEveryMs = 500;
const looksBeforeFollowing = 3;
/** How long to leave a memory alone that could not be opened or written, at first and at most. */
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
  /** Who waits for the next standing. */
  #asked: PromiseWithResolvers<Standing> | null = null;
  /** Cuts the present rest short. */
  #wake = new AbortController();
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
  open(): Promise<Standing> {
    const standing = this.#standing;
    if (standing?.kind === 'owned' || standing?.kind === 'followed') return Promise.resolve(standing);
    this.#asked ??= Promise.withResolvers();
    this.#wake.abort();
    return this.#asked.promise;
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
    this.#asked?.resolve({ kind: 'closed', problem: '', mend: null });
  }

  async #live(): Promise<void> {
    while (!this.#isClosing()) {
      try {
        await this.#own();
      } catch (error) {
        if (this.#isClosing()) return;
        const trouble = isTaken(error) ? await this.#follow(error) : error;
        if (trouble !== null) await this.#stand(trouble);
      }
    }
  }

  /** Until it is closed, taken by another window, or cannot be written any more. Throws when it cannot be opened. */
  async #own(): Promise<void> {
    const { clock, changed, failed } = this.#parts;
    const rig = await this.#parts.own();
    const { foreman } = rig;
    const broken = new Promise<void>((resolve) => {
      const look = (): void => {
        changed();
        if (foreman.readOnly !== null) resolve();
      };
      foreman.onChange(look);
      // It may have broken down while it was being opened, when nobody listened yet.
      look();
    });
    this.#put({ kind: 'owned', rig, control: foreman, mend: null });
    const began = clock.now();
    await Promise.race([broken, aborted(this.#closing.signal)]);
    // Shown as it is for a while, so that a disk that stays full is not read again and again.
    if (!this.#isClosing() && foreman.readOnly?.code !== 'taken_over') {
      if (clock.now() - began > longestPauseMs) this.#pauseMs = firstPauseMs;
      await this.#pause();
    }
    await rig.close().catch(failed);
  }

  /** Until the rig is free; returns what kept it from being looked at. */
  async #follow(owned: unknown): Promise<unknown> {
    const following: { now: FollowedRig | null } = { now: null };
    try {
      for (let look = 1; !this.#isClosing() && (await this.#parts.taken()); look += 1) {
        // A host that reloads is gone in a moment, and its successor in this window has nobody to follow.
        if (look > looksBeforeFollowing && following.now === null) await this.#tryFollowing(owned, following);
        await this.#rest(lookEveryMs);
      }
      return null;
    } catch (error) {
      return error;
    } finally {
      following.now?.close();
    }
  }

  async #tryFollowing(owned: unknown, following: { now: FollowedRig | null }): Promise<void> {
    const { changed, failed, problemOf } = this.#parts;
    try {
      const followed = await this.#parts.follow();
      following.now = followed;
      followed.onChange(changed);
      followed.onLost(() => {
        if (following.now === followed) following.now = null;
      });
      this.#put({ kind: 'followed', control: followed, mend: null });
    } catch (error) {
      failed(error);
      // The owner may just be leaving, or coming; what it looked like before stays until then.
      if (this.#standing?.kind !== 'followed')
        this.#put({ kind: 'closed', problem: problemOf(owned), mend: null });
    }
  }

  /** Shows what is wrong until a person says to try again, or for a while when it may pass by itself. */
  async #stand(error: unknown): Promise<void> {
    this.#parts.failed(error);
    const seen = isReason(error, 'damaged') ? await this.#see(error) : null;
    if (seen === null) {
      const mend = isReason(error, 'pointer_leads_nowhere') ? 'startAfresh' : null;
      this.#put({ kind: 'closed', problem: this.#parts.problemOf(error), mend });
    }
    if (mayPass(error)) await this.#pause();
    else await this.#rest(null);
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
    this.#asked?.resolve(standing);
    this.#asked = null;
    this.#parts.changed();
  }

  /** Longer each time in a row. */
  async #pause(): Promise<void> {
    await this.#rest(this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }

  /** Until the time is over, somebody asks, or it is closed. Null: without an end. */
  async #rest(ms: number | null): Promise<void> {
    // Asked between the last standing and now.
    if (this.#asked !== null) return;
    this.#wake = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, this.#wake.signal]);
    if (ms === null) await aborted(signal);
    else await this.#parts.clock.sleep(ms, signal).catch(() => undefined);
  }
}

function isReason(error: unknown, wanted: StoreErrorReason): error is StoreError {
  return error instanceof StoreError && error.reason === wanted;
}

/** Another process has the rig, or took it while this one opened it. */
function isTaken(error: unknown): boolean {
  return isReason(error, 'owned_elsewhere') || isFence(error);
}

/** Space may be freed, a lock be given back, a disk come back; everything else waits for a person. */
function mayPass(error: unknown): boolean {
  if (error instanceof StoreError) return error.reason === 'not_writable' || error.reason === 'append_failed';
  if (error instanceof GitError) return error.reason === 'locked';
  return error instanceof AccountError || codeOf(error) !== undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      resolve();
    };
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish, { once: true });
  });
}
