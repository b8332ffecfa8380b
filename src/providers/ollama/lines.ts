import { ModelError } from '../../ports/models.ts';
import { dataOf, recordOf } from '../said.ts';

/** An error inside a stream that had begun well, in the shape in which SDKs throw theirs. */
class StreamError extends Error {
  readonly status = null;
  readonly error: unknown;

  constructor(body: unknown) {
    super('The stream carries an error.');
    this.name = 'StreamError';
    this.error = body;
  }
}

/** Values of a body with one JSON a line. Throws `ModelError` `protocol`, and what the stream says of a failure. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield read(line);
  }
  if (rest.trim() !== '') yield read(rest);
}

function read(line: string): unknown {
  const value = dataOf(line);
  if (typeof value === 'string')
    throw new ModelError('protocol', 'The model answered something that is not its protocol.');
  if ('error' in recordOf(value)) throw new StreamError(value);
  return value;
}
