/**
 * `empty`: the model answered nothing · `garbage`: twice nothing that is a plan · `too_long`: it ran into its
 * output limit · `timed_out` · `cancelled` by the person · `model`: it could not be reached (`cause` says why).
 */
export type PlannerErrorReason = 'empty' | 'garbage' | 'too_long' | 'timed_out' | 'cancelled' | 'model';

/** No plan came of a goal; nothing was kept or changed. */
export class PlannerError extends Error {
  readonly reason: PlannerErrorReason;
  /** The model's last words, harmless and cut, for the log; empty when it said none. */
  readonly answer: string;

  constructor(reason: PlannerErrorReason, message: string, answer = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'PlannerError';
    this.reason = reason;
    this.answer = answer;
  }

  static is(error: unknown, reason?: PlannerErrorReason): error is PlannerError {
    return error instanceof PlannerError && (reason === undefined || error.reason === reason);
  }
}
