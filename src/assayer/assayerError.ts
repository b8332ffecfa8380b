import type { Usage } from '../town/bead.ts';

/**
 * `empty`: the model answered nothing · `garbage`: twice nothing that can be used · `too_long`: it ran into its output
 * limit · `timed_out` · `cancelled` · `model`: it could not be reached (`cause` says why).
 */
export type AssayerErrorReason = 'empty' | 'garbage' | 'too_long' | 'timed_out' | 'cancelled' | 'model';

const noUsage: Usage = { input: 0, cachedInput: 0, output: 0 };

/** Nothing usable came of asking a model; nothing was kept or changed. */
export class AssayerError extends Error {
  readonly reason: AssayerErrorReason;
  /** The model's last words, harmless and cut, for the log; empty when it said none. */
  readonly answer: string;
  /** What was spent all the same, and in how many calls. */
  readonly usage: Usage;
  readonly requests: number;

  constructor(
    reason: AssayerErrorReason,
    message: string,
    said: { readonly answer?: string; readonly usage?: Usage; readonly requests?: number } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AssayerError';
    this.reason = reason;
    this.answer = said.answer ?? '';
    this.usage = said.usage ?? noUsage;
    this.requests = said.requests ?? 0;
  }

  static is(error: unknown, reason?: AssayerErrorReason): error is AssayerError {
    return error instanceof AssayerError && (reason === undefined || error.reason === reason);
  }
}
