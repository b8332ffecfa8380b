import { DoorError } from '../gateway/doorError.ts';
import type { FuelTold } from '../ports/desk.ts';
import { ModelError, type ModelErrorReason, type Models } from '../ports/models.ts';
import { type Reading, gaugeKey } from '../town/tank.ts';
import type { ForemansDoor } from './foremansDoor.ts';

type Kind = NonNullable<FuelTold['trouble']>['kind'];

/** What is the request's own says nothing of the account. */
const troubles: Readonly<Partial<Record<ModelErrorReason, Kind>>> = {
  limit: 'limit',
  overloaded: 'overloaded',
  auth: 'auth',
  credit: 'credit',
  connection: 'failed',
  protocol: 'failed',
};
const longestDetail = 2_000;

/** Tells the foreman what the model says of its account, beside the work, which waits for none of it. */
export class FuelTeller {
  readonly #door: Pick<ForemansDoor, 'ask'>;
  readonly #signal: AbortSignal;
  /** Newer ones replace older ones that nobody has heard yet. */
  readonly #readings = new Map<string, Reading>();
  #trouble: FuelTold['trouble'] = null;
  #telling: Promise<void> | null = null;

  constructor(door: Pick<ForemansDoor, 'ask'>, signal: AbortSignal) {
    this.#door = door;
    this.#signal = signal;
  }

  read(readings: readonly Reading[]): void {
    for (const one of readings) this.#readings.set(gaugeKey(one.gauge, one.model), one);
    this.#go();
  }

  /** Models whose last word, when it is a refusal, is told as well, and that they were asked to slow down. */
  over(models: Models): Models {
    return {
      complete: async (request, options) => {
        const onRestart = (why: ModelError): void => {
          if (why.reason === 'overloaded') this.#troubled('throttled', why);
          options.onRestart?.(why);
        };
        try {
          return await models.complete(request, { ...options, onRestart });
        } catch (error) {
          const kind = ModelError.is(error) ? troubles[error.reason] : undefined;
          if (ModelError.is(error) && kind !== undefined) this.#troubled(kind, error);
          throw error;
        }
      },
    };
  }

  /** Once everything was told, or nobody listens. */
  async settled(): Promise<void> {
    await this.#telling;
  }

  #troubled(kind: Kind, { message, retryAt }: ModelError): void {
    this.#trouble = { kind, until: retryAt, detail: message.slice(0, longestDetail) };
    this.#go();
  }

  #go(): void {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
    });
  }

  async #tellAll(): Promise<void> {
    while (this.#readings.size > 0 || this.#trouble !== null) {
      const told = { readings: [...this.#readings.values()], trouble: this.#trouble };
      this.#readings.clear();
      this.#trouble = null;
      await this.#tell(told);
    }
  }

  async #tell(told: FuelTold): Promise<void> {
    try {
      await this.#door.ask('fuel', { ...told, readings: [...told.readings] });
    } catch (error) {
      // A window that is away, or a session that is over: the next answer says it anew, and the exit code says the rest.
      if (!(error instanceof DoorError) && !this.#signal.aborted) throw error;
    }
  }
}
