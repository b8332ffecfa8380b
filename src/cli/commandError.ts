/** Exit codes of `rigs`; `help` and README say what they mean. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  usage: 2,
  no_owner: 3,
  not_found: 4,
  interrupted: 130,
} as const;

export type CommandFailure = Exclude<keyof typeof exitCodes, 'ok'>;

/** Why a command did not do what was asked; the message also says what to do next. */
export class CommandError extends Error {
  readonly reason: CommandFailure;

  constructor(reason: CommandFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.reason = reason;
  }

  static is(error: unknown, reason?: CommandFailure): error is CommandError {
    return error instanceof CommandError && (reason === undefined || error.reason === reason);
  }
}

export function refused(message: string): CommandError {
  return new CommandError('refused', message);
}

export function misused(message: string): CommandError {
  return new CommandError('usage', message);
}

export function notFound(message: string): CommandError {
  return new CommandError('not_found', message);
}
