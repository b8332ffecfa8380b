import type { Files } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';
import { StoreError } from '../ports/store.ts';
import { bytesIfThere } from '../system/readIfThere.ts';
import { realFiles } from '../system/realFiles.ts';
import { realHost } from '../system/realHost.ts';
import { existingHome } from './home.ts';
import { hasLetGo } from './letGo.ts';
import { epochsAmong, ownerFile } from './ownerFiles.ts';
import { graceMs, silenceMs } from './patience.ts';
import type { Place } from './place.ts';
import { unreadable } from './problems.ts';
import { type OwnerRecord, ownerSchema, readRecord } from './records.ts';

/** What a look at a rig's owner says. */
export type Look =
  | { readonly kind: 'free' }
  /** `mayBeGone`: it cannot be seen from here, and its counter has not stood still for long enough. */
  | { readonly kind: 'owned'; readonly pid: number; readonly mayBeGone: boolean }
  /** It is gone, and agents lived in its window, which may be coming back. */
  | { readonly kind: 'leaving'; readonly pid: number; readonly freeInMs: number };

/** A look, and the claim that it was made at; null when there is none. */
export interface Sight {
  readonly look: Look;
  readonly epoch: number | null;
}

export interface WatchOptions {
  readonly commonDir: string;
  /** Key of the own window, the same over its reloads. */
  readonly window?: string;
  readonly host?: Host;
  readonly files?: Files;
}

type Life = Awaited<ReturnType<Host['isAlive']>>;

/** What one owner was seen to do, on the observer's own clock. */
interface Observed {
  readonly path: string;
  pulse: number;
  /** When its counter was last seen to move. */
  movedAt: number;
  goneSince: number | null;
}

/**
 * Tells when a rig is free, for a window that keeps it and looks from time to time: what takes 20 or 60 seconds is
 * counted between its looks, on a clock that nobody sets.
 */
export class OwnerWatch {
  readonly #options: WatchOptions;
  readonly #host: Host;
  readonly #files: Files;
  readonly #window: string;
  #observed: Observed | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#host = options.host ?? realHost;
    this.#files = options.files ?? realFiles;
    this.#window = options.window ?? '';
  }

  /** Throws StoreError. */
  async look(): Promise<Look> {
    const home = await existingHome(this.#options.commonDir, this.#files);
    // A repository without a state of its own has no owner.
    if (home.kind !== 'own') return { kind: 'free' };
    return (await this.sight(home.folder)).look;
  }

  /** The look at a state folder that is known already. Throws StoreError. */
  async sight(folder: string): Promise<Sight> {
    const place = { files: this.#files, folder };
    for (;;) {
      const epoch = epochsAmong(await listed(place), 'owner').at(-1);
      if (epoch === undefined) return { look: { kind: 'free' }, epoch: null };
      const path = ownerFile(place, 'owner', epoch);
      const record = await readRecord(this.#files, path, ownerSchema);
      // A successor just removed it.
      if (record !== null) return { look: await this.#judge(place, epoch, path, record), epoch };
    }
  }

  async #judge(place: Place, epoch: number, path: string, owner: OwnerRecord): Promise<Look> {
    if (this.#observed?.path !== path) {
      this.#observed = { path, pulse: -1, movedAt: this.#host.monotonic(), goneSince: null };
    }
    const observed = this.#observed;
    const { pid } = owner;
    const life = await this.#life(place, epoch, owner, observed);
    if (life !== 'dead') {
      observed.goneSince = null;
      return { kind: 'owned', pid, mayBeGone: life === 'unknown' };
    }
    observed.goneSince ??= this.#host.monotonic();
    const hosted = this.#files.stands(ownerFile(place, 'hosting', epoch));
    const sameWindow = this.#window !== '' && owner.window === this.#window;
    const freeInMs = observed.goneSince + graceMs - this.#host.monotonic();
    return hosted && !sameWindow && freeInMs > 0 ? { kind: 'leaving', pid, freeInMs } : { kind: 'free' };
  }

  async #life(place: Place, epoch: number, owner: OwnerRecord, observed: Observed): Promise<Life> {
    if (owner.released || this.#files.stands(ownerFile(place, 'released', epoch))) return 'dead';
    if (hasLetGo(this.#host, observed.path, owner)) return 'dead';
    const life = await this.#host.isAlive(owner);
    // The first Rigs had no counter: that one's silence says nothing.
    if (life !== 'unknown' || owner.schema === 1) return life;
    return (await this.#isSilent(ownerFile(place, 'pulse', epoch), observed)) ? 'dead' : 'unknown';
  }

  async #isSilent(pulseFile: string, observed: Observed): Promise<boolean> {
    const bytes = await bytesIfThere(pulseFile, this.#files).catch((error: unknown) => {
      throw unreadable(pulseFile, error);
    });
    const pulse = bytes?.length ?? 0;
    const now = this.#host.monotonic();
    if (pulse !== observed.pulse) Object.assign(observed, { pulse, movedAt: now });
    return now - observed.movedAt >= silenceMs;
  }
}

async function listed({ files, folder }: Place): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    throw error instanceof StoreError ? error : unreadable(folder, error);
  }
}
