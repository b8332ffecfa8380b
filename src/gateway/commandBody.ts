import { Refusal } from './refusal.ts';

/**
 * The body of `POST /v1/run`: `<count>\n`, then for each argument and at last for the folder it was called in
 * `<bytes>\n<the bytes>\n`; all the rest is stdin. Counted rather than quoted, because a POSIX shell without a program
 * at hand can count and not quote.
 */
export interface CommandBody {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdin: string;
}

/** What a shell hands over may have many words; a command has few. */
const mostArguments = 10_000;
const lineEnd = 0x0a;

export function packCommand({ argv, cwd, stdin }: CommandBody): string {
  const counted = [...argv, cwd].map((one) => `${String(Buffer.byteLength(one))}\n${one}\n`);
  return `${String(argv.length)}\n${counted.join('')}${stdin}`;
}

/** Throws Refusal `invalid`. */
export function unpackCommand(bytes: Buffer): CommandBody {
  const reader = new Reader(bytes);
  const count = reader.number();
  if (count > mostArguments) throw invalid();
  const argv = Array.from({ length: count }, () => reader.text());
  const cwd = reader.text();
  return { argv, cwd, stdin: reader.rest() };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(): number {
    const end = this.#bytes.indexOf(lineEnd, this.#at);
    const digits = end < 0 ? '' : this.#bytes.toString('latin1', this.#at, end);
    if (!/^\d{1,9}$/.test(digits)) throw invalid();
    this.#at = end + 1;
    return Number(digits);
  }

  text(): string {
    const end = this.number() + this.#at;
    if (this.#bytes[end] !== lineEnd) throw invalid();
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  rest(): string {
    return this.#bytes.toString('utf8', this.#at);
  }
}

function invalid(): Refusal {
  return new Refusal('invalid', 'The body is no command line.');
}
