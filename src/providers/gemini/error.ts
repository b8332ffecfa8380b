/** Gemini CLI cannot be started so that it works for Rigs; the message says why. */
export class GeminiError extends Error {
  readonly reason: 'hooks_off' | 'distrusted' | 'settings';

  constructor(reason: GeminiError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GeminiError';
    this.reason = reason;
  }
}
