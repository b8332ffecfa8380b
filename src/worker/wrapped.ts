/* eslint-disable no-control-regex -- sequences of control characters are this file's subject */
import { plainLines } from '../words/plain.ts';

/** Terminal sequences reach us in pieces; one that is not closed yet waits, but not for ever. */
const unfinished = /[\u001b\u009b\u009d][^\u001b\u009b\u009d]{0,200}$/;
/** The same with its end: CSI by a letter or sign, OSC by BEL or ST. */
const finished =
  /^(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|^(?:\u001b\]|\u009d)[^\u0007\u009c]*[\u0007\u009c]|^\u001b[^[\]]/;

/** Writes text that arrives in pieces, wrapped at words and indented, as plain text. */
export class Wrapped {
  readonly #write: (text: string) => void;
  readonly #indent: string;
  readonly #width: number;
  #held = '';
  #word = '';
  #column = 0;
  #gap = '';

  constructor(write: (text: string) => void, indent: string, width: number) {
    this.#write = write;
    this.#indent = indent;
    this.#width = width;
  }

  push(piece: string): void {
    const text = this.#held + piece;
    const open = unfinished.exec(text);
    const whole = open === null || finished.test(open[0]) ? text : text.slice(0, open.index);
    this.#held = text.slice(whole.length);
    this.#out(whole);
  }

  /** Writes what is left and ends the line. */
  end(): void {
    this.#out(this.#held);
    this.#held = '';
    this.#flush();
    if (this.#column > 0) this.#write('\n');
    this.#column = 0;
  }

  #out(text: string): void {
    for (const part of plainLines(text).split(/(\n|[ \t]+)/)) {
      if (part === '\n') this.#newLine();
      else if (/^[ \t]/.test(part)) {
        this.#flush();
        this.#gap += part.replaceAll('\t', '  ');
      } else this.#word += part;
    }
  }

  #newLine(): void {
    this.#flush();
    this.#write('\n');
    this.#column = 0;
    this.#gap = '';
  }

  #flush(): void {
    if (this.#word === '') return;
    const length = Array.from(this.#word).length;
    if (this.#column > 0 && this.#column + this.#gap.length + length > this.#width) {
      this.#write('\n');
      this.#column = 0;
      this.#gap = '';
    }
    const before = (this.#column === 0 ? this.#indent : '') + this.#gap;
    this.#write(before + this.#word);
    this.#column += before.length + length;
    this.#word = '';
    this.#gap = '';
  }
}
