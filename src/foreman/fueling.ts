import { AccountError } from '../ports/account.ts';
import type { FuelAccount } from '../ports/fuel.ts';
import type { TankNews } from '../town/fuel.ts';
import type { RigState, TownEvent } from '../town/state.ts';
import { tankNews } from './tankNews.ts';

interface FuelingParts {
  readonly account: Pick<FuelAccount, 'tell'>;
  readonly rig: string;
  /** Told when the account could not be told; what was to be said is kept. */
  failed(error: AccountError): void;
}

/** What an account that cannot be written is told later; older news of it is worth less than newer. */
const kept = 500;

/** Tells the person's account what this rig's agents draw and what their vendors say, without anybody waiting for it. */
export class Fueling {
  readonly #parts: FuelingParts;
  readonly #requests = new Map<string, number>();
  #news: readonly TankNews[] = [];
  #telling: Promise<void> | null = null;

  constructor(parts: FuelingParts) {
    this.#parts = parts;
  }

  /** To be called with each event once it is on disk. */
  happened(before: RigState, after: RigState, event: TownEvent): void {
    this.tell(tankNews({ rig: this.#parts.rig, before, after, event, requests: this.#requestsAt(event) }));
  }

  tell(news: readonly TankNews[]): void {
    if (news.length === 0) return;
    this.#news = [...this.#news, ...news].slice(-kept);
    this.again();
  }

  /** Says again what could not be said. */
  again(): void {
    if (this.#news.length === 0) return;
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
    });
  }

  /** Resolves when nothing is being told any more. */
  async ended(): Promise<void> {
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    while (this.#news.length > 0) {
      const news = this.#news;
      this.#news = [];
      try {
        await this.#parts.account.tell(news);
      } catch (error) {
        if (!(error instanceof AccountError)) throw error;
        this.#news = [...news, ...this.#news].slice(-kept);
        this.#parts.failed(error);
        return;
      }
    }
  }

  /** An agent's usage is told after each answer of its model. */
  #requestsAt(event: TownEvent): number {
    if (event.type !== 'bead.usage') return 0;
    const key = `${event.bead} ${String(event.token)}`;
    const requests = (this.#requests.get(key) ?? 0) + 1;
    this.#requests.set(key, requests);
    return requests;
  }
}
