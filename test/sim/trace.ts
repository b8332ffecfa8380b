import { crc32 } from 'node:zlib';

/** What happened, line by line, for people and for telling two runs apart. */
export class Trace {
  readonly #lines: string[] = [];

  say(step: number, now: number, who: string, what: string): void {
    this.#lines.push(
      `${String(step).padStart(4)} ${((now % 86_400_000) / 1000 - 32_400).toFixed(3).padStart(9)}s ${who.padEnd(10)} ${what}`,
    );
  }

  note(what: string): void {
    this.#lines.push(what);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  hash(): number {
    return crc32(this.#lines.join('\n'));
  }
}
