/** A date, a duration or a rule that could not be understood. Its message is meant for the person who wrote it. */
export class AlmanacError extends Error {
  constructor(message) {
    super(message);
    this.name = 'AlmanacError';
  }
}
