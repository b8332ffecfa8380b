import { plain, plainLines } from '../words/plain.ts';
import type { Usage } from '../town/bead.ts';
import type { Happening } from './transcript.ts';
import { Wrapped } from './wrapped.ts';

export interface ScreenOptions {
  readonly write: (text: string) => void;
  /** Asked whenever a line is drawn; a terminal changes its size. */
  readonly columns: () => number;
  readonly colours: boolean;
}

type Style = 'bold' | 'dim' | 'accent' | 'bad';
/** ECMA-48 "select graphic rendition", in colours that every theme of a terminal defines. */
const codes: Readonly<Record<Style, string>> = { bold: '1', dim: '2', accent: '36', bad: '31' };

const widest = 100;
const narrowest = 30;
const indent = '  ';

/** Draws a session for the person who watches. Whatever a model or a file says reaches the terminal as plain text. */
export class Screen {
  readonly #options: ScreenOptions;
  #text: Wrapped | null = null;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** A piece of the model's text, as it arrives. */
  piece(text: string): void {
    this.#text ??= new Wrapped(this.#options.write, indent, this.#width());
    this.#text.push(text);
  }

  show(happening: Happening): void {
    // Its pieces were drawn as they came.
    const streamed = this.#text !== null;
    this.#text?.end();
    this.#text = null;
    if (happening.kind === 'text' && streamed) return;
    for (const line of this.#lines(happening)) this.#options.write(`${line}\n`);
  }

  #lines(happening: Happening): readonly string[] {
    switch (happening.kind) {
      case 'begin':
        return this.#header(happening);
      case 'step':
        return ['', this.#style('dim', this.#rule(String(happening.number)))];
      case 'text':
        return plainLines(happening.text)
          .split('\n')
          .map((line) => indent + line);
      case 'tool':
        return [this.#style('accent', this.#clip(`> ${happening.name} ${plain(happening.about, 2_000)}`))];
      case 'result':
        return happening.lines.map((line) =>
          this.#style(happening.ok ? 'dim' : 'bad', this.#clip(`  ${plainLines(line)}`)),
        );
      case 'tokens':
        return [this.#style('dim', this.#clip(tokens(happening)))];
      case 'typed':
        return [this.#style('bold', this.#clip(`you: ${plain(happening.text, 2_000)}`))];
      case 'note':
        return [this.#clip(plain(happening.text, 2_000))];
      case 'end':
        return ['', this.#style('bold', `  ${plain(happening.text, 2_000)}`)];
    }
  }

  #header(begin: Extract<Happening, { kind: 'begin' }>): readonly string[] {
    const { bead, title, agent, provider, model, branch, purpose } = begin;
    const who = `${agent} · ${provider} / ${model} · ${branch} · ${purposes[purpose]}`;
    const lines = [
      this.#style('bold', this.#clip(`${bead}  ${plain(title)}`, '')),
      this.#style('dim', this.#clip(plain(who), '')),
    ];
    if (provider === 'rehearsal') lines.push(this.#style('accent', rehearsal));
    return lines;
  }

  #rule(label: string): string {
    return `── ${label} ${'─'.repeat(Math.max(0, this.#width() - label.length - 4))}`;
  }

  #clip(text: string, before = indent): string {
    const room = this.#width() - before.length;
    const characters = Array.from(text.replaceAll('\t', '  '));
    return (
      before +
      (characters.length <= room ? characters.join('') : `${characters.slice(0, room - 1).join('')}…`)
    );
  }

  #width(): number {
    return Math.max(narrowest, Math.min(this.#options.columns(), widest));
  }

  #style(style: Style, text: string): string {
    return this.#options.colours ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
  }
}

const rehearsal = "REHEARSAL: the model's words are scripted. Files, commands, git and checks are real.";

const purposes: Readonly<Record<Extract<Happening, { kind: 'begin' }>['purpose'], string>> = {
  begin: 'first session',
  resume: 'goes on where it was',
  revise: 'revises',
  remind: 'was reminded',
};

function tokens({ answer, session }: { readonly answer: Usage; readonly session: Usage }): string {
  const cached = answer.cachedInput > 0 ? `, ${grouped(answer.cachedInput)} cached` : '';
  const all = session.input + session.cachedInput + session.output;
  return `tokens: ${grouped(answer.input)} in${cached}, ${grouped(answer.output)} out · ${grouped(all)} this session`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
