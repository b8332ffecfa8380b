/** Exit codes of `rigs`; `help` prints what they mean. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, no_window: 3, no_rig: 4 } as const;

/** Why a command did not do what was asked. */
export class CliError extends Error {
  readonly reason: Exclude<keyof typeof exitCodes, 'ok'>;

  constructor(reason: CliError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.reason = reason;
  }
}
