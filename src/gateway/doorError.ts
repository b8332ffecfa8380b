/**
 * The door gave no answer or refused. `reason` is the door's own (see `refusal.ts`), or `unreachable`,
 * `other_version` when the two cannot understand each other, or `not_kept` (`outbox.ts`); an abort throws the signal's reason instead.
 */
export class DoorError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DoorError';
    this.reason = reason;
  }
}
