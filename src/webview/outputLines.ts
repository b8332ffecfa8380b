import { plainText } from '../vscode/messages/plainText.ts';
import { type AnsiStyle, ansiClasses, ansiLine, noStyle } from './ansi.ts';
import { element } from './dom.ts';

/** What is kept in the page; a person who wants more opens the file. */
const mostLines = 5_000;
const mostCharacters = 1_000_000;
/** Of one line; what is longer is nothing that anybody reads. */
const mostInLine = 4_000;

/** The lines of an output, as text and nothing else; the last may still grow. */
export class OutputLines {
  readonly root = element('div', { class: 'lines' });
  /** The beginning is not shown. */
  cut = false;
  private open = '';
  private style: AnsiStyle = noStyle;
  private last: HTMLElement | null = null;
  private characters = 0;

  clear(): void {
    this.root.replaceChildren();
    this.cut = false;
    this.open = '';
    this.style = noStyle;
    this.last = null;
    this.characters = 0;
  }

  add(text: string): void {
    const lines = `${this.open}${text}`.split('\n');
    this.open = lines.pop() ?? '';
    if (lines.length > mostLines) this.cut = true;
    for (const line of lines.slice(-mostLines)) {
      this.style = this.draw(line);
      this.last = null;
    }
    // A line that never ends is read again with each piece of it, so it must not grow for ever.
    if (this.open.length > mostInLine) this.open = this.open.slice(-mostInLine);
    if (this.open !== '') this.draw(this.open);
    this.dropFirst();
  }

  /** The last line, which grows or is a new one. */
  private draw(text: string): AnsiStyle {
    const { pieces, style } = ansiLine(text.slice(0, mostInLine), this.style);
    const line = this.last ?? element('div', { class: 'out' });
    if (this.last === null) this.root.append(line);
    this.characters -= line.textContent.length;
    line.replaceChildren(
      ...pieces.map((piece) => {
        const classes = ansiClasses(piece.style);
        const shown = plainText(piece.text.replaceAll('\t', '    '), mostInLine);
        return classes === '' ? document.createTextNode(shown) : element('span', { class: classes }, shown);
      }),
    );
    this.characters += line.textContent.length;
    this.last = line;
    return style;
  }

  private dropFirst(): void {
    let count = this.root.childElementCount;
    while (count > mostLines || (count > 1 && this.characters > mostCharacters)) {
      const first = this.root.firstElementChild;
      if (first === null) return;
      this.characters -= first.textContent.length;
      first.remove();
      this.cut = true;
      count -= 1;
    }
  }
}
