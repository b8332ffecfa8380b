/** A tool did not do what the model asked; `message` tells the model why, and what to do instead. */
export class ToolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ToolError';
  }
}
