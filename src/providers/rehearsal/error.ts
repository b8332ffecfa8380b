/** The rehearsal cannot play; the message says why and what to do, in words a person can use. */
export class RehearsalError extends Error {
  readonly reason:
    'playbook_unknown' | 'playbook_unreadable' | 'playbook_invalid' | 'not_started' | 'sample_exists';

  constructor(reason: RehearsalError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RehearsalError';
    this.reason = reason;
  }
}
