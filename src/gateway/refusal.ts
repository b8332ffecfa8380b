/** Why the door does not answer a request; sent as a `failure` body. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  /** When asking again makes sense; null when it does not. */
  readonly retryAfterMs: number | null;

  constructor(reason: RefusalReason, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  get status(): number {
    return statuses[this.reason];
  }
}

/** The first four are a desk's own reasons (`DeskError`). */
export const statuses = {
  late: 409,
  unknown: 404,
  unavailable: 503,
  invalid: 422,
  unauthorized: 401,
  forbidden: 403,
  no_such_verb: 404,
  other_version: 400,
  too_often: 429,
  not_json: 415,
  too_large: 413,
  failed: 500,
} as const;
export type RefusalReason = keyof typeof statuses;
